"""What is asked for, as the document's tables have it, and not too late."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final

from connector.errors import RefusedError
from connector.transport.jsontext import Json
from connector.transport.operation import Values

Reads = Mapping[str, Callable[[Json], Json]]
"""How values are read, by their names."""

START: Final = "startTime"
LATEST: Final = timedelta(hours=1)
TOO_LATE: Final = "startTime over 1h in the past is not allowed"
_DIGITS: Final = frozenset("0123456789")
_OTHER_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {"actionbuttons": "actionButtons"}
)
"""A name as an example prints it, and as the tables and all other examples do."""


def as_documented(operation: str, values: Values) -> Values:
    """Return ``values`` with the names and kinds of ids that ``operation`` takes.

    An id that one of its answers prints as a string, and a request as an int, or the
    other way round, is sent as the request has it.
    """
    return dict(_spelt(values, _READ.get(operation, {})))


def _spelt(values: Values, reads: Reads) -> Iterator[tuple[str, Json]]:
    for name, value in values.items():
        other = _OTHER_NAMES.get(name, name)
        # Given both ways it stays, and is refused: nobody knows which one is meant.
        key = name if other in values else other
        yield key, reads.get(key, _as_it_is)(value)


def _as_it_is(value: Json) -> Json:
    return value


def _number(value: Json) -> Json:
    is_digits = isinstance(value, str) and value and _DIGITS.issuperset(value)
    return int(value) if is_digits and len(value) <= _LONGEST else value


def _with_text_ids(value: Json) -> Json:
    return [_with_text_id(one) for one in value] if isinstance(value, list) else value


def _with_text_id(one: Json) -> Json:
    given = one.get("voiceFileId") if isinstance(one, Mapping) else None
    return {**one, "voiceFileId": str(given)} if type(given) is int else one


_LONGEST: Final = 18
"""Digits of an id; a 64-bit number has no more."""
_READ: Final[Mapping[str, Reads]] = MappingProxyType(
    {
        "create_click_to_call": {"voiceFileId": _number},
        "create_rsvp_call": {"voiceFiles": _with_text_ids},
        "update_rsvp_call": {"voiceFiles": _with_text_ids},
    }
)


def check_start(values: Values, now: datetime) -> None:
    """RefusedError, in the vendor's words, where ``startTime`` (UTC) is too long ago.

    One that is no time is left to its parameter's own rule.
    """
    start = _moment(values.get(START))
    if start and start < now - LATEST:
        raise RefusedError(TOO_LATE, parameter=START)


def _moment(value: Json) -> datetime | None:
    try:
        return datetime.strptime(str(value), "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None
