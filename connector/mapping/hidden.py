"""Guards that can't be judged: whom they are about is hidden from our user.

Of a person whom our user may not see a query gives nothing, though the record has its
id (Salesforce, "Sharing"): that is no sign that the person may be called.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from connector.mapping.paths import Describe, Paths, leading
from connector.model import CrmObject, Scalar

Record = Mapping[str, Scalar]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beyond:
    """A checkbox of what a record points to.

    ``reference``: the field with its id, which begins with one of ``prefixes`` where
    it is of an object that has the checkbox; any may, where one is empty.
    """

    path: str
    reference: str
    prefixes: tuple[str, ...]

    def is_hidden(self, record: Record) -> bool:
        """Say whether there is a checkbox that can't be seen: none is ever empty."""
        crm_id = record.get(self.reference)
        there = isinstance(crm_id, str) and crm_id.startswith(self.prefixes)
        return there and record.get(self.path) is None


def beyond(
    guards: tuple[str, ...], target: CrmObject, paths: Paths, described: Describe
) -> Iterator[Beyond]:
    """Yield those of ``guards``, which are paths from ``target``, that may be hidden."""
    for path in guards:
        relationship, dot, name = path.partition(".")
        field = leading(relationship, target) if dot else None
        kinds = {each.type for each in paths.fields.get(path, ())}
        if field is None or kinds != {"boolean"}:
            continue
        cases = paths.typed.get(relationship, {})
        having = [each for each, names in cases.items() if name in names]
        objects = map(described, having or field.references)
        yield Beyond(
            path=path,
            reference=field.name,
            prefixes=tuple(there.prefix for there in objects if there),
        )


def hidden_among(guards: tuple[Beyond, ...]) -> Callable[[Record], tuple[str, ...]]:
    """Return what says which of ``guards`` are hidden of a record."""
    return lambda record: tuple(each.path for each in guards if each.is_hidden(record))
