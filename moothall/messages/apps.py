"""Where the messages room joins the house."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "moothall.messages"
    label = "moothall_messages"  # Django has an app of its own called messages
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hang permissions, and the fetching of mail."""
        from moothall.councils import hooks as councils
        from moothall.journal import hooks as journal
        from moothall.messages.fetching import post_all
        from moothall.messages.permissions import Can

        councils.permissions(Can)
        journal.every(60, "messages.fetch")(post_all)
