"""The streams leads and employees, read whole each time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from connector.clock import Clock
from connector.errors import RecordError
from connector.model import Page, Record, Reject, Stream
from connector.systems.callyzer.client import CallyzerClient
from connector.systems.callyzer.listing import read_list
from connector.systems.callyzer.parse import parse_reject
from connector.systems.callyzer.people import parse_employee, parse_lead
from connector.systems.callyzer.people_stream import EMPLOYEES, LEADS
from connector.transport.jsontext import Json

Parse = Callable[[Json, ZoneInfo], Record]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leads:
    """Callyzer's leads. Implements `Scannable`; ``zone`` is the account's."""

    client: CallyzerClient
    zone: ZoneInfo
    clock: Clock
    options: Mapping[str, object] = field(default_factory=dict)

    @property
    def stream(self) -> Stream:
        """What the records look like."""
        return LEADS

    def scan(self) -> Iterator[Page]:
        """Yield every lead."""
        for rows in read_list(lambda n: self.client.leads({"page_no": n}), _lead):
            yield _page(rows, parse_lead, self.zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Employees:
    """Callyzer's employees. Implements `Scannable`; ``zone`` is the account's."""

    client: CallyzerClient
    zone: ZoneInfo
    clock: Clock
    options: Mapping[str, object] = field(default_factory=dict)

    @property
    def stream(self) -> Stream:
        """What the records look like."""
        return EMPLOYEES

    def scan(self) -> Iterator[Page]:
        """Yield every employee for whom the lead feature is active."""
        ask = self.client.employees
        for rows in read_list(lambda n: ask({"page_no": n}), _employee):
            yield _page(rows, parse_employee, self.zone)


def _lead(row: Json) -> tuple[str, str]:
    return _key(row, "id")


def _employee(row: Json) -> tuple[str, str]:
    return _key(row, "emp_country_code", "emp_number")


def _key(row: Json, *names: str) -> tuple[str, str]:
    """Which row it is; what is none is what it looks like."""
    if not isinstance(row, dict):
        return repr(row), ""
    name = "-".join(str(row.get(each)) for each in names)
    return name, str(row.get("modified_at"))


def _page(rows: Sequence[Json], parse: Parse, zone: ZoneInfo) -> Page:
    records: list[Record] = []
    rejects: list[Reject] = []
    for row in rows:
        try:
            records.append(parse(row, zone))
        except RecordError as error:
            rejects.append(parse_reject(row, error))
    return Page(records=records, rejects=rejects)
