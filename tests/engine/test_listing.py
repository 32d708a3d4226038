"""Whom a CRM record is, and what they are found by."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.engine.listing import Listing, covers, fingerprint, listing, not_read_yet
from connector.mapping.faults import Place
from connector.mapping.flow import FindRule, Indexed, PushFlow
from connector.mapping.flow_calls import Internal
from connector.mapping.ranges import Numbers
from connector.model import Condition, Listed, Loading, Scalar
from tests.engine.desk import MAPPING, STREAM
from tests.engine.registry import CONTACT, LEAD, USER, indexed, shape

MADE = datetime(2026, 11, 5, 6, 30, tzinfo=UTC)
LEAVERS = Condition(field="IsActive", operator="is", value=False)


def how(indexed: Indexed = CONTACT, *regions: str) -> Listing:
    return listing(indexed, shape(indexed.name), regions or ("IN", "US"), UTC)


def record(**fields: Scalar) -> dict[str, Scalar]:
    """A record with every field that is asked for."""
    names = {*how().fields, *how(LEAD).fields, *how(USER).fields, "Code__c"}
    empty: dict[str, Scalar] = dict.fromkeys(names)
    made = {"Id": "0031", "Name": "Ada", "CreatedDate": "2026-11-05T06:30:00.000+0000"}
    return empty | made | fields


def listed(indexed: Indexed = CONTACT, *regions: str, **fields: Scalar) -> Listed:
    found = how(indexed, *regions).of(record(**fields))
    assert found
    return found


def test_a_person_is_who_the_crm_says() -> None:
    person = listed(Phone="099887 76655").person

    assert (person.crm_id, person.object, person.name) == ("0031", "Contact", "Ada")
    assert person.created == MADE.timestamp()


def test_every_field_is_read_in_its_place_and_a_value_in_two_has_the_first() -> None:
    found = listed(
        Phone="+14155550100", MobilePhone="+14155550100 / 099887 76655", Email="A@x.Com"
    )

    assert found.entries == (
        ("+14155550100", 0),
        ("+919988776655", 1),
        ("a@x.com", 0),
    )


@pytest.mark.parametrize(
    ("country", "values"),
    [
        ("India", ["+914155550100"]),
        ("United States", ["+14155550100"]),
        ("nowhere", ["+914155550100", "+14155550100"]),
        (None, ["+914155550100", "+14155550100"]),
    ],
)
def test_a_number_without_a_country_is_of_the_records_country_or_of_every_region(
    country: str | None, values: list[str]
) -> None:
    found = listed(Phone="4155550100", Country=country)

    assert [value for value, _ in found.entries] == values


def test_without_a_country_field_the_regions_count() -> None:
    found = listed(indexed("Contact", country=None), "US", Phone="415 555 0100")

    assert found.entries == (("+14155550100", 0),)


def test_the_value_of_a_key_is_found_whatever_its_case() -> None:
    user = replace(USER, keys=("Code__c",))

    found = listed(user, Code__c=" Ab-1 ", IsActive=True)

    assert found.entries == (("User.Code__c=ab-1", 0),)


def test_a_number_as_a_key_is_as_a_person_writes_it() -> None:
    user = replace(USER, keys=("Code__c",))

    assert listed(user, Code__c=101.0, IsActive=True).entries[0][0].endswith("=101")


def test_who_has_no_value_is_somebody_all_the_same() -> None:
    assert listed(Phone="n/a", Email=" ").entries == ()


@pytest.mark.parametrize(
    ("indexed", "fields"),
    [
        (CONTACT, {"IsDeleted": True}),
        (LEAD, {"IsConverted": True}),
        (USER, {"IsActive": False}),
        (replace(USER, where=()), {"IsActive": False}),
        (replace(USER, where=(LEAVERS,)), {"IsActive": False}),
    ],
    ids=["deleted", "converted", "inactive", "whatever it says", "even so"],
)
def test_who_is_gone_or_not_wanted_is_nobody(
    indexed: Indexed, fields: dict[str, Scalar]
) -> None:
    assert how(indexed).of(record(**fields)) is None


def test_only_fields_that_the_crm_has_are_asked_for() -> None:
    assert "IsDeleted" in how(CONTACT).fields
    assert "IsDeleted" not in how(USER).fields
    assert "ConvertedContactId" in how(LEAD).fields
    assert "ConvertedOpportunityId" not in how(LEAD).fields
    assert len(set(how(LEAD).fields)) == len(how(LEAD).fields)


def test_what_a_lead_became_counts_once_it_is_converted() -> None:
    lead = replace(LEAD, where=())
    ids: dict[str, Scalar] = {"ConvertedContactId": "0032", "ConvertedAccountId": None}

    assert listed(lead, IsConverted=True, **ids).person.became == {"Contact": "0032"}
    assert listed(lead, IsConverted=False, **ids).person.became == {}


def test_half_a_character_in_a_name_does_no_harm() -> None:
    assert listed(Name="Ada \ud83d").person.name == "Ada ?"


def test_of_users_only_the_active_are_asked_for() -> None:
    (asked,) = how(replace(USER, where=())).asked

    assert (asked.field, asked.value) == ("IsActive", True)
    assert how(CONTACT).asked == ()


ANYTHING = st.none() | st.text(max_size=30) | st.integers() | st.booleans()


@given(phone=ANYTHING, email=ANYTHING, name=ANYTHING, country=ANYTHING)
def test_no_record_is_too_odd(
    phone: Scalar, email: Scalar, name: Scalar, country: Scalar
) -> None:
    found = listed(Phone=phone, Email=email, Name=name, Country=country)

    for value, rank in found.entries:
        assert value.encode()
        assert rank == 0
    found.person.name.encode()


# ── what was read, and what is needed ──────────────────────────────────────


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"place": Place(9, 9)}, True),
        ({"phones": ("MobilePhone", "Phone")}, False),
        ({"emails": ()}, False),
        ({"keys": ("Code__c",)}, False),
        ({"country": None}, False),
        ({"where": LEAD.where}, False),
    ],
    ids=lambda change: "".join(change) if isinstance(change, dict) else "",
)
def test_what_is_read_otherwise_has_another_fingerprint(
    change: dict[str, Any], *, same: bool
) -> None:
    before = fingerprint(CONTACT, ("IN",))

    assert (fingerprint(replace(CONTACT, **change), ("IN",)) == before) is same
    assert fingerprint(CONTACT, ("US",)) != before


def test_fields_that_were_read_before_cover_those_that_are_read_now() -> None:
    both = fingerprint(CONTACT, ("IN",))
    fewer = fingerprint(replace(CONTACT, phones=("MobilePhone",)), ("US",))

    assert covers(both, fewer)
    assert not covers(fewer, both)
    assert not covers("", both)


def push(*finds: FindRule, internal: Internal | None = None) -> PushFlow:
    """A flow that pushes, and looks people up so."""
    from connector.mapping.load import World, load_text  # noqa: PLC0415

    words = World(
        streams={"phone": {"calls": STREAM}}, zones={"phone": "UTC"}, regions=("IN",)
    )
    flow = load_text(MAPPING, "calls.yaml", words)
    assert isinstance(flow, PushFlow)
    return replace(flow, finds=finds, internal=internal)


def find(*objects: str, **how: Any) -> FindRule:  # noqa: ANN401  passed on
    given = {"by": "phone", "names": ("customer.phone",), **how}
    return FindRule(field="WhoId", place=Place(1, 1), objects=objects, **given)


def loaded(*names: Indexed, complete: bool = True) -> dict[str, Loading]:
    return {
        each.name: Loading(
            object=each.name,
            fingerprint=fingerprint(each, ("IN",)),
            load=1,
            complete_at=MADE if complete else None,
        )
        for each in names
    }


WITH_KEY = replace(USER, keys=("Code__c",))
NO_MAIL = replace(CONTACT, emails=())


@pytest.mark.parametrize(
    ("rule", "loadings", "lacking"),
    [
        (find("Contact", "Lead"), {}, ["Contact", "Lead"]),
        (find("Contact", "Lead"), loaded(LEAD), ["Contact"]),
        (find("Contact"), loaded(CONTACT, complete=False), ["Contact"]),
        (find("Contact"), loaded(CONTACT), []),
        (find("Contact", by="email"), loaded(CONTACT), []),
        (find("Contact", by="email"), loaded(NO_MAIL), ["Contact"]),
        (find("User", by="field", name="Code__c"), loaded(WITH_KEY), []),
        (find("User", by="field", name="Code__c"), loaded(USER), ["User"]),
        (find("Case", by="field", name="CaseNumber"), {}, []),
        (find("Case", by="id"), {}, []),
    ],
)
def test_a_flow_waits_for_what_it_looks_people_up_by(
    rule: FindRule, loadings: dict[str, Loading], lacking: list[str]
) -> None:
    assert not_read_yet(push(rule), loadings) == lacking


def test_a_flow_that_tells_calls_between_colleagues_waits_for_the_users() -> None:
    between = ("agent.phone", "customer.phone")
    internal = Internal(calls="skip", numbers=Numbers(), between=between)

    assert not_read_yet(push(internal=internal), {}) == ["User"]
    assert not_read_yet(push(internal=internal), loaded(USER)) == []
    assert not_read_yet(push(), {}) == []
