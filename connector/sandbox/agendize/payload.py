"""What a watch's schema makes of a call.

Source: Agendize Calls API, Watch, "Examples of schema". An object has ``{id}`` in
its strings; a string has ``${$.id}``, where the path is JSONPath, of which the
sandbox knows names with dots. *Ours*: outside of quotes a value is written as JSON,
within them as text; a string that is not in braces, as in the example, is put in
them; what a call lacks is null, or no text.
"""

import json
import re
from collections.abc import Mapping
from typing import Final

BRACED: Final = re.compile(r"\{([A-Za-z.]+)\}")
EXPRESSION: Final = re.compile(r"\$\{\$\.([A-Za-z.]+)\}")
QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
PIECE: Final = re.compile(f"{QUOTED.pattern}|{EXPRESSION.pattern}")

Call = Mapping[str, object]


def rendered(schema: object, call: Call) -> bytes:
    """Return the body that a watch with this schema gets for a call, as JSON."""
    if isinstance(schema, str):
        filled = PIECE.sub(lambda piece: _piece(piece[0], call), schema)
        braced = filled.lstrip().startswith("{")
        return (filled if braced else f"{{{filled}}}").encode()
    return json.dumps(call if schema is None else _filled(schema, call)).encode()


def _filled(schema: object, call: Call) -> object:
    if isinstance(schema, dict):
        return {name: _filled(part, call) for name, part in schema.items()}
    if isinstance(schema, str):
        return BRACED.sub(lambda found: _text(call, found[1]), schema)
    return schema


def _piece(piece: str, call: Call) -> str:
    if not piece.startswith('"'):
        return json.dumps(_value(call, piece[4:-1]))
    return EXPRESSION.sub(lambda e: json.dumps(_text(call, e[1]))[1:-1], piece)


def _text(call: Call, path: str) -> str:
    value = _value(call, path)
    return value if isinstance(value, str) else json.dumps(value) if value else ""


def _value(call: Call, path: str) -> object:
    value: object = call
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
