"""What a resource is made of, and how the body of a request is read.

The Multisender API prints no error at all: that a field which a body does not show
is refused, and every status and message of a refusal, is *ours*.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connector.sandbox.multisender.checks import Check, WrongError, within

Record = dict[str, Any]


class RefusedError(Exception):
    """The request is answered with this status and message."""

    def __init__(self, status: int, message: str) -> None:
        """``status`` is the answer's."""
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field that may be written; ``also`` is another spelling of its name.

    ``blank`` is what it is where it is not given, or null.
    """

    name: str
    check: Check
    required: bool = False
    blank: object = ""
    also: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A kind of record under ``/name``; ``key`` is the name of its id.

    ``create`` and ``update`` are the fields of the two bodies, None where there is
    no such operation. ``listed`` is shown of each in a list, if that differs.
    ``kept``: what is sent of a record changes only when the record does.
    """

    name: str
    key: str
    create: tuple[Field, ...] | None
    update: tuple[Field, ...] | None
    shown: tuple[str, ...]
    listed: tuple[str, ...] = ()
    id_type: Callable[[int], int | str] = str
    listed_id_type: Callable[[int], int | str] | None = None
    kept: bool = False
    lookups: tuple[str, ...] = ()
    updated: int = 200
    deleted: int = 204


def read(fields: Sequence[Field], body: object) -> Record:
    """Return what the body gives, checked; blank values as the fields have them.

    RefusedError for a body that is no object, a field that is not of the table, a
    required one that is missing or blank, and a value that can't be.
    """
    given = dict(_object(body))
    taken = {field.name: _taken(field, given) for field in fields if _in(field, given)}
    if given:
        raise RefusedError(400, f"{min(given)} can not be set")
    missing = [f.name for f in fields if f.required and f.name not in taken]
    if missing:
        raise RefusedError(400, f"{missing[0]} is required")
    return taken


def blanks(fields: Iterable[Field]) -> Record:
    """Return what the fields are where they are not given."""
    return {field.name: field.blank for field in fields}


def _object(body: object) -> Mapping[str, object]:
    if not isinstance(body, dict):
        raise RefusedError(400, "The body must be a JSON object")
    return body


def _in(field: Field, given: Mapping[str, object]) -> bool:
    return field.name in given or field.also in given


def _taken(field: Field, given: dict[str, object]) -> object:
    value = given.pop(field.name if field.name in given else field.also)
    if field.required and (value is None or value in ("", [])):
        raise RefusedError(400, f"{field.name} is required")
    if value is None:
        return field.blank
    try:
        return within(field.name, field.check, value)
    except WrongError as error:
        raise RefusedError(400, str(error)) from None
