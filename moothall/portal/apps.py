"""Where the portal room joins the house."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "moothall.portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hang what stands around the pages of a council's site."""
        from moothall.identity import hooks as identity
        from moothall.look import hooks as look
        from moothall.portal.frames import frame_of, landing_of

        look.frame(frame_of)
        identity.landing(landing_of)
