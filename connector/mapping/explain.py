"""Says in an administrator's words, and with places, what pydantic found."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from connector.mapping import schema
from connector.mapping.document import Document, Path
from connector.mapping.faults import Fault, suggest
from connector.mapping.rules import verb_of

# Pydantic's error types (pydantic 2, "Validation errors") that a file can cause.
_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "bool_type": "must be true or false",
        "dict_type": "must be a mapping of keys to values",
        "list_type": "must be a list",
        "literal_error": "must be {expected}",
        "model_type": "must be a mapping of keys to values",
        "string_pattern_mismatch": "must be letters, digits and _ (or -, in a flow)",
        "string_too_long": "is longer than {max_length} characters",
        "string_type": "must be text; put it in quotes",
        "too_short": "must not be empty",
    }
)

_RULES: Mapping[str, type[schema.Section]] = MappingProxyType(
    {
        "from": schema.FromRule,
        "value": schema.ValueRule,
        "template": schema.TemplateRule,
        "first": schema.FirstRule,
    }
)


def explain(error: ValidationError, document: Document) -> Iterator[Fault]:
    """Yield a fault for each of pydantic's errors."""
    for each in error.errors(include_url=False, include_input=False):
        path = _path(each["loc"], document.value)
        kind, context = each["type"], each.get("ctx", {})
        if kind == "none_required":
            continue  # the other half of an optional key, which is told as well
        if kind == "extra_forbidden":
            yield _unknown_key(path, document)
        elif kind == "missing":
            yield document.fault(path, f"'{each['loc'][-1]}' is missing", key=True)
        else:
            message = f"{_dotted(path)}{_worded(kind, context, each['msg'])}"
            is_key = each["loc"][-1] == "[key]"
            yield document.fault(path, message, context.get("hint", ""), key=is_key)


def _path(loc: tuple[str | int, ...], value: Any) -> Path:  # noqa: ANN401 - it is YAML
    """Return where ``loc`` is in the file: pydantic puts words of its own in it."""
    path: list[str | int] = []
    for part in loc:
        if isinstance(value, dict):
            inside = part in value
        else:
            inside = isinstance(value, list) and part in range(len(value))
        if inside:
            value = value[part]
            path.append(part)
    return tuple(path)


def _worded(kind: str, context: Mapping[str, Any], otherwise: str) -> str:
    if kind == "mapping":
        return str(context["message"])
    return _WORDS[kind].format_map(context) if kind in _WORDS else otherwise


def _dotted(path: Path) -> str:
    return f"{'.'.join(str(part)[:80] for part in path)}: " if path else ""


def _unknown_key(path: Path, document: Document) -> Fault:
    name = str(path[-1])
    hint = suggest(name, _keys_at(path, document))
    return document.fault(path, f"unknown key '{name[:80]}'", hint, key=True)


def _keys_at(path: Path, document: Document) -> list[str]:
    match path:
        case ("from", _):
            model: type[schema.Section] = schema.PushFrom
        case ("to", _):
            model = schema.PushTo
        case ("reread", _):
            model = schema.RereadClock
        case ("when", _, _):
            model = schema.Operators
        case ("fields", str(name), _):
            model = _RULES[verb_of(document.at(("fields", name)))]
        case _:
            model = schema.PushFile
    return [field.alias or name for name, field in model.model_fields.items()]
