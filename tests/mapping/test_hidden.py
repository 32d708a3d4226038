"""A guard that our user can't see is told from one that is not set."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from connector.mapping.compile_dial import DialPlan, compile_dial
from connector.mapping.load import World
from connector.model import CrmObject, Scalar
from tests.mapping.conftest import PARAMETERS
from tests.mapping.loading import load_dial
from tests.mapping.org import ORG, a_field, with_fields

CONTACT, LEAD, OTHER = "0035g0000000001AAA", "00Q5g0000000001AAA", "0015g0000000001AAA"
PREFIXES = {"Contact": "003", "Lead": "00Q", "Account": "001"}


def org() -> Mapping[str, CrmObject]:
    """The org with the beginnings of its ids, and a checkbox of companies."""
    known = {
        name: replace(there, prefix=PREFIXES.get(name, ""))
        for name, there in ORG.items()
    }
    closed = a_field("Never__c", "boolean")
    return {**known, "Account": with_fields(known["Account"], closed)}


def plan_of(dials: str, world: World, guard: str = "Who.DoNotCall") -> DialPlan:
    text = dials.replace("Who.DoNotCall", guard)
    return compile_dial(load_dial(text, "x.yaml", world), org().__getitem__, PARAMETERS)


@pytest.mark.parametrize(
    ("record", "hidden"),
    [
        ({"WhoId": CONTACT, "Who.Id": None}, ("Who.DoNotCall",)),
        ({"WhoId": LEAD, "Who.Id": None}, ("Who.DoNotCall",)),
        ({"WhoId": LEAD, "Who.Id": LEAD}, ()),
        ({"WhoId": OTHER, "Who.Id": None}, ()),
        ({"WhoId": None, "Who.Id": None}, ()),
    ],
)
def test_a_guard_of_somebody_who_is_not_shown_is_hidden(
    record: Mapping[str, Scalar], hidden: tuple[str, ...], dials: str, world: World
) -> None:
    assert plan_of(dials, world).hidden(record) == hidden


def test_whom_the_record_points_to_is_read(dials: str, world: World) -> None:
    text = dials.replace("[WhatId, WhoId, Id]", "[Id]")

    query = plan_of(text, world).query

    assert "WhoId" in query.fields
    assert {name: names[-1] for name, names in query.typed["Who"].items()} == {
        "Contact": "Id",
        "Lead": "Id",
    }


def test_a_relationship_to_one_object_is_looked_at_too(
    dials: str, world: World
) -> None:
    plan = plan_of(dials, world, "Account.Never__c")

    there, nowhere = {"AccountId": OTHER}, {"AccountId": None}
    assert "Account.Id" in plan.query.fields
    assert plan.hidden({**there, "Account.Id": None}) == ("Account.Never__c",)
    assert plan.hidden({**nowhere, "Account.Id": None}) == ()


def test_a_guard_on_the_record_itself_is_never_hidden(dials: str, world: World) -> None:
    plan = plan_of(dials, world, "IsClosed")

    assert plan.hidden({"WhoId": CONTACT, "IsClosed": None}) == ()
