"""Where the workplace room joins the house."""

from django.apps import AppConfig


class WorkplaceConfig(AppConfig):
    name = "moothall.workplace"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Workplace"

    def ready(self) -> None:
        """Hang the staff's menu and the frame of their pages."""
        from moothall.identity import hooks as identity
        from moothall.look import hooks
        from moothall.workplace import menu

        for item in menu.ITEMS:
            hooks.menu(item)
        hooks.frame(menu.frame_of)
        identity.landing(menu.landing_of)
