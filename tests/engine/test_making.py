"""Somebody whom nobody knows is made once, whoever asks, whatever happens."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from connector.engine.linker import LinkPlan
from connector.errors import OutcomeUnknownError, RecordError
from connector.model import Lane, Page, Payload, Refused, Remedy
from connector.state.store import Store
from tests.engine.office import (
    NUMBER,
    OTHER,
    Office,
    call,
    finding,
    person,
    recipe,
    row_of,
)

MAKING = LinkPlan(
    finds={"WhoId": finding(none="create")},
    read=("WhoId", "WhatId"),
    recipes={"WhoId": recipe()},
)


@pytest.fixture
def office(office: Office) -> Office:
    office.links = MAKING
    return office


def phones(office: Office) -> list[str]:
    return sorted(str(lead["Phone"]) for lead in office.org.leads.records.values())


# ── making ─────────────────────────────────────────────────────────────────


def test_many_calls_of_one_new_number_are_all_on_one_new_lead(office: Office) -> None:
    office.carry(*(call(f"c{n}") for n in range(250)), call("d", OTHER))

    assert phones(office) == [OTHER, NUMBER]
    assert len({office.who(f"c{n}") for n in range(250)}) == 1
    assert office.who("d") != office.who("c0")


def test_the_next_call_finds_the_lead_without_waiting_for_a_refresh(
    office: Office,
) -> None:
    office.carry(call("a"))

    office.carry(call("b"))

    assert phones(office) == [NUMBER]
    assert office.who("b") == office.who("a")


def test_the_ledger_says_that_it_was_made(office: Office) -> None:
    office.carry(call("a"))

    links = office.ledger("a").links
    assert links is not None
    assert links["WhoId"].why == f"made, as nobody has {NUMBER}"


def test_nobody_is_made_where_several_have_the_number(office: Office) -> None:
    rule = finding(none="create", ties="leave")
    office.links = replace(MAKING, finds={"WhoId": rule})
    office.learn(person("003A"), person("003B"))

    office.carry(call("a"))

    assert phones(office) == []


def test_a_lead_that_the_crm_refuses_leaves_the_call_on_nobody_and_says_why(
    office: Office,
) -> None:
    office.org.leads.refuse = lambda _: Refused(
        code="DUPLICATES_DETECTED", message="Use one of these", remedy=Remedy.SET_ASIDE
    )

    counts = office.carry(call("a"))

    assert (counts.created, counts.unlinked) == (1, 1)
    links = office.ledger("a").links
    assert links is not None
    assert "Use one of these" in links["WhoId"].why


def test_a_call_that_no_lead_can_be_made_of_goes_in_on_nobody(office: Office) -> None:
    def broken(_: object) -> Payload:
        raise RecordError("LastName: too odd", code="WRONG_TYPE")

    made = replace(recipe(), payload=broken)
    office.links = replace(MAKING, recipes={"WhoId": made})

    counts = office.carry(call("a"))

    assert counts.created == 1
    assert phones(office) == []


def locked(times: int) -> Callable[[Payload], Refused | None]:
    """Refuse so many leads as Salesforce does while another write has the row."""
    left = times

    def refuse(_: Payload) -> Refused | None:
        nonlocal left
        left -= 1
        if left < 0:
            return None
        return Refused(code="UNABLE_TO_LOCK_ROW", message="locked", remedy=Remedy.RETRY)

    return refuse


def test_a_refusal_that_passes_is_waited_for(office: Office) -> None:
    office.org.leads.refuse = locked(times=2)

    office.carry(call("a"), call("b", OTHER))

    assert phones(office) == [OTHER, NUMBER]
    assert office.who("a")
    assert office.who("b")


def test_a_call_whose_lead_cannot_be_made_yet_is_tried_again_by_itself(
    office: Office,
) -> None:
    office.org.leads.refuse = locked(times=100)

    counts = office.carry(call("a"), call("b"))

    assert (counts.created, counts.set_aside) == (0, 2)
    assert office.org.leads.creates == 3
    entries = office.store.asides("calls")
    assert {entry.code for entry in entries} == {"UNABLE_TO_LOCK_ROW"}
    assert all(entry.retry_at and "locked" in entry.message for entry in entries)
    office.org.leads.refuse = lambda _: None
    again = [call("a"), call("b")]
    office.run(lambda p: p.carry(iter([Page(records=again)]), again=True))
    assert phones(office) == [NUMBER]
    assert office.org.selects == []  # nothing is in doubt
    assert office.who("a") == office.who("b") == next(iter(office.org.leads.records))
    assert office.store.quarantined("calls") == 0


# ── trouble ────────────────────────────────────────────────────────────────


def test_a_lost_answer_makes_no_second_lead(office: Office) -> None:
    office.org.leads.after = _raising(OutcomeUnknownError())
    with pytest.raises(OutcomeUnknownError):
        office.carry(call("a"))
    office.org.leads.after = lambda: None

    office.carry(call("a"))

    assert phones(office) == [NUMBER]
    assert office.who("a") == next(iter(office.org.leads.records))


def test_a_request_that_never_arrived_is_made_after_all(office: Office) -> None:
    office.org.leads.after = _raising(OutcomeUnknownError())
    with pytest.raises(OutcomeUnknownError):
        office.carry(call("a"))
    office.org.leads.records.clear()
    office.org.leads.after = lambda: None

    office.carry(call("a"))

    assert phones(office) == [NUMBER]


def test_whoever_dies_while_making_is_followed_by_one_that_looks_first(
    office: Office,
) -> None:
    office.org.leads.after = _raising(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        office.carry(call("a"))
    office.org.leads.after = lambda: None

    office.carry(call("a"))

    assert phones(office) == [NUMBER]


def test_another_flow_waits_while_one_is_making(office: Office, tmp_path: Path) -> None:
    with Store(tmp_path / "state.db", office.clock) as other:
        elsewhere = replace(office, store=other)

        def meanwhile() -> None:
            office.org.leads.after = lambda: None
            push = elsewhere.push(flow="other")
            linked = push.linker.link([row_of(call("b"))])
            assert [row.key for row in linked.busy] == ["phone:b"]
            assert linked.links == {}
            other.release(push.lease)

        office.org.leads.after = meanwhile
        office.carry(call("a"))

    assert phones(office) == [NUMBER]


def test_two_processes_at_once_make_one_lead(office: Office, tmp_path: Path) -> None:
    together = threading.Barrier(2, timeout=10)

    def work(lane: Lane, name: str) -> None:
        with Store(tmp_path / "state.db", office.clock) as store:
            push = replace(office, store=store).push(lane)
            together.wait()
            push.carry(iter([Page(records=[call(f"{name}{n}") for n in range(20)])]))

    threads = [
        threading.Thread(target=work, args=pair)
        for pair in ((Lane.LIVE, "a"), (Lane.REREAD, "b"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert phones(office) == [NUMBER]
    assert len(office.org.tasks.records) == 40
    assert len({office.who(f"{n}{i}") for n in "ab" for i in range(20)}) == 1


def _raising(error: BaseException) -> Callable[[], None]:
    def raise_it() -> None:
        raise error

    return raise_it


# ── set aside ──────────────────────────────────────────────────────────────


def test_a_call_of_nobody_is_set_aside_where_the_file_says_so_and_comes_in_later(
    office: Office,
) -> None:
    office.links = LinkPlan(finds={"WhoId": finding(none="set aside")})

    counts = office.carry(call("a"))

    assert (counts.created, counts.set_aside) == (0, 1)
    (entry,) = office.store.asides("calls")
    assert entry.code == "NOBODY"
    assert entry.retry_at is not None
    office.learn(person("003A"))
    records = [call("a")]
    office.run(lambda p: p.carry(iter([Page(records=records)]), again=True))
    assert office.who("a") == "003A"
    assert office.store.quarantined("calls") == 0
