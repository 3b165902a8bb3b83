"""Where the config room joins the house."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "moothall.config"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hang what every page of the demonstration says of itself."""
        from moothall.config.demo import notice
        from moothall.look import hooks as look

        look.finish(notice.said)
