"""The sandbox's Callyzer: an account with calls, leads and employees in it.

Source: Callyzer API 2.1; what 2.2 adds is known from its users.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from connector.clock import SystemClock
from connector.sandbox.callyzer.answers import Answers
from connector.sandbox.callyzer.book import Book, documented
from connector.sandbox.callyzer.callers import Callers
from connector.sandbox.callyzer.calls import EXAMPLE, Call, new_call, working_moments
from connector.sandbox.callyzer.employees import Employees, of_team
from connector.sandbox.callyzer.gate import Gate
from connector.sandbox.callyzer.lead_making import OF_CLIENTS, lead_change, new_lead
from connector.sandbox.callyzer.leads import BLANK, Lead, Leads, flat
from connector.sandbox.callyzer.moods import Moods
from connector.sandbox.callyzer.operations import Version
from connector.sandbox.callyzer.saving import Desk
from connector.sandbox.callyzer.store import Store
from connector.sandbox.callyzer.web import routes
from connector.sandbox.callyzer.webhooks import HEADER, Failure, Subscription, Webhooks
from connector.sandbox.faults import Faults, with_faults

CALLS_PER_LEAD, MOST_LEADS = 20, 500
"""How many leads `CallyzerSandbox.load` makes besides those of the cast."""
LEAD_CHANGES_ONE_IN = 8
"""How often a lead changes when a call arrives."""


@dataclass(kw_only=True, eq=False)
class CallyzerSandbox:
    """A Callyzer account; ``app`` is what `Server` serves.

    ``seconds_per_request`` 0 means no limit. ``now`` is its clock, for the limit
    and for the times it writes, which are those of ``zone``. ``excluded`` are the
    client numbers kept out where a request asks for that. ``examples`` adds the
    document's own record. With ``people`` the calls that are made up are with the
    first so many of `connector.sandbox.population`, and a few strangers.
    ``{version}`` in ``prefix`` stands for that of the API.
    """

    token: str = "callyzer-sandbox-token"  # noqa: S105 - opens only the sandbox
    seconds_per_request: float = 2
    zone: str = "Asia/Kolkata"
    now: Callable[[], datetime] = SystemClock().now
    version: Version = "2.1"
    prefix: str = "/api/v{version}"
    excluded: Collection[str] = ()
    examples: bool = False
    people: int = 0
    moods: Moods = field(default_factory=Moods)
    faults: Faults = field(default_factory=Faults)

    def __post_init__(self) -> None:
        """Open the account, with the cast as its employees."""
        self.prefix = self.prefix.replace("{version}", self.version)
        self._zone = ZoneInfo(self.zone)
        self._book = self._opened()
        self._employees = Employees(self._book.store)
        self._callers = Callers(people=self.people)
        self._leads_made = 0
        for employee in of_team(self._zone):
            self._employees.put(employee)
        served = routes(self.prefix, Gate(self), self._answers().table(), self)
        self.app = with_faults(served, self.faults)
        if self.examples:
            self.add(EXAMPLE)

    def __len__(self) -> int:
        """How many calls there are."""
        return len(self._book.store)

    # ── calls ──────────────────────────────────────────────────────────────

    def add(self, record: Mapping[str, object]) -> Call:
        """Add a call, or replace the one with its id; return it as it is sent.

        Fields that are missing are blank, and their times are now. KeyError
        without an id, or with a field that the document does not have.
        """
        (call,) = self._book.add([record])
        return call

    def add_all(self, records: Iterable[Mapping[str, object]]) -> None:
        """Add calls as `add` does; a webhook has them in one delivery."""
        self._book.add(records)

    def change(self, call_id: str, **fields: object) -> Call:
        """Change a call; it counts as modified and synced now unless told when.

        KeyError where there is no such call, or no such field.
        """
        stamp = self._book.stamp()
        times: Call = {"synced_at": stamp, "modified_at": stamp}
        return self._book.change(call_id, times | documented(fields))

    def remove(self, call_id: str) -> None:
        """Forget a call; harmless when there is none."""
        self._book.store.remove(call_id)

    def load(
        self, count: int, *, seed: int = 1, days: float = 7, trouble: bool = False
    ) -> None:
        """Make up ``count`` calls of the last ``days``, and leads to fit them.

        Nothing of it is posted to a webhook.
        """
        more = min(count // CALLS_PER_LEAD, MOST_LEADS)
        self.load_leads(len(OF_CLIENTS) + more, seed=seed)
        rng = Random(seed)  # noqa: S311 - repeatable, not secret
        moments = working_moments(rng, count, self.now(), days, self._zone)
        self._book.load(self._made_up(rng, at, trouble=trouble) for at in moments)

    def arrive(self, rng: Random, *, trouble: bool = False) -> str:
        """Let a made-up call come in now, and maybe a lead change; return its id."""
        call = self._made_up(rng, self.now(), trouble=trouble)
        self._book.put([call])
        if len(self._book.leads) and rng.randrange(LEAD_CHANGES_ONE_IN) == 0:
            changes = lead_change(rng, self._book.here())
            self.change_lead(rng.choice(self._book.leads.ids()), **changes)
        return str(call["id"])

    # ── leads and employees ────────────────────────────────────────────────

    def add_lead(self, record: Mapping[str, object]) -> Lead:
        """Add a lead, or replace the one with its id; return all its fields.

        Fields may be where lead/get has them or side by side; missing ones are
        blank, and their times are now. Calls with its numbers that have no lead
        become its own. KeyError without an id, or with a field that is none.
        """
        stamp = self._book.stamp()
        times = {"created_at": stamp, "modified_at": stamp}
        lead = BLANK | times | {"id": record["id"]} | flat(record)
        self._book.leads.put(lead)
        self._book.map_calls(lead)
        return dict(lead)

    def change_lead(self, lead_id: str, **fields: object) -> Lead:
        """Change a lead; it counts as modified now unless told when.

        KeyError where there is no such lead, or no such field.
        """
        stamp: Lead = {"modified_at": self._book.stamp()}
        return dict(self._book.leads.change(lead_id, stamp | flat(fields)))

    def remove_lead(self, lead_id: str) -> None:
        """Forget a lead; its calls still name it. Harmless when there is none."""
        self._book.leads.remove(lead_id)

    def lead_ids(self) -> list[str]:
        """The ids of all leads, in the order they were made."""
        return self._book.leads.ids()

    def load_leads(self, count: int, *, seed: int = 1) -> None:
        """Make up ``count`` leads, those of the cast first, then ever more people."""
        rng = Random(f"lead {self._leads_made} {seed}")  # noqa: S311 - repeatable, not secret
        for _ in range(count):
            self.add_lead(new_lead(rng, self._leads_made, self._book.here()))
            self._leads_made += 1

    def add_employee(self, record: Mapping[str, object]) -> Call:
        """Register somebody, or replace whoever has that number.

        Missing fields are those of a phone at work. KeyError without an
        ``emp_number``, or with a field that the document does not have.
        """
        return self._employees.put(record)

    def change_employee(self, number: str, **fields: object) -> Call:
        """Change an employee; they count as modified now unless told when.

        KeyError where nobody has that number, or there is no such field.
        """
        stamp: Call = {"modified_at": self._book.stamp()}
        return self._employees.change(number, stamp | fields)

    def remove_employee(self, number: str) -> None:
        """Forget an employee; reports still have their calls."""
        self._employees.remove(number)

    # ── webhooks ───────────────────────────────────────────────────────────

    def subscribe(
        self,
        url: str,
        secret: str,
        *,
        header: str = HEADER,
        hmac: bool = False,
        excluded_too: bool = True,
    ) -> None:
        """Post every call that is added or changed from now on to ``url``.

        ``header`` has the secret itself, or with ``hmac`` the body's HMAC-SHA256
        with it, in hex.
        """
        self._book.webhooks.subscriptions.append(
            Subscription(
                url=url,
                secret=secret,
                header=header,
                hmac=hmac,
                excluded_too=excluded_too,
            )
        )

    def unsubscribe(self, url: str) -> None:
        """Post nothing more to ``url``."""
        kept = [s for s in self._book.webhooks.subscriptions if s.url != url]
        self._book.webhooks.subscriptions[:] = kept

    def redeliver(self, *call_ids: str) -> None:
        """Post these calls once more, as they are now, in one delivery."""
        self._book.webhooks.post(self._book.store.records(call_ids))

    def settle(self, seconds: float = 10) -> bool:
        """Wait until everything is posted; False if that takes longer."""
        return self._book.webhooks.settle(seconds)

    @property
    def failures(self) -> list[Failure]:
        """The deliveries that were not accepted, oldest first."""
        return list(self._book.webhooks.failures)

    # ── inside ─────────────────────────────────────────────────────────────

    def _opened(self) -> Book:
        return Book(
            zone=self._zone,
            now=self.now,
            store=Store(self._zone, self.excluded),
            leads=Leads(),
            webhooks=Webhooks(excluded=frozenset(self.excluded)),
        )

    def _answers(self) -> Answers:
        book = self._book
        desk = Desk(book=book, employees=self._employees)
        return Answers(
            version=self.version,
            book=book,
            employees=self._employees,
            desk=desk,
            moods=self.moods,
        )

    def _made_up(self, rng: Random, at: datetime, *, trouble: bool) -> Call:
        client = self._callers.next(rng)
        return new_call(rng, at, zone=self._zone, trouble=trouble, client=client)
