"""Calls that are set aside for want of somebody, or wait under another key."""

from collections.abc import Collection
from datetime import timedelta
from pathlib import Path

import pytest
from typing_extensions import override

from connector.engine.linker import LinkPlan
from connector.mapping.faults import Place
from connector.mapping.finding import Find
from connector.mapping.flow import FindRule
from connector.mapping.keys import field_key
from connector.model import Listed, Loading, Page, Person
from connector.state.store import Store
from connector.testing import ManualClock
from tests.engine.office import NUMBER, OTHER, Office, call, finding, opened, person


def by_field(*objects: str) -> LinkPlan:
    rule = FindRule(
        field="WhoId",
        place=Place(1, 1),
        objects=objects,
        by="field",
        name="Code__c",
        names=("number",),
    )
    find = Find(rule=rule, read=lambda _: (), references=objects)
    return LinkPlan(finds={"WhoId": find}, read=("WhoId", "WhatId"))


def retried(office: Office) -> None:
    """Try again what is due, as the next run does."""
    due = office.store.asides("calls", due=office.clock.now())
    records = [call(e.record_id, str(e.record["number"])) for e in due]
    office.run(lambda push: push.carry(iter([Page(records=records)]), again=True))


def test_it_is_tried_again_for_ever_a_day_apart(office: Office) -> None:
    office.links = LinkPlan(finds={"WhoId": finding(none="set aside")})
    office.carry(call("a"))

    for _ in range(12):
        office.clock.time += timedelta(days=1)
        retried(office)

    (entry,) = office.store.asides("calls")
    assert entry.attempts == 13
    assert entry.retry_at == office.clock.now() + timedelta(days=1)


def test_it_is_due_once_its_number_is_learned_and_not_another(office: Office) -> None:
    office.links = LinkPlan(finds={"WhoId": finding(none="set aside")})
    office.carry(call("a"), call("b", OTHER))
    office.learn(person("003A"))

    retried(office)

    assert office.who("a") == "003A"
    assert [row["value"] for row in office.store.unmapped()] == [OTHER]


class LearningStore(Store):
    """Learns of somebody right after it said that nobody has the number."""

    @override
    def known(self, values: Collection[str]) -> dict[str, list[Person]]:
        found = super().known(values)
        with self.writing() as tx:
            tx.enlist(0, [Listed(person=person("003A"), entries=((NUMBER, 0),))])
        return found


def test_a_number_learned_while_it_is_set_aside_is_not_lost(tmp_path: Path) -> None:
    office = opened(tmp_path, ManualClock())
    office.links = LinkPlan(finds={"WhoId": finding(none="set aside")})
    office.store.close()
    with LearningStore(tmp_path / "state.db", office.clock) as office.store:
        assert office.carry(call("a")).set_aside == 1

        retried(office)

        assert office.who("a") == "003A"


@pytest.mark.parametrize("kind", ["Contact", "Lead"])
def test_what_is_found_by_a_field_is_linked_once_any_of_its_objects_has_it(
    office: Office, kind: str
) -> None:
    office.links = by_field("Contact", "Lead")
    with office.store.writing() as tx:
        for name in ("Contact", "Lead"):
            tx.set_loading(Loading(object=name, fingerprint="", load=1))
    office.carry(call("a", "X-7"))
    (row,) = office.store.unmapped()
    assert (row["value"], row["calls"]) == ("X-7", 1)
    office.learn(person("003A", kind), number=field_key(kind, "Code__c", "X-7"))

    office.later()

    assert office.who("a") == "003A"
    assert office.store.unmapped() == []
