"""What queries find and what they refuse (SOQL Reference)."""

import httpx
import pytest

from connector.sandbox.salesforce import SalesforceSandbox
from tests.sandbox.test_salesforce.keys import created, select, soql

CALLS = (
    ("a", "Intro call", 30, "2026-11-01", "2026-11-01T10:00:00Z"),
    ("b", "O'Neil \\ 100%", 60, "2026-11-02", "2026-11-02T10:00:00Z"),
    ("c", "INTRO again", None, None, None),
    ("d", "follow_up", 90, "2026-11-03", "2026-11-03T10:00:00Z"),
)


@pytest.fixture
def calls(api: httpx.Client, sandbox: SalesforceSandbox) -> dict[str, str]:
    contact = sandbox.rows("Contact")[0]["Id"]
    return {
        key: created(
            api,
            Call_Key__c=key,
            Subject=subject,
            CallDurationInSeconds=seconds,
            ActivityDate=day,
            Call_Started__c=moment,
            WhoId=contact if key == "a" else None,
        )
        for key, subject, seconds, day, moment in CALLS
    }


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("Subject = 'intro CALL'", "a"),
        ("Subject != 'Intro call'", "bcd"),
        (r"Subject = 'O\'Neil \\ 100%'", "b"),
        (r"Subject = '\u0049ntro call'", "a"),
        ("Subject LIKE 'intro%'", "ac"),
        (r"Subject LIKE '%100\%'", "b"),
        (r"Subject LIKE 'follow\_up'", "d"),
        (r"Subject LIKE '%\\%'", "b"),
        ("Subject LIKE 'follow_u_'", "d"),
        ("NOT Subject LIKE 'intro%'", "bd"),
        ("Call_Key__c IN ('a', 'c', 'x')", "ac"),
        ("Call_Key__c NOT IN ('a', 'c')", "bd"),
        ("Call_Key__c = 'A'", ""),
        ("CallDurationInSeconds > 30", "bd"),
        ("CallDurationInSeconds >= 30", "abd"),
        ("CallDurationInSeconds < 60", "a"),
        ("CallDurationInSeconds <= 60.0", "ab"),
        ("CallDurationInSeconds = NULL", "c"),
        ("CallDurationInSeconds != null", "abd"),
        ("CallDurationInSeconds IN (30, 90)", "ad"),
        ("ActivityDate >= 2026-11-02", "bd"),
        ("ActivityDate = 2026-11-01", "a"),
        ("Call_Started__c < 2026-11-02T15:30:00+05:30", "a"),
        ("Call_Started__c <= 2026-11-02T15:30:00+05:30", "ab"),
        ("IsClosed = TRUE", ""),
        ("IsClosed = false AND IsReminderSet != true", "abcd"),
        ("WhoId != null", "a"),
        ("Who.Type = 'Contact'", "a"),
        ("Who.Name = null", "bcd"),
        ("Subject = 'x' OR (Call_Key__c = 'a' AND WhoId != null)", "a"),
        ("(Call_Key__c = 'a' OR Call_Key__c = 'b') AND (NOT WhoId = null)", "a"),
        ("Call_Key__c = 'a' AND Subject = 'follow_up'", ""),
        ("subject = 'follow_up' and call_key__C in ('d')", "d"),
        ("Subject = ''", ""),
    ],
)
def test_a_condition_finds(
    api: httpx.Client, calls: dict[str, str], where: str, found: str
) -> None:
    records = select(api, soql("SELECT Call_Key__c FROM Task WHERE", where))

    assert "".join(sorted(str(r["Call_Key__c"]) for r in records)) == found


@pytest.mark.parametrize(
    ("tail", "found"),
    [
        ("ORDER BY CallDurationInSeconds", "cabd"),
        ("ORDER BY CallDurationInSeconds NULLS LAST", "abdc"),
        ("ORDER BY CallDurationInSeconds DESC", "dbac"),
        ("ORDER BY CallDurationInSeconds DESC NULLS FIRST", "cdba"),
        ("ORDER BY Subject ASC", "dcab"),
        ("ORDER BY ActivityDate ASC NULLS LAST, Subject DESC LIMIT 2", "ab"),
        ("ORDER BY SystemModstamp, Id", "abcd"),
        ("ORDER BY Id DESC LIMIT 2 OFFSET 1", "cb"),
        ("LIMIT 0", ""),
    ],
)
def test_an_order_and_a_limit_hold(
    api: httpx.Client, calls: dict[str, str], tail: str, found: str
) -> None:
    records = select(api, soql("SELECT Call_Key__c FROM Task", tail))

    assert "".join(str(r["Call_Key__c"]) for r in records) == found


