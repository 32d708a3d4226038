"""Templates: text with ``{field}`` and ``{field|other field}`` in it."""

import re

Part = str | tuple[str, ...]
"""Literal text, or the names of which the first that is not blank is written."""

_TOKEN = re.compile(r"\{\{|\}\}|\{(?P<names>[^{}]*)\}|[{}]|[^{}]+")


def parse_template(text: str) -> tuple[Part, ...]:
    """Split a template into its parts. ``{{`` and ``}}`` are literal braces.

    Raises ValueError for a lone brace, an empty name, or no placeholder at all.
    """
    parts: list[Part] = []
    for part in map(_part, _TOKEN.finditer(text)):
        if isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts[-1] += part
        else:
            parts.append(part)
    if all(isinstance(part, str) for part in parts):
        raise ValueError("this template has no {field} in it; use 'value' instead")
    return tuple(parts)


def _part(token: re.Match[str]) -> Part:
    if token["names"] is None:
        if token[0] in {"{", "}"}:
            raise ValueError(f"a lone '{token[0]}'; write '{token[0] * 2}' for a brace")
        return token[0][0] if token[0] in {"{{", "}}"} else token[0]
    names = tuple(name.strip() for name in token["names"].split("|"))
    if not all(names):
        raise ValueError(f"'{token[0][:40]}' lacks a field's name")
    return names


def names_in(parts: tuple[Part, ...]) -> tuple[str, ...]:
    """Every field that the template reads, in order."""
    return tuple(name for part in parts if not isinstance(part, str) for name in part)
