"""Checks of single values in a mapping file, as pydantic validators.

What they know of the world comes in through the validation context, a `Scope`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError

from connector.mapping.cron import check_cron
from connector.mapping.document import Document
from connector.mapping.durations import parse_duration, parse_hours, parse_since
from connector.mapping.faults import suggest
from connector.mapping.flow import World
from connector.mapping.ranges import parse_numbers
from connector.mapping.record_ids import long_id
from connector.mapping.template import Part, names_in, parse_template
from connector.model import Stream

LATEST = timedelta(hours=1)
"""No request to call is dialled later than that."""

FOUND_BY = ("phone", "email", "id")
_CRM_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}")
_BY_FIELD = re.compile(rf"field {_CRM_NAME.pattern}")
PATH_PATTERN = rf"^{_CRM_NAME.pattern}(\.{_CRM_NAME.pattern})?$"
PATH = re.compile(PATH_PATTERN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What the names in one file may refer to.

    ``system`` and ``stream`` are None where the file names none that exists.
    """

    world: World
    system: str | None
    stream: Stream | None


def scope_of(document: Document, world: World) -> Scope:
    """Return the scope of a file, however wrong the file is."""
    source = document.section("from")
    system, stream = str(source.get("system")), str(source.get("stream"))
    streams = world.streams.get(system)
    return Scope(
        world=world,
        system=None if streams is None else system,
        stream=(streams or {}).get(stream),
    )


def wrong(message: str, hint: str = "") -> PydanticCustomError:
    """Return an error that reaches the administrator in these words."""
    context = {"message": message, "hint": hint}
    return PydanticCustomError("mapping", "{message}", context)


def given(value: object) -> object:
    """Refuse a key that is there without a value."""
    if value is None:
        raise wrong("is empty", "give it a value, or leave it out")
    return value


def _known(kind: str, name: str, names: Iterable[str]) -> str:
    known = tuple(names)
    if name not in known:
        raise wrong(f"unknown {kind} '{name[:80]}'", suggest(name, known))
    return name


def known_system(name: str, info: ValidationInfo) -> str:
    """Accept the name of a system that is there."""
    return _known("system", name, scope_in(info).world.streams)


def known_stream(name: str, info: ValidationInfo) -> str:
    """Accept the name of a stream that the file's system has."""
    scope = scope_in(info)
    if scope.system is None:
        return name
    return _known("stream", name, scope.world.streams[scope.system])


def known_field(name: str, info: ValidationInfo) -> str:
    """Accept the name of a field that the file's stream has."""
    stream = scope_in(info).stream
    if stream is None:
        return name
    return _known("field", name, (each.name for each in stream.fields))


def known_template(text: str, info: ValidationInfo) -> str:
    """Accept a template whose every placeholder is a field of the file's stream."""
    parts = _parts(text)
    stream = scope_in(info).stream
    known = {each.name for each in stream.fields} if stream else set(names_in(parts))
    unknown = [name for name in names_in(parts) if name not in known]
    if unknown:
        fields = ", ".join(f"'{name[:80]}'" for name in unknown)
        raise wrong(f"unknown field {fields}", suggest(unknown[0], known))
    return text


def _parts(text: str) -> tuple[Part, ...]:
    try:
        return parse_template(text)
    except ValueError as error:
        raise wrong(str(error)) from error


def known_dialer(name: str, info: ValidationInfo) -> str:
    """Accept the name of a dialer that is there."""
    return _known("dialer", name, scope_in(info).world.dialers)


def record_path(name: str) -> str:
    """Accept what can be a record's field, or a field of a record that it points to.

    Whether there is one, only the CRM knows.
    """
    if not PATH.fullmatch(name):
        raise wrong(*_no_path(name))
    return name


def record_template(text: str) -> str:
    """Accept a template whose every placeholder can be a field, as a path can."""
    odd = [name for name in names_in(_parts(text)) if not PATH.fullmatch(name)]
    if odd:
        hint = _no_path(odd[0])[1]
        raise wrong("; ".join(_no_path(name)[0] for name in odd), hint)
    return text


