"""The sandbox's Multisender as the tests and the demo hold it in their hands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from starlette.types import ASGIApp

from connector.clock import SystemClock
from connector.sandbox.faults import Faults, with_faults
from connector.sandbox.multisender.administration import routes
from connector.sandbox.multisender.cast import Cast
from connector.sandbox.multisender.desk import Desk
from connector.sandbox.multisender.dialling import Kind, Ring
from connector.sandbox.multisender.fields import Record
from connector.sandbox.multisender.hands import Hands
from connector.sandbox.multisender.moods import Moods
from connector.sandbox.multisender.odd import Owner, odd
from connector.sandbox.multisender.office import Office
from connector.sandbox.multisender.operations import on_resource
from connector.sandbox.multisender.receivers import Reply
from connector.sandbox.multisender.rules import RESOURCES
from connector.sandbox.multisender.webhooks import Delivery


@dataclass(kw_only=True, eq=False)
class MultisenderSandbox:
    """A Multisender customer; ``app`` is what `Server` serves under ``prefix``.

    ``token`` opens everything; ``email`` and ``password`` are the owner's. ``now``
    is its clock; times are those of ``zone``, but the document's UTC ones.
    ``seconds_until_ready``: how long a new voice file is pending, at least until
    the next request. With ``people`` the calls that are made up are to the first so
    many of `connector.sandbox.population`. All methods are for use from any thread.
    """

    token: str = "multisender-sandbox-token"  # noqa: S105 - opens only the sandbox
    email: str = "owner@sandbox.example"
    password: str = "multisender-sandbox-password"  # noqa: S105 - likewise
    prefix: str = "/v1"
    zone: str = "Europe/Helsinki"
    now: Callable[[], datetime] = SystemClock().now
    seconds_until_ready: float = 0
    people: int = 0
    moods: Moods = field(default_factory=Moods)
    faults: Faults = field(default_factory=Faults)
    app: ASGIApp = field(init=False)

    def __post_init__(self) -> None:
        self._office = Office(
            now=self.now,
            zone=ZoneInfo(self.zone),
            seconds_until_ready=self.seconds_until_ready,
            moods=self.moods,
        )
        cast = Cast(office=self._office, people=self.people)
        self._hands = Hands(office=self._office, cast=cast)
        self.app = with_faults(self._served(), self.faults)

    @property
    def requests(self) -> Mapping[str, int]:
        """How often each was asked for: ``{"GET /v1/accounts": 3}``."""
        return self.faults.counted()

    def records(self, name: str) -> list[Record]:
        """Return all records of a resource as they are sent alone, oldest first."""
        return self._hands.records(name)

    def add(self, name: str, /, **fields: object) -> Record:
        """Add a record by the rules of the API, and return it as it is sent.

        For voice_files that is a spoken text, which is ready. RefusedError as over
        HTTP; KeyError for a resource that there is not.
        """
        return self._hands.add(name, fields)

    def change(self, name: str, record_id: int, /, **fields: object) -> Record:
        """Change a record, whatever the rules; it counts as updated now.

        KeyError for a record or a field that there is not.
        """
        return self._hands.change(name, record_id, fields)

    def remove(self, name: str, record_id: int) -> None:
        """Forget a record; harmless when there is none."""
        self._hands.remove(name, record_id)

    def ring(
        self,
        path: tuple[Kind, int],
        account_id: int,
        *,
        reply: Reply | None = None,
        seconds: int | None = None,
    ) -> None:
        """Let a receiver of a call be called once; webhooks go out.

        Nobody answers where there are neither ``seconds`` nor a ``reply``.
        KeyError for a call or a receiver that there is not.
        """
        answered = seconds is not None or reply is not None
        result = Ring(answered=answered, reply=reply, seconds=seconds or 0)
        self._hands.ring(*path, account_id, result)

    def load(self, count: int, *, seed: int = 1, days: float = 7) -> None:
        """Make up ``count`` click to calls and RSVP calls of the last ``days``.

        Their receivers are the shared cast; no webhook goes out.
        """
        self._hands.load(count, seed=seed, days=days)

    def arrive(self, rng: Random) -> str:
        """Let a receiver be called, or a new click to call come; return its path."""
        return self._hands.arrive(rng)

    def deliveries(self) -> Sequence[Delivery]:
        """Return the webhooks, once all have gone out, oldest first."""
        self._office.postman.wait()
        return self._office.postman.deliveries()

    def failures(self) -> Sequence[Delivery]:
        """Return the webhooks that did not arrive, or were not answered well."""
        return [one for one in self.deliveries() if one.problem]

    def _served(self) -> ASGIApp:
        office = self._office
        usual = (op for one in RESOURCES.values() for op in on_resource(office, one))
        owner = Owner(email=self.email, password=self.password, token=self.token)
        desk = Desk(office=office, token=self.token, prefix=self.prefix)
        return desk.app([*odd(office, owner), *usual], routes(self._hands))
