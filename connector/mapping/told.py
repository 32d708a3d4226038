"""What the checks of a file against the CRM's description tell, in the same words."""

from collections.abc import Collection, Iterable, Iterator

from connector.mapping.faults import Fault, Place, suggest
from connector.mapping.fits import PICKLISTS, Finding
from connector.mapping.offline import comparable
from connector.mapping.target import family
from connector.mapping.verbs import shown
from connector.model import Condition, CrmField, CrmObject

Found = tuple[Place, Finding]


def told(file: str, found: Iterable[Found]) -> tuple[Fault, ...]:
    """Return what was found as faults of ``file``, in the file's order."""
    return tuple(
        Fault(
            file=file,
            line=place.line,
            column=place.column,
            message=finding.message,
            hint=finding.hint,
            severity=finding.severity,
        )
        for place, finding in sorted(found, key=lambda each: each[0])
    )


# ── objects ────────────────────────────────────────────────────────────────


def no_object(name: str, usual: Collection[str] = ()) -> Finding:
    """Return that ``name`` is not there; one of the ``usual`` may be meant."""
    message = f"the CRM has no object '{name}' that this user may see"
    return Finding(message, suggest(name, set(usual) - {name}))


def not_created(target: CrmObject) -> Iterator[Finding]:
    """Yield that no record of ``target`` can be made, if none can."""
    if not target.createable:
        yield Finding(f"{target.name} records cannot be created by this user")


def not_updated(target: CrmObject, hint: str = "") -> Iterator[Finding]:
    """Yield that no record of ``target`` can be changed, if none can."""
    if not target.updateable:
        yield Finding(f"{target.name} records cannot be updated by this user", hint)


def needed(
    target: CrmObject, filled: Collection[str | None], hint: str, why: str = ""
) -> Iterator[Finding]:
    """Yield the fields, beside those ``filled``, that no new record may be without.

    ``why`` is how the message ends.
    """
    for field in target.fields.values():
        required = field.createable and not (field.nillable or field.defaulted)
        if required and field.name not in filled:
            yield Finding(f"{target.name} needs the field {field.name}{why}", hint)


# ── fields ─────────────────────────────────────────────────────────────────


def no_field(name: str, target: CrmObject) -> Finding:
    """Return that ``target`` has no field ``name``; a near one may be meant."""
    message = f"{target.name} has no field '{name}'"
    return Finding(message, suggest(name, target.fields))


def not_unique(key: CrmField, hint: str) -> Iterator[Finding]:
    """Yield that two records could have the same ``key``, if they could."""
    if not (key.external_id and key.unique):
        message = f"the key {key.name} must be an external id and unique"
        yield Finding(message, hint)


def not_text(key: CrmField) -> Iterator[Finding]:
    """Yield that ``key`` is not text, if it isn't."""
    if family(key) != "text":
        yield Finding(f"the key {key.name} is {key.type}; a key must be text")


def misjudged(condition: Condition, field: CrmField) -> Iterator[Finding]:
    """Yield the values that ``field`` cannot be compared with, or never has."""
    kind, several = family(field), condition.value
    if condition.operator == "blank":
        return
    for value in several if isinstance(several, tuple) else (several,):
        if kind and not comparable(value, kind):
            yield Finding(f"{shown(value)} is not {kind}, as {field.name} is")
        elif condition.operator in {"is", "in", "not"}:
            yield from _no_choice(str(value), condition, field)


def _no_choice(value: str, condition: Condition, field: CrmField) -> Iterator[Finding]:
    """Yield that no record has ``value``; letter case is no matter to the CRM.

    What is no choice any more may be excluded: records may have it still.
    """
    if field.type not in PICKLISTS or not field.choices:
        return
    if value.casefold() not in {each.casefold() for each in field.choices}:
        restricted = field.restricted and condition.operator != "not"
        yield Finding(
            f"{shown(value)} is not a choice of {field.name}",
            suggest(value, field.choices),
            "error" if restricted else "warning",
        )
