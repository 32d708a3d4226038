"""Agendize's rules about what is inside a value, or about two values."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final
from zoneinfo import available_timezones

from connector.transport.jsontext import Json
from connector.transport.operation import Param, Rule, Values

REFRESHING: Final = "refresh_token"
"""The grant type where none is named."""
ZONES: Final = frozenset(available_timezones())


def _at(values: Values, name: str) -> Json:
    """Return what is at a name, None where there is nothing."""
    found: Json = values
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _is_moment(name: str, values: Values) -> bool:
    given = _at(values, name)
    try:
        return not given or bool(datetime.fromisoformat(given))
    except ValueError:
        return False


def is_zone(name: str, values: Values) -> bool:
    """Whether a time zone is one that there is."""
    return not _at(values, name) or _at(values, name) in ZONES


def are_texts(name: str, values: Values) -> bool:
    """Whether everything in an object is text."""
    return all(isinstance(each, str) for each in (_at(values, name) or {}).values())


def goes_with_refreshing(name: str, values: Values) -> bool:
    """Whether a property of the default grant type is there with no other one."""
    grant = _at(values, "oauth2Auth.grantType") or REFRESHING
    return not _at(values, name) or grant == REFRESHING


def _known(params: Sequence[Param], name: str, values: Values) -> bool:
    names = {param.name for param in params}
    return all(f"{name}.{each}" in names for each in _at(values, name) or {})


def real(*names: str) -> tuple[Rule, ...]:
    """Each is a moment that there is, not the 99th of a month."""
    words = "{}: there is no such date or time"
    return tuple(
        Rule(name=name, kept=partial(_is_moment, name), refusal=words.format(name))
        for name in names
    )


def only(params: Sequence[Param], *names: str) -> tuple[Rule, ...]:
    """Each has nothing in it but what the document has."""
    return tuple(
        Rule(
            name=name,
            kept=partial(_known, params, name),
            refusal=f"{name} has something in it that is not documented",
        )
        for name in names
    )
