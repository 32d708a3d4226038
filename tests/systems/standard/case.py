"""What the standard suite has to be told of a stream, as plain data and functions.

A file in ``cases/`` has the cases of one system, in a tuple called CASES.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any, Generic, Protocol, TypeVar
from zoneinfo import ZoneInfo

from starlette.types import ASGIApp
from typing_extensions import override

from connector.clock import Clock
from connector.errors import ConfigError, RefusedError
from connector.model import Stream
from connector.ports import Pacer, Source
from connector.sandbox.faults import Faults
from connector.transport.http import Http


class Sandbox(Protocol):
    """What every sandbox system has."""

    @property
    def app(self) -> ASGIApp:
        """What a server serves."""

    @property
    def faults(self) -> Faults:
        """Trouble on purpose."""

    @property
    def prefix(self) -> str:
        """The path that comes before every other."""


S = TypeVar("S", bound=Sandbox)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A refusal of the vendor's document: what it sends, and what it must become.

    ``words``: what the operator reads of it.
    """

    status: int
    body: str
    words: str
    error: type[ConfigError] = RefusedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(Generic[S]):
    """One stream of one system, and how it is opened, fed and refused.

    ``sandbox`` opens an empty account by a clock, which lets a request through every
    so many seconds (0: all). ``headers`` let us in. ``opens`` is that of SOURCES, with
    what ``client`` builds and the account's ``zone``. ``arrive`` has one more record be
    there as of now, and returns its id in the stream; ``change`` has one show a text.
    ``path`` is found in the paths of its requests. ``count`` records are several
    pages, where it is ``paged``. ``interval``: seconds between two requests, and ``pause`` those after a 429
    that tells none; 0: the document has no limit. ``ends`` has a record be over, where
    that is shown otherwise than by another value. ``vital``: keys of the vendor's rows
    by which they are told apart, put in order, and hold together.
    """

    stream: Stream
    sandbox: Callable[[Callable[[], datetime], float], S]
    headers: Callable[[S], Mapping[str, str]]
    client: Callable[[Http, Pacer], object]
    opens: Callable[..., Source]
    arrive: Callable[[S, Random], str]
    change: Callable[[S, str, str], object]
    path: str
    refusals: tuple[Refusal, ...]
    zone: str = "UTC"
    count: int = 30
    paged: bool = True
    interval: float = 0
    pause: float = 0
    vital: tuple[str, ...] = ("id",)
    ends: Callable[[S, str], object] = lambda _, __: None

    def source(self, http: Http, pacer: Pacer, clock: Clock) -> Source:
        """Open the stream as the wiring does."""
        client, zone = self.client(http, pacer), ZoneInfo(self.zone)
        return self.opens(client=client, zone=zone, options={}, clock=clock)

    @override
    def __str__(self) -> str:
        return f"{self.stream.system}-{self.stream.name}"


AnyCase = Case[Any]
