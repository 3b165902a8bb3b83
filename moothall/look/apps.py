"""Where the look room joins the house."""

from django.apps import AppConfig


class LookConfig(AppConfig):
    name = "moothall.look"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hang the colours of the gallery, which the gallery's own pages ask for."""
        from moothall.look import gallery, hooks

        hooks.themes(gallery.theme)
