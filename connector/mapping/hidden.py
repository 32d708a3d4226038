"""Guards that can't be judged: whom they are about is hidden from our user.

Of a person whom our user may not see a query gives nothing, though the record has its
id (Salesforce, "Sharing"): that is no sign that the person may be called.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from connector.mapping.paths import Describe, Paths, leading, looked_at
from connector.model import CrmObject, Scalar

Record = Mapping[str, Scalar]

ID: Final = "Id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beyond:
    """A guard on what a record points to.

    ``reference``: the field with its id, which begins with one of ``prefixes`` where
    it is of an object that has the guard's field; any may, where one is empty.
    """

    path: str
    reference: str
    prefixes: tuple[str, ...]

    @property
    def relationship(self) -> str:
        """What leads there."""
        return self.path.partition(".")[0]

    @property
    def seen(self) -> str:
        """What is never empty of what is shown."""
        return f"{self.relationship}.{ID}"

    def is_hidden(self, record: Record) -> bool:
        """Say whether the record points to what is not shown."""
        crm_id = record.get(self.reference)
        there = isinstance(crm_id, str) and crm_id.startswith(self.prefixes)
        return there and record.get(self.seen) is None


def beyond(
    guards: tuple[str, ...], target: CrmObject, paths: Paths, described: Describe
) -> Iterator[Beyond]:
    """Yield those of ``guards``, which are paths from ``target``, that may be hidden."""
    for path in guards:
        relationship, dot, name = path.partition(".")
        field = leading(relationship, target) if dot else None
        if field is None:
            continue
        cases = paths.typed.get(relationship, {})
        having = [each for each, names in cases.items() if name in names]
        objects = map(described, having or field.references)
        yield Beyond(
            path=path,
            reference=field.name,
            prefixes=tuple(there.prefix for there in objects if there),
        )


def unguarded(path: str, target: CrmObject, paths: Paths) -> tuple[str, ...]:
    """Return the objects that a guard's ``path`` may lead to, and that lack its field.

    Our user may only not be allowed to see it.
    """
    relationship, _, name = path.partition(".")
    field, cases = leading(relationship, target), paths.typed.get(relationship, {})
    if field is None or path not in paths.fields or not cases:
        return ()
    return tuple(each for each in looked_at(field) if name not in cases.get(each, ()))


def with_ids(paths: Paths, guards: tuple[Beyond, ...]) -> Paths:
    """Return the paths with what tells whether the guards' records are shown."""
    typed = {name: dict(cases) for name, cases in paths.typed.items()}
    plain = list(paths.plain)
    for each in guards:
        plain.append(each.reference)
        if each.relationship not in typed:
            plain.append(each.seen)
        for name, read in typed.get(each.relationship, {}).items():
            typed[each.relationship][name] = tuple(dict.fromkeys((*read, ID)))
    return replace(paths, plain=tuple(dict.fromkeys(plain)), typed=typed)


def hidden_among(guards: tuple[Beyond, ...]) -> Callable[[Record], tuple[str, ...]]:
    """Return what says which of ``guards`` are hidden of a record."""
    return lambda record: tuple(each.path for each in guards if each.is_hidden(record))
