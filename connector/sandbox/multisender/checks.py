"""One check a kind of value: takes a JSON value, gives what is stored.

WrongError says what the value must be. Source: the tables of parameters and the
example bodies of the Multisender API. What they leave open is marked *ours*.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

T = TypeVar("T")
Check = Callable[[object], object]

MOMENT: Final = "%Y-%m-%d %H:%M:%S"
_DATE, _TIME = r"\d{4}-\d\d-\d\d", r"\d\d:\d\d:\d\d"
_IS_MOMENT: Final = re.compile(f"{_DATE} {_TIME}", re.ASCII).fullmatch
_IS_TIME: Final = re.compile(_TIME, re.ASCII).fullmatch
_IS_E164: Final = re.compile(r"\+[1-9]\d{1,14}", re.ASCII).fullmatch
_IS_ID: Final = re.compile(r"[1-9]\d{0,17}", re.ASCII).fullmatch
_IS_URL: Final = re.compile(r"https?://[^\s/]+(/\S*)?").fullmatch


class WrongError(Exception):
    """The value can't be; the message goes on from its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A receiver as it is asked for: exactly one of the three."""

    account_id: int | None = None
    group_id: int | None = None
    address: str | None = None


def anything(value: object) -> object:
    """Take any JSON."""
    return value


def text(value: object) -> str:
    """Take a string."""
    if not isinstance(value, str):
        raise WrongError("must be a string")
    return value


def words(most: int) -> Check:
    """Take a string of at most so many words."""

    def check(value: object) -> str:
        if len(text(value).split()) > most:
            raise WrongError(f"must have at most {most} words")
        return text(value)

    return check


def whole(least: int | None = None) -> Check:
    """Take an integer that is not below ``least``."""

    def check(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise WrongError("must be an integer")
        if least is not None and value < least:
            raise WrongError(f"must be {least} or more")
        return value

    return check


def identifier(value: object) -> int:
    """Take an id: the document prints *string* at one place and *int* at another."""
    if isinstance(value, int | str) and not isinstance(value, bool):
        found = _IS_ID(str(value))
        if found:
            return int(found.group())
    raise WrongError("must be an id")


def moment(value: object) -> str:
    """Take a time written ``YYYY-MM-DD HH:MM:SS``."""
    if _IS_MOMENT(text(value)) and _exists(text(value), MOMENT):
        return text(value)
    raise WrongError("must be a time in the format YYYY-MM-DD HH:MM:SS")


def time_of_day(value: object) -> str:
    """Take a time written ``HH:MM:SS``."""
    if _IS_TIME(text(value)) and _exists(text(value), "%H:%M:%S"):
        return text(value)
    raise WrongError("must be a time in the format HH:MM:SS")


def _exists(written: str, form: str) -> bool:
    try:
        datetime.strptime(written, form)  # noqa: DTZ007 - it is only looked at
    except ValueError:
        return False
    return True


def e164(value: object) -> str:
    """Take a phone number in E.164 format."""
    if not _IS_E164(text(value)):
        raise WrongError("must be a phone number in E.164 format")
    return text(value)


def url(value: object) -> str:
    """Take an address that can be posted to."""
    if not _IS_URL(text(value)):
        raise WrongError("must be an http or https URL")
    return text(value)


def json_text(value: object) -> str:
    """Take a string that holds JSON."""
    try:
        json.loads(text(value))
    except json.JSONDecodeError:
        raise WrongError("must be a string of JSON") from None
    return text(value)


def one_of(*choices: str) -> Check:
    """Take one of these strings."""

    def check(value: object) -> str:
        if not isinstance(value, str) or value not in choices:
            raise WrongError(f"must be one of: {', '.join(choices)}")
        return value

    return check


def digit(*choices: int) -> Check:
    """Take one of these digits, as a string or, *ours*, as a number; gives a string."""
    read = one_of(*map(str, choices))

    def check(value: object) -> object:
        number = isinstance(value, int) and not isinstance(value, bool)
        return read(str(value) if number else value)

    return check


def rows(*, once: str | None = None, **members: Check) -> Check:
    """Take a filled array of objects with exactly these members.

    A value of the member ``once`` may not come twice (*ours*).
    """

    def check(value: object) -> list[dict[str, object]]:
        found = [_object(item, members) for item in filled(value)]
        if once is not None and len({row[once] for row in found}) < len(found):
            raise WrongError(f"must have each {once} once")
        return found

    return check


def filled(value: object) -> list[object]:
    """Take an array that is not empty."""
    if not isinstance(value, list) or not value:
        raise WrongError("must be a filled array")
    return value


def _object(item: object, members: Mapping[str, Check]) -> dict[str, object]:
    if not isinstance(item, dict) or item.keys() != members.keys():
        raise WrongError(f"must have objects of {' and '.join(members)}")
    return {name: within(name, check, item[name]) for name, check in members.items()}


def within(name: str, check: Callable[[object], T], value: object) -> T:
    """Check a member, and name it where it is wrong."""
    try:
        return check(value)
    except WrongError as error:
        raise WrongError(f"{name} {error}") from None


def receivers(
    address: str, read: Callable[[object], str]
) -> Callable[[object], list[Wanted]]:
    """Take an array of receivers: an accountId, a groupId or an address each.

    The others are null or left out; *ours*: or empty.
    """

    def check(value: object) -> list[Wanted]:
        return [_wanted(item, address, read) for item in filled(value)]

    return check


def _wanted(item: object, address: str, read: Callable[[object], str]) -> Wanted:
    names = ("accountId", "groupId", address)
    given = {k: v for k, v in _members(item).items() if v is not None and v != ""}
    if len(given) != 1 or not given.keys() <= set(names):
        raise WrongError(f"must have objects with one of {', '.join(names)}")
    if "accountId" in given:
        return Wanted(account_id=within("accountId", identifier, given["accountId"]))
    if "groupId" in given:
        return Wanted(group_id=within("groupId", identifier, given["groupId"]))
    return Wanted(address=within(address, read, given[address]))


def _members(item: object) -> Mapping[str, object]:
    return item if isinstance(item, dict) else {}
