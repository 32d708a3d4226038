"""Checks of one field's rule, and of one condition, in a mapping file."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from types import MappingProxyType

from connector.mapping.convert import blank, converter, to_text
from connector.mapping.faults import suggest
from connector.mapping.names import wrong
from connector.model import FieldType, Stream

VERBS = ("from", "value", "template", "first", "find")
_READING = VERBS[:-1]
_FIND_WITH = frozenset({"find", "from", "first"})

# What can't be turned into a type, whatever the value.
IMPOSSIBLE: Mapping[FieldType, frozenset[FieldType]] = MappingProxyType(
    {
        "text": frozenset[FieldType](),
        "integer": frozenset[FieldType](
            {"boolean", "date", "time", "datetime", "list"}
        ),
        "number": frozenset[FieldType]({"boolean", "date", "time", "datetime", "list"}),
        "boolean": frozenset[FieldType]({"date", "time", "datetime", "list"}),
        "date": frozenset[FieldType](
            {"integer", "number", "boolean", "time", "phone", "list"}
        ),
        "time": frozenset[FieldType](
            {"integer", "number", "boolean", "date", "phone", "list"}
        ),
        "datetime": frozenset[FieldType](
            {"integer", "number", "boolean", "time", "phone", "list"}
        ),
        "phone": frozenset[FieldType](
            {"number", "boolean", "date", "time", "datetime", "list"}
        ),
    }
)


def verb_of(rule: object) -> str:
    """Return a rule's only verb; "" where it has none, or several."""
    given = [verb for verb in VERBS if isinstance(rule, dict) and verb in rule]
    if "find" in given and _FIND_WITH.issuperset(given):
        return "find"
    return given[0] if len(given) == 1 else ""


def one_verb(rule: object) -> object:
    """Accept a mapping with exactly one verb."""
    return _with_verb(rule, VERBS)


def one_reading_verb(rule: object) -> object:
    """Accept a mapping with exactly one verb that reads the record itself."""
    if isinstance(rule, dict) and "find" in rule:
        hint = "read what the record points to, such as {from: Who.Phone}"
        raise wrong("'find' goes with 'fields' of a push file only", hint)
    return _with_verb(rule, _READING)


def unwritten(_: object) -> None:
    """Refuse ``write``: there is nothing that it could change."""
    hint = "leave it out: what became of a call is written once"
    raise wrong("goes with 'fields' of a push file only", hint)


def one_plain_verb(rule: object) -> object:
    """Accept a mapping with exactly one verb that needs nobody to be found."""
    if isinstance(rule, dict) and "find" in rule:
        raise wrong("a record that is made can't have 'find'", "use another verb")
    return one_verb(rule)


def _with_verb(rule: object, verbs: tuple[str, ...]) -> object:
    if not isinstance(rule, dict):
        raise wrong("must have a verb", "such as {from: field} or {value: text}")
    if not verb_of(rule):
        raise wrong(*_which(rule, verbs))
    return rule


def _which(rule: Mapping[str, object], verbs: tuple[str, ...]) -> tuple[str, str]:
    given = [verb for verb in verbs if verb in rule]
    if given:
        return f"has {len(given)} verbs: {', '.join(given)}", "a field has exactly one"
    hints = ((key, suggest(key, verbs)) for key in rule)
    meant = [(key, hint) for key, hint in hints if hint.startswith("did you mean")]
    if meant:
        return f"unknown verb '{meant[0][0][:80]}'", meant[0][1]
    return "has no verb", f"one of {', '.join(verbs)}"


def compared(operators: object) -> object:
    """Accept a mapping of operators, not a bare value: there is one way."""
    if not isinstance(operators, dict) or not operators:
        raise wrong("must say how to compare", "such as {is: Incoming}")
    return operators


def check_types(fields: Iterable[str], kind: FieldType, stream: Stream | None) -> None:
    """Refuse ``as: kind`` for a field whose type can never become one."""
    for name in fields:
        field = stream.field(name) if stream else None
        if field and field.type in IMPOSSIBLE[kind]:
            raise wrong(f"'{name}' is {field.type}, which cannot be read as {kind}")


def check_mapped(value: object, table: Mapping[str, object]) -> None:
    """Refuse a constant that its own map does not have."""
    if not blank(value) and to_text(value) not in table:
        raise wrong(f"'{to_text(value)[:80]}' is not in the field's map")


def check_constants(constants: Sequence[object], kind: FieldType, zone: tzinfo) -> None:
    """Refuse ``as: kind`` for a constant of the file that can't become one."""
    convert = converter(kind, zone, ())
    for value in constants:
        if value is None:
            continue
        try:
            convert(value)
        except (ValueError, OverflowError) as error:
            raise wrong(f"'{str(value)[:80]}' cannot be read as {kind}") from error
