"""Who a field should point to, among those who have what was looked for."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.engine.choosing import chosen, defaulted, is_open, together
from connector.mapping.convert import MISSING
from connector.mapping.faults import Place
from connector.mapping.finding import Find
from connector.mapping.flow import FindRule, Ties
from connector.model import Link, Person

NUMBER, OTHER = "+919930042101", "+13125550101"
MATCHED: tuple[Ties, ...] = ("newest", "priority")


def find(
    *objects: str,
    ties: Ties = "leave",
    references: tuple[str, ...] = ("Contact", "Lead"),
    default: str | None = None,
) -> Find:
    rule = FindRule(
        field="WhoId",
        place=Place(1, 1),
        objects=objects,
        by="phone",
        names=("customer.phone",),
        ties=ties,
        default=MISSING if default is None else default,
    )
    return Find(rule=rule, read=lambda _: (), references=references)


def person(
    name: str,
    kind: str = "Contact",
    *,
    created: float = 0.0,
    rank: int = 0,
    became: dict[str, str] | None = None,
) -> Person:
    return Person(
        crm_id=f"{kind}-{name}",
        object=kind,
        name=name,
        created=created,
        rank=rank,
        became=became or {},
    )


def among(
    people: Sequence[Person], rule: Find, values: tuple[str, ...] = (NUMBER,)
) -> Link:
    return chosen(rule, values, lambda value: people if value == NUMBER else [])


def test_the_only_one_with_the_number_is_chosen_and_the_link_says_why() -> None:
    link = among([person("Aditi Rao")], find("Contact", "Lead"))

    assert link == Link(
        id="Contact-Aditi Rao",
        why=f"the only Contact with {NUMBER}",
        who="Contact Aditi Rao",
        object="Contact",
        values=(NUMBER,),
    )


def test_an_object_named_first_wins_over_later_ones_however_new_they_are() -> None:
    people = [person("Old"), person("New", "Lead", created=9.0)]

    link = among(people, find("Contact", "Lead", ties="newest"))

    assert link.id == "Contact-Old"


def test_an_object_that_is_not_named_is_never_chosen() -> None:
    link = among([person("Ananya", "User")], find("Contact", "Lead"))

    assert link.id is None


def test_of_several_the_newest_is_chosen() -> None:
    people = [person("A", created=1.0), person("B", created=3.0), person("C")]

    link = among(people, find("Contact", ties="newest"))

    assert link.id == "Contact-B"
    assert link.why == f"the newest of 3 Contact records with {NUMBER}"
    assert set(link.among) == {f"Contact {n} (Contact-{n})" for n in "ABC"}


def test_of_two_that_were_made_in_one_second_it_is_the_one_with_the_later_id() -> None:
    people = [person("A"), person("B")]

    link = among(people, find("Contact", ties="newest"))

    assert link.id == "Contact-B"


def test_by_priority_it_is_the_one_whose_number_is_in_the_field_named_first() -> None:
    people = [person("Mobile", created=9.0, rank=1), person("Business", rank=0)]

    link = among(people, find("Contact", ties="priority"))

    assert link.id == "Contact-Business"


def test_ties_that_are_left_point_to_nobody_and_name_those_they_are_between() -> None:
    link = among([person("A"), person("B")], find("Contact", ties="leave"))

    assert link.id is None
    assert len(link.among) == 2
    assert is_open(link)


def test_one_person_with_the_number_in_two_fields_is_no_tie() -> None:
    link = among([person("A"), person("A", rank=2)], find("Contact"))

    assert link.id == "Contact-A"


def test_a_reading_that_somebody_has_is_taken_before_one_that_nobody_has() -> None:
    link = among([person("A")], find("Contact"), (OTHER, NUMBER))

    assert link.id == "Contact-A"
    assert link.values == (OTHER, NUMBER)


def test_nothing_to_look_for_is_said_and_not_open_to_later_finds() -> None:
    link = among([person("A")], find("Contact"), ())

    assert link.why == "nothing to look for in customer.phone"
    assert not is_open(link)


@pytest.mark.parametrize(
    ("references", "expected"),
    [
        (("Contact", "Lead"), "003"),
        (("Account", "Opportunity"), "006"),
        (("Account",), "001"),
        (("Case",), None),
    ],
)
def test_a_converted_lead_is_followed_as_far_as_the_field_can_point(
    references: tuple[str, ...], expected: str | None
) -> None:
    became = {"Contact": "003", "Account": "001", "Opportunity": "006"}
    lead = person("Zoya", "Lead", became=became)

    link = among([lead], find("Lead", references=references))

    assert link.id == expected
    assert "converted" in link.why


def test_the_default_is_given_to_whom_nobody_was_found_for_and_stays_open() -> None:
    rule = find("User", default="005")

    link = defaulted(rule, among([], rule))

    assert link.id == "005"
    assert link.why == f"nobody has {NUMBER}: the default"
    assert is_open(link)


def test_beside_a_lead_there_is_no_what() -> None:
    who = Link(id="00Q", why="found", object="Lead", values=(NUMBER,))
    what = Link(id="001", why="found", object="Account", values=(NUMBER,))

    links = together({"WhoId": who, "WhatId": what})

    assert links["WhatId"].id is None
    assert not is_open(links["WhatId"])
    assert links["WhoId"] == who


people = st.lists(
    st.builds(
        person,
        st.text("abc", min_size=1, max_size=2),
        st.sampled_from(["Contact", "Lead", "User"]),
        created=st.floats(0, 9),
        rank=st.integers(0, 2),
    ),
    max_size=6,
    unique_by=lambda p: p.crm_id,
)


@given(people, st.sampled_from(MATCHED))
def test_the_choice_does_not_depend_on_the_order_in_which_people_are_known(
    known: list[Person], ties: Ties
) -> None:
    rule = find("Contact", "Lead", ties=ties)
    shuffled = sorted(known, key=lambda p: p.crm_id, reverse=True)

    assert among(known, rule) == among(shuffled, rule)


@given(people, st.sampled_from(MATCHED))
def test_somebody_is_chosen_whenever_anybody_fits_and_it_is_one_of_them(
    known: list[Person], ties: Ties
) -> None:
    fitting = {p.crm_id for p in known if p.object in ("Contact", "Lead")}

    link = among(known, find("Contact", "Lead", ties=ties))

    assert (link.id in fitting) if fitting else link.id is None
