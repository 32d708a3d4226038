"""``where`` on CRM records: what a query may ask, and what is judged here.

A record that stops fitting must be noticed, so the records that changed are read
without the conditions, and judged here. Both ways must agree; the CRM's order of
text and its letters beyond ASCII are its own, so only what can't be judged otherwise
is asked of it, and whatever it answers is judged again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Final

from connector.mapping.conditions import predicate
from connector.mapping.record_ids import long_id
from connector.model import Condition, CrmField, Scalar

Fields = Mapping[str, CrmField]
Record = Mapping[str, Scalar]

_IDS: Final = frozenset({"id", "reference"})
_TEXTS: Final = frozenset({"string", "picklist", "combobox", "phone", "email", "url"})
_SEVERAL: Final = "multipicklist"
_LONGEST: Final = 1_000
"""Characters of a list that one query has room for; a second would break the order."""


def asked(where: Sequence[Condition], fields: Fields) -> tuple[Condition, ...]:
    """Return those of the conditions that the CRM judges exactly as `judge` does."""
    return tuple(each for each in where if _is_plain(each, fields[each.field]))


def _is_plain(condition: Condition, field: CrmField) -> bool:
    if field.type == "boolean":
        return condition.operator in ("is", "not")
    if field.type not in _TEXTS | _IDS or condition.operator not in ("is", "in"):
        return False
    several = condition.value if isinstance(condition.value, tuple) else None
    texts = [str(each) for each in several or (condition.value,)]
    return all(map(_is_ordinary, texts)) and sum(map(len, texts)) <= _LONGEST


def _is_ordinary(text: str) -> bool:
    return text.isascii() and text.isprintable() and bool(text) and text == text.strip()


def judge(
    where: Sequence[Condition], fields: Fields, zone: tzinfo
) -> Callable[[Record], bool]:
    """Return what says whether a record fits, as the CRM would have it.

    Text is the same in capitals and in small letters, unless its field is case
    sensitive. A field with several choices fits if one of them does.
    """
    readers = {each.field: _reader(fields[each.field]) for each in where}
    holds = predicate([_as_read(each, fields[each.field]) for each in where], zone)

    def fits(record: Record) -> bool:
        return holds({name: read(record[name]) for name, read in readers.items()})

    return fits if where else lambda _: True


def _as_read(condition: Condition, field: CrmField) -> Condition:
    """Return a condition whose texts are as the field's are read."""
    fold = _folding(field)
    value = condition.value
    if isinstance(value, tuple):
        folded = tuple(fold(each) if isinstance(each, str) else each for each in value)
        return replace(condition, value=folded)
    return replace(condition, value=fold(value) if isinstance(value, str) else value)


def _folding(field: CrmField) -> Callable[[str], str]:
    if field.type in _IDS:
        return lambda text: long_id(text) or text
    return str if field.case_sensitive else str.lower


def _reader(field: CrmField) -> Callable[[Scalar], object]:
    fold = _folding(field)
    if field.type == "datetime":
        return lambda value: datetime.fromisoformat(str(value)) if value else None
    if field.type == _SEVERAL:
        return lambda value: fold(str(value)).split(";") if value else None
    return lambda value: fold(value) if isinstance(value, str) else value
