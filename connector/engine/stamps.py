"""How far an object was read by SystemModstamp, and from where it is read on.

A record is stamped inside its transaction and seen when that is through: what was
stamped a while ago may still come. So what is kept is not the last stamp seen, but
one that nothing can come before any more. It is the CRM's time throughout; our clock
may be wrong.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

LOOK_BACK = timedelta(minutes=10)
"""How long after its stamp a record may still come; no transaction lasts longer."""

PAGE = 2_000
"""Records that one call answers with."""


@dataclass(slots=True, kw_only=True)
class Stamps:
    """The stamps of one reading, in their order.

    ``start``: where it began, None: at the first record there is. ``began``: when it
    began by the CRM's clock, None where that is not known.
    """

    start: datetime | None
    began: datetime | None = None
    _reached: datetime | None = None
    _latest: datetime | None = None
    _last: deque[datetime] = field(default_factory=lambda: deque(maxlen=PAGE + 1))

    def see(self, stamps: Iterable[datetime]) -> None:
        """Note the stamps of records that are settled now."""
        limit = self.began and self.began - LOOK_BACK
        for stamp in stamps:
            self._last.append(stamp)
            self._latest = _later(self._latest, stamp)
            # A record that changed since has a stamp that is not its place.
            if limit and stamp <= limit:
                self._reached = _later(self._reached, stamp)

    def reached(self) -> datetime | None:
        """From where to read on if this reading ends now."""
        return _later(self.start, self._reached)

    def through(self) -> datetime | None:
        """From where to read on when everything was seen.

        It is ten minutes before the last stamp seen, or before the reading began if
        that was earlier. Where more than a page would be read again for it, as after
        a mass import, it is in any case ten minutes before the reading began.
        """
        if self._latest is None:
            return self.start or (self.began and self.began - LOOK_BACK)
        latest = min(self._latest, self.began or self._latest) - LOOK_BACK
        if self.began and self._more_than_a_page_since(latest):
            latest = self.began - LOOK_BACK
        return _later(self.start, latest)

    def _more_than_a_page_since(self, moment: datetime) -> bool:
        return sum(stamp >= moment for stamp in self._last) > PAGE


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    known = [moment for moment in (one, other) if moment]
    return max(known, default=None)
