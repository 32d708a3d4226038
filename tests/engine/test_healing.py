"""What becomes of links that the CRM refused: which one it was, and who instead."""

import threading

import pytest

from connector.engine.healing import Broken, Healer, Mended
from connector.engine.matching import Matcher
from connector.mapping.convert import MISSING
from connector.mapping.faults import Place
from connector.mapping.finding import Find
from connector.mapping.flow import FindRule
from connector.model import Link, Person, Scalar
from tests.engine.office import NUMBER, Office, person

WORDS = "entity is deleted"


def find(field: str, *objects: str, default: str | None = None) -> Find:
    rule = FindRule(
        field=field,
        place=Place(1, 1),
        objects=objects,
        by="phone",
        names=("number",),
        ties="newest",
        none="default" if default else "leave",
        default=default or MISSING,
    )
    return Find(rule=rule, read=lambda _: (), references=objects)


FINDS = {
    "WhoId": find("WhoId", "Contact", "Lead"),
    "WhatId": find("WhatId", "Account"),
    "OwnerId": find("OwnerId", "User", default="005D"),
}


def link(of: Person) -> Link:
    return Link(
        id=of.crm_id, why="found", who=of.name, object=of.object, values=(NUMBER,)
    )


def record(office: Office, crm_id: str, **fate: Scalar) -> None:
    """Let the CRM have a record, whatever its object."""
    office.org.leads.records[crm_id] = {"Id": crm_id, **fate}


def heal(office: Office, *fields: str, owner: bool = False, **links: Link) -> Mended:
    healer = Healer(
        matcher=Matcher(
            state=office.store,
            crm=office.org,
            finds=FINDS,
            prefixes={},
            stop=threading.Event(),
        )
    )
    (mended,) = healer.heal(
        [Broken(links=links, fields=fields or tuple(links), words=WORDS, owner=owner)]
    )
    return mended


WHO = person("003A")
WHAT = person("001A", "Account")


def ids(mended: Mended) -> dict[str, str | None]:
    return {name: link.id for name, link in mended.links.items()}


@pytest.mark.parametrize(
    "fate", [{"IsDeleted": True}, None], ids=["deleted", "not even there"]
)
def test_a_living_link_beside_a_dead_one_stays(
    office: Office, fate: dict[str, Scalar] | None
) -> None:
    record(office, "001A", IsDeleted=False)
    if fate:
        record(office, "003A", **fate)

    mended = heal(office, WhoId=link(WHO), WhatId=link(WHAT))

    assert ids(mended) == {"WhoId": None, "WhatId": "001A"}
    assert mended.lost == ("WhoId",)
    assert WORDS in mended.links["WhoId"].why


def test_a_living_link_that_the_crm_names_is_left_out(office: Office) -> None:
    record(office, "003A")
    record(office, "001A")

    mended = heal(office, "WhatId", WhoId=link(WHO), WhatId=link(WHAT))

    assert ids(mended) == {"WhoId": "003A", "WhatId": None}
    assert mended.lost == ("WhatId",)


def test_where_none_is_broken_for_all_we_see_all_are_left_out(office: Office) -> None:
    record(office, "003A")
    record(office, "001A")

    mended = heal(office, WhoId=link(WHO), WhatId=link(WHAT))

    assert mended.lost == ("WhoId", "WhatId")


def test_a_link_that_no_rule_found_is_left_out_only_where_ours_are_alive(
    office: Office,
) -> None:
    record(office, "003A", IsDeleted=True)
    dead = heal(office, "WhoId", "WhatId", WhoId=link(WHO))
    record(office, "003A", IsDeleted=False)
    alive = heal(office, "WhoId", "WhatId", WhoId=link(WHO))

    assert (dead.lost, alive.lost) == (("WhoId",), ("WhatId",))


def test_somebody_else_with_the_number_stands_in_for_who_is_gone(
    office: Office,
) -> None:
    office.learn(person("003A", created=9.0), person("003G", created=8.0))
    office.learn(person("003B", created=1.0), person("003C"))
    for crm_id, gone in (("003A", True), ("003B", False), ("003C", False)):
        record(office, crm_id, IsDeleted=gone)

    mended = heal(office, WhoId=link(WHO))

    assert (ids(mended), mended.lost) == ({"WhoId": "003B"}, ())
    assert "Name of 003A was refused: entity is deleted" in mended.links["WhoId"].why


def test_who_is_gone_is_struck_from_the_directory(office: Office) -> None:
    office.learn(person("003A"), person("003B"), person("00QA", "Lead"))
    record(office, "003A", IsDeleted=True)
    record(office, "00QA", IsDeleted=False)

    heal(office, WhoId=link(WHO))

    left = [each.crm_id for each in office.store.known([NUMBER])[NUMBER]]
    assert left == ["00QA"]


def test_a_lead_who_stands_in_has_nothing_beside_them(office: Office) -> None:
    office.learn(person("00QA", "Lead"))
    record(office, "00QA", IsDeleted=False)
    record(office, "001A", IsDeleted=False)

    mended = heal(office, WhoId=link(WHO), WhatId=link(WHAT))

    assert ids(mended) == {"WhoId": "00QA", "WhatId": None}


def test_merges_are_followed_however_many_there_were(office: Office) -> None:
    for at in range(12):
        record(office, f"003-{at}", IsDeleted=True, MasterRecordId=f"003-{at + 1}")
    record(office, "003-12", IsDeleted=False)

    mended = heal(office, WhoId=link(person("003-0")))

    assert ids(mended) == {"WhoId": "003-12"}


def test_a_circle_of_merges_leads_to_nobody(office: Office) -> None:
    record(office, "003A", IsDeleted=True, MasterRecordId="003B")
    record(office, "003B", IsDeleted=True, MasterRecordId="003A")

    assert heal(office, WhoId=link(WHO)).lost == ("WhoId",)


def test_a_merge_into_a_lead_that_was_converted_is_followed_to_the_contact(
    office: Office,
) -> None:
    record(office, "00QA", IsDeleted=True, MasterRecordId="00QB")
    record(office, "00QB", IsConverted=True, ConvertedContactId="003C")

    mended = heal(office, WhoId=link(person("00QA", "Lead")))

    assert ids(mended) == {"WhoId": "003C"}


def test_an_owner_who_cannot_own_gives_way_to_the_default(office: Office) -> None:
    owner = link(person("005A", "User"))

    mended = heal(office, owner=True, OwnerId=owner, WhoId=link(WHO))
    none = heal(office, owner=True, OwnerId=Link(id="005D", why="the default"))

    assert mended.links["OwnerId"].id == "005D"
    assert none.lost == ("OwnerId",)
    assert office.org.selects == []
