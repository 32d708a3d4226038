"""People by the thousand in the org, the same that a phone system can call."""

from datetime import datetime, timedelta

import httpx
import phonenumbers
import pytest

from connector.sandbox.population import person
from connector.sandbox.salesforce import SalesforceSandbox
from connector.sandbox.salesforce.schema.shape import Row
from connector.sandbox.salesforce.written import COUNTRIES, WAYS, written
from tests.sandbox.test_salesforce.keys import ID, SECRET, Hand, select

PHONES = ("Phone", "MobilePhone", "HomePhone", "OtherPhone", "AssistantPhone")
REGIONS = {"91": "IN", "1": "US"}
MANY = 3_000


@pytest.fixture
def people(sandbox: SalesforceSandbox) -> list[Row]:
    """So many more contacts, without those that were there before."""
    before = len(sandbox.rows("Contact"))
    sandbox.populate(MANY)
    return sandbox.rows("Contact")[before:]


def moments(rows: list[Row], name: str) -> list[datetime]:
    return [datetime.fromisoformat(str(row[name])) for row in rows]


def national(text: str, country_code: str) -> str:
    number = phonenumbers.parse(text, REGIONS[country_code])
    return str(number.national_number)


@pytest.mark.parametrize(
    ("code", "way"), [(code, way) for code, ways in WAYS.items() for way in ways]
)
def test_every_way_of_writing_a_number_can_be_read(code: str, way: str) -> None:
    own = next(who for who in map(person, range(50)) if who.country_code == code)

    for number in own.numbers:
        text = written(way, number)
        assert national(text, code) == number
        assert len(text) <= 40


def test_each_of_them_has_the_three_numbers_of_a_person(people: list[Row]) -> None:
    for index, row in enumerate(people):
        who = person(index)
        texts = [str(row[name]) for name in PHONES if row[name]]
        assert row["Name"] == f"{who.first_name} {who.last_name}"
        assert {national(t, who.country_code) for t in texts} == {*who.numbers}
        assert len(texts) == 3


def test_they_differ_in_their_fields_and_ways(people: list[Row]) -> None:
    used = {tuple(name for name in PHONES if row[name]) for row in people}
    countries = [row["MailingCountry"] for row in people]
    shapes = {
        "".join("9" if c.isdigit() else c for c in str(row[name]))
        for row in people
        for name in PHONES
        if row[name]
    }

    assert len(used) == 4
    assert {*countries} == {*COUNTRIES.values(), None}
    assert countries.count(None) < MANY / 5
    assert any(row["Email"] is None for row in people)
    assert len(shapes) > 20


def test_they_were_changed_in_two_years_but_not_in_the_last_day(
    people: list[Row], hand: Hand
) -> None:
    created, changed = (moments(people, n) for n in ("CreatedDate", "SystemModstamp"))

    assert all(a <= b for a, b in zip(created, changed, strict=True))
    assert max(changed) < hand.now() - timedelta(days=1)
    assert min(created) > hand.now() - timedelta(days=731)
    assert max(changed) - min(changed) > timedelta(days=365)
    assert 50 < sum(a < b for a, b in zip(created, changed, strict=True)) < MANY
    assert moments(people, "LastModifiedDate") == changed


def test_they_are_the_same_in_any_org_and_go_on_where_they_ended(
    people: list[Row], hand: Hand
) -> None:
    other = SalesforceSandbox(client_id=ID, client_secret=SECRET, clock=hand.now)

    other.populate(1_001)
    other.populate(MANY - 1_001)

    assert other.rows("Contact")[-MANY:] == people


def test_they_are_found_by_a_query(
    people: list[Row], api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    rows = select(
        api, "SELECT Id, SystemModstamp FROM Contact ORDER BY SystemModstamp, Id"
    )

    stamps = [(str(row["SystemModstamp"]), str(row["Id"])) for row in rows]
    assert len({row["Id"] for row in people}) == MANY
    assert stamps == sorted(stamps)
    assert sandbox.rows("Task") == []
