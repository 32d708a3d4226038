"""The org as the tests and the demo hold it in their hands."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime
from typing import Final

from starlette.applications import Starlette
from starlette.types import ASGIApp

from connector.clock import SystemClock
from connector.sandbox.faults import Faults, with_faults
from connector.sandbox.salesforce import ids
from connector.sandbox.salesforce.administration import routes as administration
from connector.sandbox.salesforce.api import routes as api
from connector.sandbox.salesforce.auth import App, TokenDesk
from connector.sandbox.salesforce.conversion import Converted
from connector.sandbox.salesforce.dating import dated
from connector.sandbox.salesforce.hands import Hands
from connector.sandbox.salesforce.nudge import PATIENCE, Connector
from connector.sandbox.salesforce.org import Org, Usage, Write
from connector.sandbox.salesforce.populace import contacts
from connector.sandbox.salesforce.record_desk import routes as record_pages
from connector.sandbox.salesforce.schema.shape import Field, Row, Scalar
from connector.sandbox.salesforce.seed import sow
from connector.sandbox.salesforce.sessions import Sessions

ORG_ID: Final = ids.make("00D", 1)


@dataclass(eq=False)
class SalesforceSandbox:
    """A small strict copy of an org; serve ``app`` with `Server`.

    ``client_id`` and ``client_secret`` are those of its one connected app;
    ``username`` and ``public_key`` (PEM) allow the JWT bearer flow. ``limit``:
    calls in a day. ``session_seconds``: how long a token lasts unused. All methods
    are for use from any thread.
    """

    _: KW_ONLY
    client_id: str
    client_secret: str
    username: str | None = None
    public_key: str | None = None
    limit: int = 100_000
    clock: Callable[[], datetime] = field(default_factory=lambda: SystemClock().now)
    session_seconds: float = 7200
    faults: Faults = field(default_factory=Faults, init=False)
    app: ASGIApp = field(init=False)
    user_id: str = field(init=False)
    """The user that integrations act as, and the default owner."""
    org: Org = field(init=False, repr=False)

    def __post_init__(self) -> None:
        sessions = Sessions(self.clock, ORG_ID, self.session_seconds)
        self.org = Org(self.clock, Usage(self.limit), sessions)
        self.user_id = sow(self.org)
        self._hands = Hands(self.org)
        self._people = 0
        app = App(
            client_id=self.client_id,
            client_secret=self.client_secret,
            username=self.username,
            public_key=self.public_key,
        )
        desk = TokenDesk(
            app=app,
            sessions=sessions,
            clock=self.clock,
            org_id=ORG_ID,
            user_id=self.user_id,
        )
        served = [*api(self.org, desk), *administration(self.org, self._hands)]
        served += record_pages(self.org, self._hands.button)
        inner = dated(Starlette(routes=served), self.clock)
        self.app = with_faults(inner, self.faults)

    @property
    def used(self) -> int:
        """API calls used so far."""
        return self.org.usage.used

    @property
    def calls(self) -> Counter[str]:
        """How many calls of each kind there were, ``collection create`` for one."""
        with self.org.lock:
            return self.org.calls.copy()

    @property
    def writes(self) -> Sequence[Write]:
        """The requests that write, as they were sent, oldest first."""
        with self.org.lock:
            return tuple(self.org.writes)

    def rows(self, object_name: str, *, deleted: bool = False) -> list[Row]:
        """Return all records of an object with all their fields, oldest first."""
        return self._hands.rows(object_name, deleted=deleted)

    def add(self, object_name: str, values: Mapping[str, Scalar]) -> str:
        """Add a record by hand and return its id; KeyError for an unknown field."""
        return self._hands.add(object_name, values)

    def populate(self, count: int) -> None:
        """Add so many more contacts, three numbers each, not changed for days.

        They are those of `connector.sandbox.population`, beginning with the first.
        """
        with self.org.lock:
            more = contacts(self._people, count, self.clock())
            self.org.store.load(self.org.table("Contact"), more)
            self._people += count

    def change(self, record_id: str, **fields: Scalar) -> None:
        """Change a record as an agent does, or the system; nothing is checked."""
        self._hands.change(record_id, fields)

    def delete(self, record_id: str) -> None:
        """Put a record into the recycle bin."""
        self._hands.change(record_id, {"IsDeleted": True})

    def merge(self, winner: str, loser: str) -> None:
        """Merge two leads, contacts or accounts: what is tied to the loser moves.

        KeyError if they are not two living records of one of these objects.
        """
        self._hands.merge(winner, loser)

    def convert(self, lead_id: str, *, opportunity: bool = True) -> Converted:
        """Convert a lead; KeyError if it is none, deleted, or converted already.

        Its tasks move to the contact and, where they are related to nothing, to the
        opportunity, or the account if there is none.
        """
        return self._hands.convert(lead_id, opportunity=opportunity)

    def press(
        self, record_id: str, number: str | None = None, *, by: str | None = None
    ) -> str:
        """Press Call on a record as an agent, and return the request's id.

        ``number`` is one that the record offers, by default the first; ``by`` is the
        user who presses, by default its owner or somebody else with an agent id.
        While a call of theirs is under way, it is that call's request. KeyError where
        there is no button, ValueError if the org refuses.
        """
        return str(self._hands.button.press(record_id, number, by).id)

    def nudges(self, url: str, token: str, *, patience: float = PATIENCE) -> None:
        """Have the Call button of the record pages tell the connector of a press.

        ``url``: its address, without /v1/nudge; ``token``: its API token;
        ``patience``: seconds it may take. ValueError for an address that is none.
        Without this the connector finds requests at its polls only.
        """
        self._hands.button.connector = Connector(url, token, patience)

    def nudge(self, task_id: str) -> bool:
        """Tell the connector of a task, as the page does after a press; if it heard."""
        return self._hands.button.nudge(task_id)

    def stamp(self, record_id: str, moment: datetime) -> None:
        """Set when a record was changed: past, or later than others, as you like."""
        self._hands.stamp(record_id, moment)

    def remove_field(self, object_name: str, name: str) -> None:
        """Delete a field as an administrator does."""
        with self.org.lock:
            self.org.reshape(self.org.table(object_name).object.without(name))

    def add_field(self, object_name: str, made: Field) -> None:
        """Make a field as an administrator does."""
        with self.org.lock:
            self.org.reshape(self.org.table(object_name).object.having(made))

    def add_picklist_value(self, object_name: str, name: str, value: str) -> None:
        """Add a value to a picklist as an administrator does."""
        with self.org.lock:
            shape = self.org.table(object_name).object
            self.org.reshape(shape.with_choice(name, value))

    def lock(self, value: str, times: int = 1) -> None:
        """Refuse the next writes of the row with this id or value of a key."""
        with self.org.lock:
            self.org.locks.lock(value, times)

    def lock_value(self, name: str, value: Scalar, times: int = 1) -> None:
        """Refuse the next writes of rows with ``value`` in the field ``name``."""
        with self.org.lock:
            self.org.locks.lock(value, times, name)

    def expire_sessions(self) -> None:
        """End every session now."""
        with self.org.lock:
            self.org.sessions.end_all()

    def use(self, calls: int) -> None:
        """Say how many API calls were used so far."""
        with self.org.lock:
            self.org.usage.used = calls
