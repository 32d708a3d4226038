"""What came back over HTTP, and how to read it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from connector.errors import UnavailableError
from connector.transport.jsontext import Json, parsed

_SECONDS = re.compile(r"\d{1,9}(\.\d{1,9})?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer with its whole body. ``headers`` are looked up in lower case."""

    host: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Json:
        """Parse the body; UnavailableError where it is not JSON, or cut."""
        try:
            return parsed(self.body)
        except (ValueError, RecursionError) as error:
            what = self.headers.get("content-type", "something")
            # No cause: the parser's error carries the whole body.
            raise UnavailableError(
                f"{self.host} answered {self.status} with {what[:40]} that is not JSON"
                f" ({type(error).__name__})"
            ) from None

    @property
    def date(self) -> datetime | None:
        """When the other side answered, UTC, by its own clock (RFC 9110, 6.6.1)."""
        return _date(self.headers.get("date", ""))

    @property
    def retry_after(self) -> float | None:
        """Seconds that the other side asks us to wait (RFC 9110, 10.2.3).

        A date counts from the answer's own date; what makes no sense is None.
        """
        given = self.headers.get("retry-after", "").strip()
        if _SECONDS.fullmatch(given):
            return float(given)
        until, now = _date(given), self.date
        if until is None or now is None:
            return None
        return max(0.0, (until - now).total_seconds())


def _date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text).replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