def test_ids_are_found_in_either_form(api: httpx.Client, calls: dict[str, str]) -> None:
    one, two = calls["a"], calls["b"]
    where = f"Id IN ('{one[:15]}', '{two}')"

    records = select(api, soql("SELECT Id FROM Task WHERE", where))

    assert [r["Id"] for r in records] == [one, two]


def test_keyset_paging_goes_on_where_it_stopped(
    api: httpx.Client, calls: dict[str, str]
) -> None:
    stamp = "2026-11-05T06:30:00Z"
    after = f"(SystemModstamp = {stamp} AND Id > '{calls['b']}')"
    where = f"SystemModstamp > {stamp} OR {after}"

    order = "ORDER BY SystemModstamp, Id"
    query = soql("SELECT Id FROM Task WHERE", where, order)

    assert [r["Id"] for r in select(api, query)] == [calls["c"], calls["d"]]


def test_counting_returns_no_records(api: httpx.Client, calls: dict[str, str]) -> None:
    query = "SELECT COUNT() FROM Task WHERE ActivityDate != null"

    answer = api.get("query", params={"q": query})

    assert answer.json() == {"totalSize": 3, "done": True, "records": []}


def test_a_polymorphic_relationship_shows_the_name_object(
    api: httpx.Client, sandbox: SalesforceSandbox, calls: dict[str, str]
) -> None:
    person = sandbox.rows("Contact")[0]
    query = (
        "SELECT Who.Name, who.Type, What.Name, Owner.Name FROM Task"
        " WHERE Call_Key__c = 'a'"
    )

    (record,) = select(api, query)

    url = f"/services/data/v62.0/sobjects/Contact/{person['Id']}"
    assert record["Who"] == {
        "attributes": {"type": "Name", "url": url},
        "Name": person["Name"],
        "Type": "Contact",
    }
    assert record["What"] is None
    assert isinstance(record["Owner"], dict)
    assert record["Owner"]["Name"] == "Integration User"


def test_typeof_reaches_the_fields_of_the_object_it_names(
    api: httpx.Client, sandbox: SalesforceSandbox, calls: dict[str, str]
) -> None:
    person = sandbox.rows("Contact")[0]
    query = (
        "SELECT Id, TYPEOF Who WHEN Contact THEN Phone, Account.Name"
        " WHEN Lead THEN Company ELSE Name END,"
        " TYPEOF What WHEN Account THEN Phone END"
        " FROM Task WHERE Call_Key__c IN ('a', 'b') ORDER BY Call_Key__c"
    )

    linked, unlinked = select(api, query)

    who = linked["Who"]
    assert isinstance(who, dict)
    assert who["attributes"]["type"] == "Contact"
    assert who["Phone"] == person["Phone"]
    assert who["Account"]["Name"] == "Meridian Textiles"
    assert (unlinked["Who"], unlinked["What"]) == (None, None)


def test_typeof_shows_other_objects_by_name(
    api: httpx.Client, calls: dict[str, str]
) -> None:
    query = (
        "SELECT TYPEOF Who WHEN Lead THEN Company ELSE Name END"
        " FROM Task WHERE Call_Key__c = 'a'"
    )

    (record,) = select(api, query)

    assert isinstance(record["Who"], dict)
    assert record["Who"].keys() == {"attributes", "Name"}


def test_plain_relationships_reach_on_and_on(api: httpx.Client) -> None:
    query = (
        "SELECT Account.Owner.Username, Owner.Email, Account.Name, Name FROM Contact"
        " WHERE Account.Owner.IsActive = true ORDER BY Account.Name, Id LIMIT 1"
    )

    (record,) = select(api, query)

    account = record["Account"]
    assert isinstance(account, dict)
    assert account["Name"] == "Bluewater Logistics"
    assert account["Owner"]["Username"] == "integration.user@sandbox.example"


