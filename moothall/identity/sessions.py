"""Sessions in the database, read by one plain statement: it is asked with every page of everybody."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import connection
from django.utils import timezone


class SessionStore(db.SessionStore):
    """Django's own, but for how a session that lasts is looked up."""

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s",
                [self.session_key, now],
            )
            found = cursor.fetchone()
        if found is None or self.session_key is None:
            self._session_key = None
            return None
        session: AbstractBaseSession = self.model(session_key=self.session_key, session_data=found[0])
        return session
