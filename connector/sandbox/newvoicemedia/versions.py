"""Which version of the API a request asks for.

The document says that the Accept header names it. Its examples name it in
Content-Type, write 1.1 where the text says 2, and the path begins with
``v{v#}``, which is v0 in all of them. *Ours*: the highest that is named anywhere
counts, unless only Accept is to count; it is 1 where none is named.
"""

import re
from collections.abc import Iterator
from typing import Final

JSON: Final = "application/json"
DEFAULT: Final = 1
NAMES: Final = {"1": 1, "1.1": 2, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6}
EXAMPLES_ONLY: Final = frozenset({"1.1"})
ACCEPTED: Final = frozenset({JSON, "application/*", "*/*"})
PATH: Final = re.compile(r"[vV]([0-6])")
"""The examples write a small v in the request, a capital one in the answer."""


class NotAcceptableError(Exception):
    """There is no such version, or the answer may not be JSON; 406, which is ours."""


def media_type(header: str) -> tuple[str, str | None]:
    """Split a media type from its version, which may be missing."""
    kind, *parameters = (part.strip() for part in header.split(";"))
    named = (p.partition("=") for p in parameters)
    versions = (value.strip() for name, _, value in named if name.strip() == "version")
    return kind.lower(), next(versions, None)


def asked(path: str, accept: str, content_type: str, *, accept_only: bool) -> int:
    """Return the version; ``path`` is the number that the path begins with."""
    accepted = dict(_accepted(accept))
    elsewhere = {media_type(content_type)[1], path if path != "0" else None}
    names = set(accepted.values()) | (set() if accept_only else elsewhere)
    return max((_number(n, strict=accept_only) for n in names if n), default=DEFAULT)


def _accepted(accept: str) -> Iterator[tuple[str, str | None]]:
    """Yield what may be answered; refused if nothing that we have."""
    wanted = [media_type(part) for part in (accept or "*/*").split(",")]
    usable = [(kind, version) for kind, version in wanted if kind in ACCEPTED]
    if not usable:
        message = f"The response cannot be {accept!r}."
        raise NotAcceptableError(message)
    yield from usable


def _number(name: str, *, strict: bool) -> int:
    if name not in NAMES or (strict and name in EXAMPLES_ONLY):
        message = f"There is no version {name!r} of the API."
        raise NotAcceptableError(message)
    return NAMES[name]
