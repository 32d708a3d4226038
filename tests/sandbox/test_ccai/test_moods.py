"""What the platform does on bad days, and in which forms rows may come."""

from datetime import datetime, timedelta

import httpx
import pytest

from connector.sandbox.ccai import CcaiSandbox
from connector.sandbox.ccai.calls import NULLABLE
from tests.sandbox.test_ccai.document import Clock

TAIL = {"sort_column": "updated_at", "sort_direction": "ASC"}


def ids(answer: httpx.Response) -> list[int]:
    return [row["id"] for row in answer.json()]


def test_a_call_that_changes_between_two_pages_makes_the_next_page_skip_one(
    sandbox: CcaiSandbox, clock: Clock, manager: httpx.Client
) -> None:
    for call_id in range(1, 7):
        sandbox.add({"id": call_id})
        clock.advance(1)
    sandbox.moods.moves[1] = 1

    pages = [
        ids(manager.get("/calls", params=TAIL | {"page": n, "per": 3})) for n in (1, 2)
    ]
    clock.advance(1)
    again, still = (
        ids(manager.get("/calls", params=TAIL | {"page": 1, "per": 6}))
        for _ in range(2)
    )

    assert pages == [[1, 2, 3], [5, 6, 1]]
    assert again == still == [2, 3, 4, 5, 6, 1]


def test_a_changed_call_moves_to_the_end_unless_told_when(
    sandbox: CcaiSandbox, clock: Clock, manager: httpx.Client
) -> None:
    for call_id in (1, 2, 3):
        sandbox.add({"id": call_id})
        clock.advance(1)

    sandbox.change(1, rating=5)
    sandbox.change(3, rating=5, updated_at="2019-09-10T00:19:13.5Z")

    assert ids(manager.get("/calls", params=TAIL)) == [3, 2, 1]
    assert sandbox.call(3)["updated_at"] == "2019-09-10T00:19:13.500Z"


def test_more_calls_than_a_page_can_have_been_updated_at_one_moment(
    sandbox: CcaiSandbox, manager: httpx.Client
) -> None:
    sandbox.load(150)
    sandbox.touch()
    moment = str(sandbox.call(1)["updated_at"])
    tail = TAIL | {"updated_at[from]": moment, "updated_at[to]": moment}

    pages = [manager.get("/calls", params=tail | {"page": str(n)}) for n in (1, 2)]

    assert [len(ids(page)) for page in pages] == [100, 50]
    assert {row["updated_at"] for page in pages for row in page.json()} == {moment}
    assert len({i for page in pages for i in ids(page)}) == 150


def test_some_calls_can_be_touched_and_the_others_stay(sandbox: CcaiSandbox) -> None:
    sandbox.load(3)
    before = {str(call["id"]): call["updated_at"] for call in sandbox.calls()}

    sandbox.touch([1, 2])

    after = {str(call["id"]): call["updated_at"] for call in sandbox.calls()}
    assert after["1"] == after["2"] == "2019-09-10T00:19:14.000Z"
    assert after["3"] == before["3"] != after["1"]


def test_what_may_be_null_can_be(sandbox: CcaiSandbox, manager: httpx.Client) -> None:
    sandbox.load(5)
    sandbox.moods.nulls = NULLABLE

    rows = manager.get("/calls").json()
    agents = manager.get("/agents").json()

    assert all(
        {n for n, v in row.items() if v is not None} == {"id", "updated_at"}
        for row in rows
    )
    assert all(agent["email"] for agent in agents)


def test_agent_numbers_can_be_integers(
    sandbox: CcaiSandbox, manager: httpx.Client
) -> None:
    sandbox.add({"id": 1, "agent_info": {"id": 21, "agent_number": "0101"}})
    sandbox.add({"id": 2, "agent_info": {"id": 22, "agent_number": "N-7"}})
    sandbox.moods.agent_numbers = "integer"

    second, first = (row["agent_info"] for row in manager.get("/calls").json())
    (agent,) = manager.get("/agents", params={"agent_number[]": "101"}).json()

    assert (first["agent_number"], second["agent_number"]) == (101, "N-7")
    assert agent["agent_number"] == 101


@pytest.mark.parametrize(
    ("times", "written"),
    [
        ("milliseconds", "2019-09-10T00:19:14.021Z"),
        ("seconds", "2019-09-10T00:19:14Z"),
        ("offset", "2019-09-10T05:49:14.021+05:30"),
    ],
)
def test_times_can_be_written_in_every_way_that_is_iso_8601(
    sandbox: CcaiSandbox, clock: Clock, manager: httpx.Client, times: str, written: str
) -> None:
    clock.at += timedelta(milliseconds=21)
    sandbox.add(
        {
            "id": 1,
            "ends_at": "2019-09-10T00:19:14.021Z",
            "participants": [{"id": 1, "connected_at": "2019-09-10T00:19:14.021Z"}],
        }
    )
    sandbox.moods.times = times  # type: ignore[assignment] # the cases are its values

    (row,) = manager.get("/calls").json()

    assert row["updated_at"] == row["ends_at"] == written
    assert row["participants"][0]["connected_at"] == written


def test_a_moment_is_kept_finer_than_it_is_written(
    sandbox: CcaiSandbox, clock: Clock, manager: httpx.Client
) -> None:
    clock.at += timedelta(microseconds=700)
    sandbox.add({"id": 1})
    (row,) = manager.get("/calls").json()

    since = manager.get("/calls", params={"updated_at[from]": row["updated_at"]})
    until = manager.get("/calls", params={"updated_at[to]": row["updated_at"]})

    assert row["updated_at"] == "2019-09-10T00:19:14.000Z"
    assert (ids(since), ids(until)) == ([1], [])
    assert datetime.fromisoformat(row["updated_at"]) < clock.at


def test_rows_can_have_keys_that_nobody_knows(
    sandbox: CcaiSandbox, manager: httpx.Client
) -> None:
    sandbox.add({"id": 1})
    sandbox.moods.extra = {"csat": {"score": 4}, "tags": ["vip"]}

    for path in ("/calls", "/agents"):
        row = manager.get(path).json()[0]
        assert (row["csat"], row["tags"]) == ({"score": 4}, ["vip"])


def test_the_largest_page_can_be_smaller_than_the_documents(
    sandbox: CcaiSandbox, manager: httpx.Client
) -> None:
    sandbox.load(60)
    sandbox.moods.largest_page = 50

    sizes = [len(ids(manager.get("/calls", params=p))) for p in ({}, {"per": 100})]

    assert sizes == [50, 50]