def test_the_closed_statuses_can_be_asked_for(api: httpx.Client) -> None:
    query = (
        "SELECT ApiName, MasterLabel, IsDefault FROM TaskStatus WHERE IsClosed = true"
    )

    assert select(api, query) == [
        {"ApiName": "Completed", "MasterLabel": "Completed", "IsDefault": False}
    ]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "MALFORMED_QUERY"),
        ("SELECT", "MALFORMED_QUERY"),
        ("SELECT Id FROM", "MALFORMED_QUERY"),
        ("SELECT Id FROM WHERE Id = null", "MALFORMED_QUERY"),
        ("SELECT Id, FROM Task", "MALFORMED_QUERY"),
        ("SELECT * FROM Task", "MALFORMED_QUERY"),
        ("SELECT Id FROM Task WHERE", "MALFORMED_QUERY"),
        ('SELECT Id FROM Task WHERE Subject = "a"', "MALFORMED_QUERY"),
        ("SELECT Id FROM Task WHERE Subject = 'a", "MALFORMED_QUERY"),
        (r"SELECT Id FROM Task WHERE Subject = '\d'", "MALFORMED_QUERY"),
        (r"SELECT Id FROM Task WHERE Subject = '\_'", "MALFORMED_QUERY"),
        ("SELECT Id FROM Task WHERE Subject = a", "MALFORMED_QUERY"),
        ("SELECT Id FROM Task WHERE Subject IN ()", "MALFORMED_QUERY"),
        ("SELECT Id FROM Task WHERE Subject NOT LIKE 'a'", "MALFORMED_QUERY"),
        (
            "SELECT Id FROM Task WHERE Id = null AND Id = null OR Id = null",
            "MALFORMED_QUERY",
        ),
        ("SELECT Id FROM Task WHERE ActivityDate = 2026-02-30", "MALFORMED_QUERY"),
        ("SELECT Id FROM Task LIMIT 'a'", "MALFORMED_QUERY"),
        ("SELECT Id FROM Task LIMIT 1.5", "MALFORMED_QUERY"),
        ("SELECT Id FROM Task OFFSET 2001", "MALFORMED_QUERY"),
        ("SELECT Id FROM Task GROUP BY Id", "MALFORMED_QUERY"),
        ("SELECT Id FROM Task WHERE Subject", "MALFORMED_QUERY"),
        (
            soql("SELECT Id FROM Task WHERE Subject =", f"'{'x' * 4001}'"),
            "MALFORMED_QUERY",
        ),
        (
            soql("SELECT", f"Account.{'Parent.' * 5}Name", "FROM Contact"),
            "INVALID_FIELD",
        ),
        ("SELECT Id FROM Task; DROP", "MALFORMED_QUERY"),
        ("SELECT TYPEOF Who END FROM Task", "MALFORMED_QUERY"),
        ("SELECT Subjekt FROM Task", "INVALID_FIELD"),
        ("SELECT Id, Subject, Id FROM Task", "INVALID_FIELD"),
        ("SELECT Id FROM Task WHERE Subjekt = 'a'", "INVALID_FIELD"),
        ("SELECT Id FROM Task ORDER BY Subjekt", "INVALID_FIELD"),
        ("SELECT Whom.Name FROM Task", "INVALID_FIELD"),
        ("SELECT Who.MobilePhone FROM Task", "INVALID_FIELD"),
        ("SELECT Who.Account.Name FROM Task", "INVALID_FIELD"),
        ("SELECT Id FROM Task WHERE Who.Account.Name = 'a'", "INVALID_FIELD"),
        ("SELECT TYPEOF Who WHEN Account THEN Name END FROM Task", "INVALID_FIELD"),
        ("SELECT TYPEOF Account WHEN User THEN Id END FROM Contact", "INVALID_TYPE"),
        ("SELECT Id FROM Task WHERE Description = 'a'", "INVALID_FIELD"),
        ("SELECT Id FROM Task ORDER BY Description", "INVALID_FIELD"),
        ("SELECT Id FROM Task WHERE Subject = 5", "INVALID_FIELD"),
        ("SELECT Id FROM Task WHERE CallDurationInSeconds = '5'", "INVALID_FIELD"),
        ("SELECT Id FROM Task WHERE CreatedDate > '2026-11-01'", "INVALID_FIELD"),
        ("SELECT Id FROM Task WHERE CreatedDate > 2026-11-01", "INVALID_FIELD"),
        ("SELECT Id FROM Task WHERE IsClosed = 'true'", "INVALID_FIELD"),
        (
            "SELECT Id FROM Task WHERE Id = 'a'",
            "INVALID_QUERY_FILTER_OPERATOR",
        ),
        ("SELECT Id FROM Task WHERE IsClosed LIKE 'a'", "INVALID_FIELD"),
        (
            "SELECT Id FROM Task WHERE IsClosed LIKE true",
            "INVALID_QUERY_FILTER_OPERATOR",
        ),
        (
            "SELECT Id FROM Task WHERE WhoId LIKE '003%'",
            "INVALID_QUERY_FILTER_OPERATOR",
        ),
        ("SELECT Id FROM Taskk", "INVALID_TYPE"),
    ],
)
def test_what_is_no_such_query_is_refused(
    api: httpx.Client, query: str, code: str
) -> None:
    answer = api.get("query", params={"q": query})

    assert answer.status_code == 400
    assert (answer.json()[0]["errorCode"], len(answer.json())) == (code, 1)


def test_a_query_without_text_is_refused(api: httpx.Client) -> None:
    assert api.get("query").json()[0]["errorCode"] == "MALFORMED_QUERY"
