"""Sessions in the database (SESSION_ENGINE): they end with the browser, after an idle time, and at the end of a working day."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import OperationalError
from django.utils import timezone

from jobs.trouble import Trouble, trouble_of

if TYPE_CHECKING:
    from accounts.models import Session

log = logging.getLogger(__name__)

#: Where the sign-in page writes from where somebody signed in.
ADDRESS = "address"
#: That somebody asked for something is written down once in this time at most.
SEEN_EVERY = timedelta(minutes=1)


class SessionStore(DatabaseStore):
    """Django's, on a table that knows whose session it is and when it was last used."""

    begun_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        from accounts.models import Session  # this module is imported before the models are ready

        return Session

    def _get_session_from_db(self) -> Session | None:
        """The row, unless it has ended. That it is used is noted here, so that no page can forget to."""
        now = timezone.now()
        row = self.get_model_class().objects.alive(now).filter(session_key=self.session_key).first()
        if row is None:
            self._session_key = None  # as Django's store does: a new one gets a key that nobody chose
            return None
        self.begun_at = row.begun_at
        if now - row.seen_at > SEEN_EVERY:
            self._note_use(row, now)
        return row

    def _note_use(self, row: Session, now: datetime) -> None:
        try:
            self.get_model_class().objects.filter(pk=row.pk).update(seen_at=now)
        except OperationalError as error:
            # A full disk stops whoever writes; reading goes on.
            if trouble_of(error) not in (Trouble.DISK, Trouble.BUSY):
                raise
            log.warning("the use of a session could not be noted: %s", error)

    def cycle_key(self) -> None:
        """Somebody signs in: the day begins here."""
        self.keys()  # what is stored is read before it gets a new key
        self.begun_at = timezone.now()
        super().cycle_key()

    def flush(self) -> None:
        super().flush()
        self.begun_at = None

    def create_model_instance(self, data: Mapping[str, Any]) -> Session:
        now = timezone.now()
        begun_at = self.begun_at or now
        last = begun_at + timedelta(seconds=settings.SESSION_COOKIE_AGE)
        return self.get_model_class()(
            session_key=self._get_or_create_session_key(),  # type: ignore[attr-defined]  # not in the stubs
            session_data=self.encode(dict(data)),
            expire_date=min(self.get_expiry_date(), last),
            user_id=data.get(SESSION_KEY),
            begun_at=begun_at,
            seen_at=now,
            address=data.get(ADDRESS),
        )
