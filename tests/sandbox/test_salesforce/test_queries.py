"""Pages of a query, deleted and archived records, and limits of requests (REST API
Developer Guide, "Query", "Limits", "Sforce-Limit-Info")."""

import email.utils

import httpx
import pytest

from connector.sandbox.salesforce import SalesforceSandbox
from tests.sandbox.test_salesforce.keys import (
    Hand,
    codes,
    create,
    created,
    select,
    soql,
    task,
)


def filled(sandbox: SalesforceSandbox, count: int) -> None:
    for number in range(count):
        sandbox.add("Task", {"Subject": str(number)})


def test_a_query_is_read_page_by_page(
    api: httpx.Client, url: str, sandbox: SalesforceSandbox
) -> None:
    filled(sandbox, 4100)

    first = api.get("query", params={"q": "SELECT Subject FROM Task"}).json()
    second = api.get(url + first["nextRecordsUrl"]).json()
    third = api.get(url + second["nextRecordsUrl"]).json()

    pages = first, second, third
    assert [len(page["records"]) for page in pages] == [2000, 2000, 100]
    assert [page["done"] for page in pages] == [False, False, True]
    assert {page["totalSize"] for page in pages} == {4100}
    assert "nextRecordsUrl" not in third
    subjects = [r["Subject"] for page in pages for r in page["records"]]
    assert subjects == [str(number) for number in range(4100)]


def test_a_page_may_be_smaller(api: httpx.Client, sandbox: SalesforceSandbox) -> None:
    filled(sandbox, 500)
    query = {"q": "SELECT Id FROM Task"}

    for wanted, given in (("250", 250), ("1", 200), ("9999", 500), ("x", 500)):
        headers = {"sforce-query-options": f"batchSize={wanted}"}
        page = api.get("query", params=query, headers=headers).json()
        assert len(page["records"]) == given


def test_a_cursor_ends(
    api: httpx.Client, url: str, sandbox: SalesforceSandbox, hand: Hand
) -> None:
    filled(sandbox, 2001)
    page = api.get("query", params={"q": "SELECT Id FROM Task"}).json()
    unknown = api.get("query/01g000000000000AAA-2000")
    sandbox.org.sessions.use(api.headers["authorization"])

    hand.move(hours=1)
    living = api.get(url + page["nextRecordsUrl"])
    for _ in range(48):
        hand.move(hours=1)
        api.get("sobjects")
    ended = api.get(url + page["nextRecordsUrl"])

    assert living.status_code == 200
    assert unknown.json()[0]["errorCode"] == "INVALID_QUERY_LOCATOR"
    assert (ended.status_code, ended.json()) == (400, unknown.json())


def test_only_the_newest_cursors_are_kept(
    api: httpx.Client, url: str, sandbox: SalesforceSandbox
) -> None:
    filled(sandbox, 201)
    headers = {"sforce-query-options": "batchSize=200"}

    pages = [
        api.get("query", params={"q": "SELECT Id FROM Task"}, headers=headers).json()
        for _ in range(51)
    ]

    first, last = (api.get(url + pages[at]["nextRecordsUrl"]) for at in (0, -1))
    assert (first.status_code, last.status_code) == (400, 200)


def test_deleted_and_archived_records_are_seen_by_query_all_only(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    deleted, archived, left = (created(api, Call_Key__c=key) for key in "dal")
    sandbox.delete(deleted)
    sandbox.change(archived, IsArchived=True)
    query = "SELECT Id, IsDeleted FROM Task WHERE Call_Key__c IN ('d', 'a', 'l')"

    plain = select(api, query)
    everything = select(api, query, resource="queryAll")

    assert plain == [{"Id": left, "IsDeleted": False}]
    assert [(r["Id"], r["IsDeleted"]) for r in everything] == [
        (deleted, True),
        (archived, False),
        (left, False),
    ]


def test_an_archived_record_can_still_be_updated(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    archived = created(api, Call_Key__c="a")
    sandbox.change(archived, IsArchived=True)

    answer = api.patch(f"sobjects/Task/{archived}", json={"Subject": "b"})

    assert answer.status_code == 204


def test_a_query_may_be_as_long_as_a_uri(api: httpx.Client) -> None:
    def asked(length: int) -> httpx.Response:
        subjects = ", ".join([f"'{'x' * (length // 5)}'"] * 5)
        query = soql("SELECT Id FROM Task WHERE Subject IN (", subjects, ")")
        return api.get("query", params={"q": query})

    statuses = [asked(length).status_code for length in (15_700, 16_200, 16_500)]

    assert statuses == [200, 431, 414]


def test_every_answer_says_what_was_used(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    sandbox.use(24)

    answers = [
        create(api, *(task() for _ in range(200))),
        api.get("query", params={"q": "nonsense"}),
        api.delete("sobjects/Task/x"),
        api.get("limits"),
    ]

    used = [a.headers["sforce-limit-info"] for a in answers]
    assert used == [f"api-usage={n}/100000" for n in range(25, 29)]
    left = answers[-1].json()["DailyApiRequests"]
    assert left == {"Max": 100_000, "Remaining": 99_972}
    assert sandbox.used == 28


def test_nothing_is_done_when_the_limit_is_used_up(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    sandbox.use(99_999)

    last, over = create(api, task()), create(api, task())

    assert codes(last) == [None]
    assert over.status_code == 403
    assert over.json()[0]["errorCode"] == "REQUEST_LIMIT_EXCEEDED"
    assert over.headers["sforce-limit-info"] == "api-usage=100000/100000"
    assert len(sandbox.rows("Task")) == 1
    assert len(sandbox.writes) == 1


def test_the_date_is_that_of_the_orgs_clock(api: httpx.Client, hand: Hand) -> None:
    hand.move(minutes=5)

    headers = api.get("sobjects").headers

    (date,) = headers.get_list("date")
    assert email.utils.parsedate_to_datetime(date) == hand.now()


@pytest.mark.parametrize("version", ["46.0", "59.0", "70.0"])
def test_any_version_with_upserts_of_collections_answers(
    api: httpx.Client, url: str, version: str
) -> None:
    listed = api.get(f"{url}/services/data/v{version}/sobjects/").json()

    task_urls = next(o["urls"] for o in listed["sobjects"] if o["name"] == "Task")
    assert task_urls["sobject"] == f"/services/data/v{version}/sobjects/Task"


@pytest.mark.parametrize(
    "path", ["v45.0/sobjects", "v62/sobjects", "vx.0/sobjects", "v62.0/nothing"]
)
def test_what_is_not_there_is_not_found(api: httpx.Client, url: str, path: str) -> None:
    answer = api.get(f"{url}/services/data/{path}")

    assert answer.status_code == 404
    assert answer.json() == [
        {
            "message": "The requested resource does not exist",
            "errorCode": "NOT_FOUND",
        }
    ]


def test_a_method_that_a_resource_lacks_is_refused(api: httpx.Client) -> None:
    answer = api.put("composite/sobjects", json={})

    assert answer.status_code == 405
    assert answer.json()[0]["errorCode"] == "METHOD_NOT_ALLOWED"