def _no_path(name: str) -> tuple[str, str]:
    parts = name.split(".")
    if len(parts) > 2 and all(map(_CRM_NAME.fullmatch, parts)):  # noqa: PLR2004 - a field and its relationship
        message = f"'{name[:80]}' goes over more than one relationship"
        return message, f"one is the most, such as {parts[0]}.{parts[-1]}"
    message = f"'{name[:80]}' cannot be a field"
    return message, "such as Phone, or Who.Phone of the record that WhoId points to"


def known_zone(name: str) -> str:
    """Accept the name of a time zone (IANA)."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        hint = suggest(name, _zones())
        raise wrong(f"unknown time zone '{name[:80]}'", hint) from None
    return name


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def record_id(text: str) -> str:
    """Accept the id of a CRM record; return it with 18 characters."""
    full = long_id(text)
    if full is None:
        hint = "copy the 15 or 18 characters from the record's address in the CRM"
        raise wrong(f"'{text[:80]}' is not the id of a record", hint)
    return full


def found_by(text: str) -> str:
    """Accept what records are looked up by: a word, or ``field`` and a CRM name."""
    if text in FOUND_BY or _BY_FIELD.fullmatch(text):
        return text
    hint = suggest(text, FOUND_BY)
    if not hint.startswith("did you mean"):
        name = text.removeprefix("field").strip()
        name = name if _CRM_NAME.fullmatch(name) else "EmployeeNumber"
        hint = f"phone, email, id, or a field such as 'field {name}'"
    raise wrong(f"cannot look by '{text[:80]}'", hint)


def numbers(text: str, info: ValidationInfo) -> str:
    """Accept a phone number, or a range of them."""
    try:
        parse_numbers([text], scope_in(info).world.regions)
    except ValueError as error:
        raise wrong(str(error)) from error
    return text


def two(fields: list[str]) -> list[str]:
    """Accept two different fields."""
    if len(set(fields)) != 2 or len(fields) != 2:  # noqa: PLR2004 - a call has two ends
        raise wrong("must be two fields", "such as [agent.phone, customer.phone]")
    return fields


def duration(value: object) -> timedelta:
    """Read a length of time."""
    try:
        return parse_duration(value)
    except ValueError as error:
        raise wrong(str(error)) from error


def since(value: object) -> timedelta | date:
    """Read a length of time back from now, or a day."""
    try:
        return parse_since(value)
    except ValueError as error:
        raise wrong(str(error)) from error


def soon(length: timedelta) -> timedelta:
    """Accept a time after which a phone that rings is still expected to."""
    if length > LATEST:
        raise wrong("must be at most 1 hour", "a phone that rings late is no use")
    return length


def hours(value: object) -> tuple[time, time]:
    """Read from when to when."""
    try:
        return parse_hours(value)
    except ValueError as error:
        raise wrong(str(error)) from error


def cron(text: str) -> str:
    """Accept a cron line that the scheduler takes."""
    try:
        check_cron(text)
    except ValueError as error:
        raise wrong(str(error)) from error
    return text


def constant(value: object) -> object:
    """Accept a value that a mapping file may write for a field."""
    if isinstance(value, (dict, list)):
        raise wrong("must be text, a number, true, false, a date or null")
    return value


def comparable(value: object) -> object:
    """Accept a value that a field can be compared with."""
    if constant(value) is None or value == "":
        raise wrong("cannot be compared with", "use {blank: true} or {blank: false}")
    return value


def comparables(value: object) -> object:
    """Accept a list of values that a field can be compared with."""
    if not isinstance(value, list) or not value:
        raise wrong("must be a list of values, such as [Incoming, Missed]")
    return [comparable(item) for item in value]


def comparable_or_list(value: object) -> object:
    """Accept one value that a field can be compared with, or a list of them."""
    return comparables(value) if isinstance(value, list) else comparable(value)


def scope_in(info: ValidationInfo) -> Scope:
    """Return what the file's names may refer to."""
    scope = info.context
    if not isinstance(scope, Scope):
        raise TypeError("a mapping file is validated in a Scope")
    return scope
