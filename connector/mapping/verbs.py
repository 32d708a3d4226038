"""Compiles one field's rule: verb, then map, default, as, the field's type, fit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from reprlib import Repr

from connector.errors import RecordError
from connector.mapping.convert import MISSING, Missing, blank, converter, to_text
from connector.mapping.flow import FieldRule, FirstOf, Template, Verb, Written
from connector.mapping.target import cutter, family, sender
from connector.model import CrmField, Scalar

Fields = Mapping[str, object]
Read = Callable[[Fields], object]
Evaluate = Callable[[Fields], Scalar | Missing]
Finish = Callable[[object], Scalar]

_SHOWN = 80
_shorten = Repr()
_shorten.maxstring = _shorten.maxother = _shorten.maxlong = _SHOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a rule depends on beside itself."""

    zone: tzinfo
    regions: tuple[str, ...]


def evaluator(rule: FieldRule, field: CrmField, setting: Setting) -> Evaluate:
    """Return the function from a record's fields to the JSON of ``field``.

    It returns MISSING where the reading lacks what the rule reads, and raises
    RecordError, and nothing else, where the value can't be sent.
    """
    read, finish = reader(rule.verb), finisher(rule, field, setting)

    def evaluate(fields: Fields) -> Scalar | Missing:
        value: object = None
        try:
            value = read(fields)
            return MISSING if value is MISSING else finish(value)
        except (ValueError, OverflowError) as error:
            raise unfit(rule, field, value, error) from error

    return evaluate


def unfit(
    rule: FieldRule, field: CrmField, value: object, error: Exception
) -> RecordError:
    """Return the error of a value that can't become what the field takes."""
    kind = rule.kind or family(field) or field.type
    if isinstance(error, UnicodeError):
        error = ValueError("half of a character: it cannot be sent")
    message = f"{rule.field}: {shown(value)} as {kind}: {str(error)[:_SHOWN]}"
    return RecordError(message, code="WRONG_TYPE", fields=(rule.field,))


def shown(value: object) -> str:
    """Return a value for a message: at most 80 characters, all of them printable."""
    try:
        text = _shorten.repr(value)
    except ValueError:  # Python prints no number of more than 4300 digits
        return "a very large number"
    return text.encode("utf-8", "backslashreplace").decode()[:_SHOWN]


# ── reading ────────────────────────────────────────────────────────────────


def reader(verb: Verb) -> Read:
    """Return what reads a record: a value, or MISSING."""
    match verb:
        case Written(value=value):
            return lambda _: value
        case FirstOf(names=(name,)):
            return lambda fields: fields.get(name, MISSING)
        case FirstOf(names=names):
            return lambda fields: _first(fields, names)
        case Template():
            return _template(verb)


def _first(fields: Fields, names: tuple[str, ...]) -> object:
    found: object = MISSING
    for name in names:
        value = fields.get(name, MISSING)
        if value is MISSING:
            continue
        if not blank(value):
            return value
        found = None
    return found


def _template(template: Template) -> Read:
    parts = tuple(
        part if isinstance(part, str) else reader(FirstOf(names=part))
        for part in template.parts
    )

    def render(fields: Fields) -> object:
        written = []
        for part in parts:
            if isinstance(part, str):
                written.append(part)
                continue
            value = part(fields)
            if value is MISSING:
                return MISSING
            written.append("" if blank(value) else to_text(value))
        return "".join(written)

    return render


# ── finishing ──────────────────────────────────────────────────────────────


def finisher(rule: FieldRule, field: CrmField, setting: Setting) -> Finish:
    """Return what makes a value that was read the JSON of ``field``.

    Raises RecordError, ValueError or OverflowError.
    """
    mapped = _mapper(rule, rule.map) if rule.map is not None else None
    default = None if rule.default is MISSING else rule.default
    sent = _sent(rule, field, setting)
    # The CRM knows no empty yes-or-no, and refuses a whole batch for one.
    empty = False if field.type == "boolean" else None

    def finish(value: object) -> Scalar:
        if mapped is not None and not blank(value):
            value = mapped(value)
        if blank(value):
            value = default
        return empty if blank(value) else sent(value)

    return finish


def _sent(rule: FieldRule, field: CrmField, setting: Setting) -> Finish:
    steps: list[Callable[..., object]] = []
    if rule.kind is not None:
        steps.append(converter(rule.kind, setting.zone, setting.regions))
    send = sender(field, setting.zone)
    cut = cutter(field.length) if rule.truncate and field.length else None

    def sent(value: object) -> Scalar:
        for step in steps:
            value = step(value)
        made = send(value)
        return made if cut is None else cut(made)

    return sent


def _mapper(rule: FieldRule, table: Mapping[str, object]) -> Callable[[object], object]:
    def one(value: object) -> object:
        found = table.get(to_text(value), rule.default)
        if found is MISSING:
            message = f"{rule.field}: {shown(value)} is not in the field's map"
            raise RecordError(message, code="NOT_IN_MAP", fields=(rule.field,))
        return found

    def mapped(value: object) -> object:
        if isinstance(value, (list, tuple)):
            return [one(item) for item in value if not blank(item)]
        return one(value)

    return mapped
