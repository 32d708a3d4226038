"""The org by hand, in this process and over HTTP, and its page."""

import httpx
import pytest

from connector.sandbox.salesforce import SalesforceSandbox
from tests.sandbox.test_salesforce.keys import Hand, created, select, soql, task, upsert


def test_a_change_by_hand_is_stamped_like_any_other(
    api: httpx.Client, sandbox: SalesforceSandbox, hand: Hand
) -> None:
    one = created(api, Subject="a")
    hand.move(seconds=90)

    sandbox.change(one, Subject="b", Status="Completed")

    (row,) = sandbox.rows("Task")
    assert (row["Subject"], row["IsClosed"]) == ("b", True)
    assert row["CreatedDate"] == "2026-11-05T06:30:00.000+0000"
    assert row["SystemModstamp"] == "2026-11-05T06:31:30.000+0000"
    assert row["LastModifiedDate"] == row["SystemModstamp"]


def test_a_key_can_be_changed_by_hand(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    one = created(api, Call_Key__c="a")

    sandbox.change(one, Call_Key__c="b")

    (item,) = upsert(api, task(Call_Key__c="b")).json()
    assert (item["id"], item["created"]) == (one, False)


def test_a_record_added_by_hand_is_found(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    one = sandbox.add("Lead", {"FirstName": "Ann", "LastName": "Lee", "Company": "x"})

    found = select(api, soql("SELECT Name FROM Lead WHERE Id =", f"'{one}'"))

    assert found == [{"Name": "Ann Lee"}]


def test_nothing_unknown_is_added_or_changed(sandbox: SalesforceSandbox) -> None:
    with pytest.raises(KeyError, match="Subjekt"):
        sandbox.add("Task", {"Subjekt": "a"})
    with pytest.raises(KeyError, match="00T"):
        sandbox.change("00T5g0000099999", Subject="a")


def test_a_merge_moves_what_was_tied_to_the_loser(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    winner, loser = (str(row["Id"]) for row in sandbox.rows("Contact")[:2])
    created(api, WhoId=loser)

    sandbox.merge(winner, loser)

    everyone = sandbox.rows("Contact", deleted=True)
    gone = next(row for row in everyone if row["Id"] == loser)
    assert sandbox.rows("Task")[0]["WhoId"] == winner
    assert (gone["IsDeleted"], gone["MasterRecordId"]) == (True, winner)


def test_only_records_of_one_kind_are_merged(sandbox: SalesforceSandbox) -> None:
    contact, lead = (str(sandbox.rows(n)[0]["Id"]) for n in ("Contact", "Lead"))

    with pytest.raises(KeyError):
        sandbox.merge(contact, lead)


def test_writes_are_written_down_as_they_were_sent(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    one = created(api, Subject="a")
    upsert(api, task(Call_Key__c="k"), task(Call_Key__c="l", Subject="b"))
    api.patch(f"sobjects/Task/{one}", json={"Status": "x"})
    api.delete("composite/sobjects", params={"ids": one})
    api.post("sobjects/Lead", json={"LastName": "refused"})

    log = [(w.verb, w.object_name, w.ids, set(w.fields)) for w in sandbox.writes]
    assert log == [
        ("create", "Task", (), {"Subject"}),
        ("upsert", "Task", ("k", "l"), {"Call_Key__c", "Subject"}),
        ("update", "Task", (one,), {"Status"}),
        ("delete", "Task", (one,), set()),
        ("create", "Lead", (), {"LastName"}),
    ]
    assert sandbox.calls == {
        "token": 1,
        "collection create": 1,
        "collection upsert": 1,
        "update": 1,
        "collection delete": 1,
        "create": 1,
    }


def test_a_new_org_has_the_team_and_the_people_they_call(
    sandbox: SalesforceSandbox,
) -> None:
    integration, *agents = sandbox.rows("User")
    people = [*sandbox.rows("Contact"), *sandbox.rows("Lead")]
    numbers = {row["Phone"] or row["MobilePhone"] for row in people}

    assert integration["Id"] == sandbox.user_id
    assert {u["EmployeeNumber"]: u["IsActive"] for u in agents} == {
        str(number): number != 108 for number in range(101, 109)
    }
    assert len(people) + len(sandbox.rows("Account")) > 25
    assert any(str(number).startswith("+") for number in numbers)
    assert any("(" in str(number) for number in numbers)
    assert len(numbers) < len(people)


def test_records_are_kept_over_http_too(
    client: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    added = client.post("/sandbox/records/Task", json={"Subject": "a"})
    one = added.json()["id"]
    changed = client.patch(f"/sandbox/records/{one}", json={"Subject": "b"})
    listed = client.get("/sandbox/records/Task").json()
    deleted = client.delete(f"/sandbox/records/{one}")

    assert [a.status_code for a in (added, changed, deleted)] == [201, 204, 204]
    assert [row["Subject"] for row in listed] == ["b"]
    assert client.get("/sandbox/records/Task").json() == []
    assert len(client.get("/sandbox/records/Task?deleted=true").json()) == 1
    assert sandbox.used == 0


def test_a_user_is_activated_over_http(
    client: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    leaver = next(u for u in sandbox.rows("User") if not u["IsActive"])

    client.post(f"/sandbox/users/{leaver['Id']}/activate")

    assert all(user["IsActive"] for user in sandbox.rows("User"))


def test_a_picklist_is_widened_over_http(
    client: httpx.Client, api: httpx.Client
) -> None:
    wider = {"object": "Task", "field": "Call_Status__c", "value": "Escalated"}

    client.post("/sandbox/picklists", json=wider)

    assert created(api, Call_Status__c="Escalated")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/sandbox/records/Taskk", b"{}"),
        ("/sandbox/records/Task", b'{"Subjekt": 1}'),
        ("/sandbox/records/Task", b"{"),
        ("/sandbox/picklists", b"[]"),
        ("/sandbox/users/nobody/activate", b""),
    ],
)
def test_what_cannot_be_done_by_hand_is_said(
    client: httpx.Client, path: str, body: bytes
) -> None:
    assert client.post(path, content=body).status_code == 400


def test_the_page_shows_the_newest_calls_to_people(
    client: httpx.Client, api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    empty = client.get("/sandbox/").text
    person = sandbox.rows("Contact")[0]
    created(api, Subject="the oldest")
    for _ in range(49):
        created(api, WhoId=person["Id"], CallDurationInSeconds=75)
    created(api, Subject="<b>", Call_Key__c="callyzer:1", Description="x" * 100)

    page = client.get("/sandbox/").text

    assert "No calls yet" in empty
    assert "the oldest" not in page
    assert page.count("<tr>") == 51
    assert "&lt;b&gt;" in page
    assert "<b></b>" not in page
    for shown in ("1:15", str(person["Name"]), "callyzer:1", "Integration User"):
        assert shown in page
    assert "x" * 90 + "…" in page
    assert "not linked" in page
    assert "51 / 100,000" in page
