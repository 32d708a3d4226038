"""Calls and agents are listed page by page, as the Manager API's documents say."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.sandbox.ccai import FIELDS, CcaiSandbox
from connector.sandbox.ccai.listing import CALLS, paged
from connector.sandbox.ccai.moments import micros, stamp
from connector.sandbox.ccai.store import Store
from connector.sandbox.salesforce import SalesforceSandbox
from tests.sandbox.test_ccai.document import Clock, Json

TAIL = {"sort_column": "updated_at", "sort_direction": "ASC"}

DOCUMENTED = {
    "id", "parent_id", "lang", "call_type", "status", "created_at", "queued_at",
    "assigned_at", "connected_at", "ends_at", "scheduled_at", "wait_duration",
    "call_duration", "hold_duration", "rating", "has_feedback", "voip_provider",
    "out_ticket_id", "out_ticket_url", "verified", "recording_url",
    "recording_permission", "voicemail_reason", "deflection", "disconnected_by",
    "fail_details", "fail_reason", "support_number", "selected_menu", "menu_path",
    "agent_info", "end_user", "photos", "videos", "transfers", "participants",
}  # fmt: skip
"""Those of the call object that the document of the call API shows."""


def ids(answer: httpx.Response) -> list[int]:
    assert answer.status_code == 200
    return [row["id"] for row in answer.json()]


def test_a_call_has_the_documents_fields_and_those_of_the_manager_api(
    sandbox: CcaiSandbox, manager: httpx.Client
) -> None:
    sandbox.add({"id": 7, "out_ticket_id": "500000000000001", "lang": "हि"})

    (call,) = manager.get("/calls").json()

    assert set(call) == set(FIELDS) > DOCUMENTED
    assert {"updated_at", "queue_duration", "adapter_fail_code"} <= set(call)
    assert (call["out_ticket_id"], call["lang"]) == ("500000000000001", "हि")
    assert call["created_at"] == call["updated_at"] == "2019-09-10T00:19:14.000Z"
    assert call == sandbox.call(7)


def test_a_field_that_the_documents_lack_cannot_be_added(sandbox: CcaiSandbox) -> None:
    with pytest.raises(KeyError, match="colour"):
        sandbox.add({"id": 1, "colour": "red"})
    sandbox.add({"id": 1})
    with pytest.raises(KeyError, match="colour"):
        sandbox.change(1, colour="red")
    with pytest.raises(KeyError, match="2"):
        sandbox.change(2, rating=5)


def test_calls_are_tailed_from_a_moment_that_is_included(
    sandbox: CcaiSandbox, clock: Clock, manager: httpx.Client
) -> None:
    for call_id in range(1, 6):
        sandbox.add({"id": call_id})
        clock.advance(60)
    third = sandbox.call(3)["updated_at"]

    tail = manager.get("/calls", params=TAIL | {"updated_at[from]": str(third)})

    assert ids(tail) == [3, 4, 5]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, [3, 2, 1]),
        ({"sort_column": "id", "sort_direction": "asc"}, [1, 2, 3]),
        (TAIL, [2, 3, 1]),
        ({"sort_column": "updated_at", "sort_direction": "desc"}, [1, 3, 2]),
        ({"sort_column": "created_at", "sort_direction": "ASC"}, [1, 2, 3]),
        ({"id[]": ["3", "1", "9"]}, [3, 1]),
        (TAIL | {"id[]": ["1", "2"]}, [2, 1]),
        (TAIL | {"updated_at[to]": "2019-09-10T00:19:15Z"}, [2]),
        (TAIL | {"created_at[from]": "2019-09-10T00:19:15+00:00"}, [2, 3]),
        (
            TAIL
            | {
                "updated_at[from]": "2019-09-10T05:49:16+05:30",
                "updated_at[to]": "2019-09-10T00:19:16.000000Z",
            },
            [3],
        ),
    ],
)
def test_conditions_and_order_are_those_asked_for(
    sandbox: CcaiSandbox,
    clock: Clock,
    manager: httpx.Client,
    params: dict[str, str | list[str]],
    expected: list[int],
) -> None:
    for call_id in (1, 2, 3):
        sandbox.add({"id": call_id})
        clock.advance(1)
    sandbox.change(1, rating=5)

    assert ids(manager.get("/calls", params=params)) == expected


def test_pages_together_are_all_calls_once(
    sandbox: CcaiSandbox, manager: httpx.Client
) -> None:
    sandbox.load(250)

    pages = [
        ids(manager.get("/calls", params=TAIL | {"page": n, "per": 90}))
        for n in (1, 2, 3, 4)
    ]

    assert [len(page) for page in pages] == [90, 90, 70, 0]
    assert sorted(i for page in pages for i in page) == list(range(1, 251))


def test_a_page_has_a_hundred_rows_and_a_larger_one_is_reduced_to_that(
    sandbox: CcaiSandbox, manager: httpx.Client
) -> None:
    sandbox.load(120)

    pages = [manager.get("/calls", params=p) for p in ({}, {"per": 200}, {"per": 20})]

    assert [len(page.json()) for page in pages] == [100, 100, 20]
    assert [page.headers["per-page"] for page in pages] == ["100", "100", "20"]


def test_links_lead_through_all_pages_and_keep_what_was_asked(
    sandbox: CcaiSandbox, manager: httpx.Client
) -> None:
    sandbox.load(25)
    page = manager.get(
        "/calls", params=TAIL | {"per": 10, "updated_at[from]": "2000-01-01T00:00:00Z"}
    )
    first, found = page, ids(page)
    while "next" in page.links:
        page = manager.get(page.links["next"]["url"])
        found += ids(page)

    assert found == ids(manager.get("/calls", params=TAIL))
    assert first.headers["total"] == "25"
    assert first.links["last"]["url"] == str(page.request.url)
    assert page.links == {}


def test_a_list_is_looked_up_anew_when_calls_come_change_and_go(
    sandbox: CcaiSandbox, manager: httpx.Client
) -> None:
    totals = []
    for step in (
        lambda: None,
        lambda: sandbox.add({"id": 1}),
        lambda: sandbox.load(2),
        lambda: sandbox.remove(1),
    ):
        step()
        totals.append(manager.get("/calls").headers["total"])

    assert totals == ["0", "1", "3", "2"]


@pytest.mark.parametrize(
    ("paging", "headers"),
    [("link", {"link", "total", "per-page"}), ("total", {"total"}), ("none", set())],
)
def test_each_revision_has_its_own_headers(
    sandbox: CcaiSandbox, manager: httpx.Client, paging: str, headers: set[str]
) -> None:
    sandbox.load(3)
    sandbox.moods.paging = paging  # type: ignore[assignment] # the cases are its values

    answer = manager.get("/calls", params={"per": 2})

    assert {"link", "total", "per-page"} & set(answer.headers) == headers


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"page": "0x1"}, "page is not well formed"),
        ({"page": "0"}, "page is not well formed"),
        ({"per": "-5"}, "per is not well formed"),
        ({"per": "0"}, "per is not well formed"),
        ({"sort_column": "note"}, "sort_column is not well formed"),
        ({"sort_direction": "up"}, "sort_direction is not well formed"),
        ({"updated_at[from]": "yesterday"}, "updated_at is not well formed"),
        ({"updated_at[from]": "2019-09-10"}, "updated_at is not well formed"),
        ({"updated_at[to]": "2019-09-10T00:19:14"}, "updated_at is not well formed"),
        ({"updated_at[form]": "2019-09-10"}, "updated_at[form] is not a parameter"),
        ({"id[]": "first"}, "id is not well formed"),
        ({"email": "a@b.example"}, "email is not a parameter"),
    ],
)
def test_what_a_list_cannot_be_asked_is_refused(
    manager: httpx.Client, params: dict[str, str], message: str
) -> None:
    answer = manager.get("/calls", params=params)

    assert (answer.status_code, answer.json()) == (400, {"message": message})


def test_an_offset_whose_plus_was_not_encoded_is_no_moment(
    manager: httpx.Client,
) -> None:
    answer = manager.get("/calls?updated_at[from]=2019-09-10T05:49:14+05:30")

    assert answer.json() == {"message": "updated_at is not well formed"}


def test_the_agents_are_the_cast_with_their_addresses_in_the_crm(
    manager: httpx.Client,
) -> None:
    crm = SalesforceSandbox(client_id="id", client_secret="secret")  # noqa: S106 - opens only the sandbox
    users = {row["Name"]: row["Email"] for row in crm.rows("User")}

    rows = manager.get("/agents").json()
    cast = {row["name"]: row["email"] for row in rows if row["agent_number"]}

    assert len(cast) == 8
    assert cast.items() <= users.items()


def test_agents_are_found_by_number_and_id_and_told_from_one_another(
    manager: httpx.Client,
) -> None:
    by_number = manager.get("/agents", params={"agent_number[]": ["103", "101"]})
    by_id = manager.get("/agents", params={"id[]": by_number.json()[0]["id"]})
    in_order = manager.get(
        "/agents", params={"sort_column": "email", "sort_direction": "asc", "per": 2}
    )
    offline = manager.get("/agents", params={"online[]": "false"})

    assert [row["agent_number"] for row in by_number.json()] == ["103", "101"]
    assert by_id.json() == by_number.json()[:1]
    assert [row["first_name"] for row in in_order.json()] == ["Admin", "Agent"]
    assert in_order.headers["total"] == "11"
    assert offline.json() == []


def test_agents_are_found_by_when_their_status_changed(
    sandbox: CcaiSandbox, clock: Clock, manager: httpx.Client
) -> None:
    agent = sandbox.account.agents["rohan.deshmukh@sandbox.example"]
    sandbox.account.add_agent(replace(agent, available=False))
    since = {"status_updated_at[from]": stamp(clock.at)}
    until = {"status_updated_at[to]": "2019-09-10T00:19:13Z"}
    login = {"last_login_time[from]": stamp(clock.at)}

    found = [len(ids(manager.get("/agents", params=p))) for p in (since, until, login)]
    (offline,) = manager.get("/agents", params={"online[]": "false"}).json()

    assert found == [11, 0, 10]
    assert (offline["id"], offline["status"]["name"]) == (agent.id, "Unavailable")


def test_the_agent_of_a_call_is_one_of_the_agents(
    sandbox: CcaiSandbox, manager: httpx.Client
) -> None:
    sandbox.load(50)

    agents = {row["id"]: row for row in manager.get("/agents").json()}
    infos = [c["agent_info"] for c in manager.get("/calls").json() if c["agent_info"]]

    assert len(infos) > 20
    assert all(info.items() <= agents[info["id"]].items() for info in infos)
    assert all("email" not in info for info in infos)


DAY = datetime(2026, 11, 20, tzinfo=UTC)
STEPS = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 5)), max_size=40)


@given(steps=STEPS, start=st.integers(0, 5), size=st.integers(1, 4))
def test_a_tail_is_exactly_what_was_updated_since_whatever_happened(
    steps: list[tuple[int, int]], start: int, size: int
) -> None:
    store, updates = Store(), dict[int, datetime]()
    for call_id, second in steps:
        updates[call_id] = DAY + timedelta(seconds=second)
        record: Json = {"id": call_id, "created_at": None, "status": "finished"}
        store.put(record, updates[call_id], "")
    since = DAY + timedelta(seconds=start)
    params = [*TAIL.items(), ("updated_at[from]", stamp(since)), ("per", str(size))]
    pages = [paged([*params, ("page", str(n))], CALLS, 100) for n in range(1, 12)]

    keys = [store.find(page.selection) for page in pages]
    found = [
        key
        for page, all_ in zip(pages, keys, strict=True)
        for key in all_[page.cut(all_)]
    ]

    expected = sorted((micros(at), i) for i, at in updates.items() if at >= since)
    assert found == expected
