"""A request as it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from connector.transport.jsontext import Json

Query = tuple[tuple[str, str], ...]
"""Names and values, in order; a name may come again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that goes with a form."""

    filename: str
    content: bytes
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to ask, and how. At most one of ``json`` and ``form`` is given.

    ``once``: it must not be sent a second time, as what it does would be done again.
    ``head_is_enough``: the answer's status says what was done, so a body that does not
    come whole is taken as far as it came.
    """

    method: str
    path: str
    query: Query = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Json | None = None
    form: Mapping[str, str] | None = None
    files: Mapping[str, Upload] = field(default_factory=dict)
    once: bool = False
    head_is_enough: bool = False
