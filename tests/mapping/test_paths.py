"""What a dial file reads, as a query can ask for it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.mapping.load import World
from connector.mapping.path_values import reader_of, stream_of
from connector.mapping.paths import Paths, paths_of, related, resolve
from connector.model import CrmObject, StreamField
from tests.mapping.loading import load_dial
from tests.mapping.org import ORG, TASK, a_field, a_reference, an_object, with_fields


def resolved(*paths: str, target: CrmObject = TASK) -> Paths:
    return resolve(paths, target, ORG.get)


def test_a_record_s_own_fields_are_asked_for_by_name() -> None:
    found = resolved("WhoId", "Id", "WhoId")

    assert (found.plain, found.typed, found.wrong) == (("WhoId", "Id"), {}, {})


def test_what_leads_to_one_object_is_asked_for_by_path() -> None:
    found = resolved("Account.Phone")

    assert (found.plain, found.typed) == (("Account.Phone",), {})
    assert found.fields["Account.Phone"] == (ORG["Account"].fields["Phone"],)


def test_a_custom_relationship_is_followed_as_describe_calls_it() -> None:
    task = with_fields(TASK, a_reference("Branch__c", "Account"))

    found = resolved("Branch__r.Phone", target=task)

    assert found.plain == ("Branch__r.Phone",)


def test_what_may_be_of_several_objects_is_asked_of_those_that_have_it() -> None:
    found = resolved(
        "Who.Phone", "Who.HomePhone", "Owner.Call_Agent_Id__c", "What.Phone"
    )

    assert found.plain == ()
    assert found.typed == {
        "Who": {"Contact": ("Phone", "HomePhone"), "Lead": ("Phone",)},
        "Owner": {"User": ("Call_Agent_Id__c",)},
        "What": {"Account": ("Phone",)},
    }
    assert found.wrong == {}
    assert len(found.fields["Who.Phone"]) == 2


@pytest.mark.parametrize(
    "paths", [("What.Name",), ("What.Type",), ("What.Type", "What.Name")]
)
def test_a_name_alone_is_asked_for_by_path_and_no_object_is_described(
    paths: tuple[str, ...],
) -> None:
    asked: list[str] = []

    found = resolve(paths, TASK, asked.append)

    assert (found.plain, found.typed, asked) == (paths, {}, [])
    assert related(paths, TASK) == ()


def test_a_name_beside_other_fields_is_asked_for_as_they_are() -> None:
    found = resolved("Who.Name", "Who.Phone", "Who.Id")

    both = ("Name", "Phone", "Id")
    assert (found.plain, found.typed) == ((), {"Who": {"Contact": both, "Lead": both}})


WRONG = {
    "a field": ("WhoIds", "Task has no field 'WhoIds'", "did you mean 'WhoId'?"),
    "a relationship": (
        "Whoo.Phone",
        "Task has no relationship 'Whoo'",
        "did you mean 'Who'?",
    ),
    "the field in place of the relationship": (
        "OwnerId.Phone",
        "Task has no relationship 'OwnerId'",
        "did you mean 'Owner'?",
    ),
    "a field that leads nowhere": (
        "Score__c.Phone",
        "Task has no relationship 'Score__c'",
        "there is: Account, Owner, What, Who",
    ),
    "a field beyond": (
        "Account.Phon",
        "Account has no field 'Phon'",
        "did you mean 'Phone'?",
    ),
    "a field of any": (
        "Who.Fone",
        "Who leads to Contact, Lead: none has a field 'Fone'",
        "did you mean 'Phone'?",
    ),
    "a name that is one object's only": (
        "Account.Type",
        "Account has no field 'Type'",
        "",
    ),
    "two relationships": (
        "Account.Owner.Name",
        "'Account.Owner.Name' follows two relationships, and one is the most",
        "",
    ),
    "a field of parts": ("Place__c", "Place__c is address, which no rule can read", ""),
}


@pytest.mark.parametrize(("path", "message", "hint"), WRONG.values(), ids=WRONG)
def test_what_is_not_there_is_told_with_what_was_probably_meant(
    path: str, message: str, hint: str
) -> None:
    found = resolved("Id", path)

    assert (found.plain, found.typed) == (("Id",), {})
    (wrong,) = found.wrong.values()
    assert (wrong.message, hint) == (message, hint and wrong.hint)


def test_which_object_it_is_cannot_be_read_beside_its_fields() -> None:
    found = resolved("What.Type", "What.Phone")

    assert found.typed == {"What": {"Account": ("Phone",)}}
    assert "cannot be read beside other fields" in found.wrong["What.Type"].message


def test_an_object_that_the_user_may_not_see_is_passed_over() -> None:
    org = {name: there for name, there in ORG.items() if name != "Contact"}

    found = resolve(["Who.Phone"], TASK, org.get)
    lost = resolve(["Account.Phone", "Who.Phone"], TASK, lambda _: None)

    assert found.typed == {"Who": {"Lead": ("Phone",)}}
    assert [wrong.message for wrong in lost.wrong.values()] == [
        "the CRM has no Account that this user may see",
        "the CRM has no Contact, Lead that this user may see",
    ]


def test_of_what_may_lead_anywhere_only_the_usual_objects_are_looked_at() -> None:
    eight = tuple(f"Object_{number}__c" for number in range(8))
    anywhere = a_reference("WhatId", *eight, "Opportunity", "Account", polymorphic=True)
    few = replace(anywhere, references=eight)

    assert related(["What.Phone"], with_fields(TASK, anywhere)) == (
        "Account",
        "Opportunity",
    )
    assert related(["What.Phone"], with_fields(TASK, few)) == eight


@given(
    st.lists(
        st.sampled_from(
            [
                "Id",
                "Nope",
                "Who.Phone",
                "Who.Name",
                "What.Type",
                "Owner.Nope",
                "Account.Id",
            ]
        )
    )
)
def test_each_path_is_read_or_wrong_and_only_what_is_related_is_described(
    paths: list[str],
) -> None:
    asked: set[str] = set()

    def describe(name: str) -> CrmObject | None:
        asked.add(name)
        return ORG.get(name)

    found = resolve(paths, TASK, describe)

    typed = {
        f"{r}.{n}"
        for r, cases in found.typed.items()
        for ns in cases.values()
        for n in ns
    }
    assert set(paths) == found.fields.keys() | found.wrong.keys()
    assert found.fields.keys() == set(found.plain) | typed
    assert found.fields.keys().isdisjoint(found.wrong)
    assert not typed & set(found.plain)
    assert (
        not {path.split(".")[0] for path in found.plain if "." in path}
        & found.typed.keys()
    )
    assert asked <= set(related(paths, TASK))


def test_a_dial_file_reads_each_path_once_and_nothing_of_the_answer(
    dials: str, world: World
) -> None:
    flow = load_dial(dials, "dials.yaml", world)

    assert paths_of(flow) == (
        *("Call_Request__c", "IsClosed", "Call_Request_Id__c", "Call_Requested_At__c"),
        *("Owner.Call_Agent_Id__c", "Call_Number__c", "Who.Phone", "Who.MobilePhone"),
        *("WhatId", "WhoId", "Id", "Who.DoNotCall", "Who.Name"),
    )


# ── values ─────────────────────────────────────────────────────────────────


def test_the_schema_has_the_types_of_the_fields_and_text_where_they_vary() -> None:
    varied = an_object("Lead", a_field("Phone", "double"), a_field("Code", "int"))
    org = {**ORG, "Lead": varied}
    paths = resolve(
        ["Who.Phone", "Who.Code", "ActivityDate", "Groups__c", "Score__c", "WhoId"],
        TASK,
        org.get,
    )

    stream = stream_of(
        paths, [StreamField(name="Score__c", type="text", meaning="first")]
    )

    assert {field.name: field.type for field in stream.fields} == {
        "Score__c": "text",
        "Who.Phone": "text",
        "Who.Code": "integer",
        "ActivityDate": "date",
        "Groups__c": "list",
        "WhoId": "text",
    }


@given(
    st.dictionaries(
        st.sampled_from(
            ["ActivityDate", "Clock__c", "Groups__c", "Call_Requested_At__c"]
        ),
        st.none() | st.text() | st.booleans() | st.floats(),
    )
)
def test_what_cannot_be_read_as_its_type_stays_as_it_is(
    record: dict[str, str | bool | float | None],
) -> None:
    read = reader_of(
        resolved(
            "ActivityDate", "Clock__c", "Groups__c", "Call_Requested_At__c", "WhoId"
        )
    )

    fields = read({**record, "WhoId": "1"})

    assert fields.keys() == {*record, "WhoId"}
    for name, value in record.items():
        changed = isinstance(value, str) and not isinstance(fields[name], str)
        assert changed or fields[name] == value or value != value  # noqa: PLR0124  NaN
