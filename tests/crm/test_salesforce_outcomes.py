"""From the CRM's code to the remedy, for every code that the table has."""

import pytest

from connector.crm.salesforce.outcomes import Sent, outcomes
from connector.model import CrmField, CrmObject, Payload, Refused, Remedy

TASK = "00T000000000001AAA"
OTHER = "00T00000000000B"
KEY = "Call_Key__c"
TASK_OBJECT = CrmObject(
    name="Task",
    fields={
        KEY: CrmField(name=KEY, type="string", external_id=True, unique=True),
        "Badge__c": CrmField(name="Badge__c", type="string", unique=True),
        "Visit__c": CrmField(name="Visit__c", type="reference", references=("Visit",)),
    },
)
LINKED: Payload = {"WhoId": "003A", "WhatId": "001A", "OwnerId": "005A"}

CREATE = Sent(rows=[{KEY: "a", "Badge__c": "7", **LINKED}], creates=True)
UPSERT = Sent(rows=[{KEY: "a", "Badge__c": "7", **LINKED}], key=KEY)
UPDATE = Sent(rows=[{"Id": TASK, KEY: "a", "Badge__c": "7", **LINKED}], updates=True)
BARE_CREATE = Sent(rows=[{KEY: "a"}], creates=True)
BARE_UPDATE = Sent(rows=[{"Id": TASK, "Subject": "one"}], updates=True)
DESCRIBED_UPDATE = Sent(
    rows=[{"Id": TASK, KEY: "a", "Badge__c": "7"}], updates=True, described=TASK_OBJECT
)
DESCRIBED = Sent(
    rows=[{KEY: "a", "Badge__c": "7", "Visit__c": "a01"}],
    creates=True,
    described=TASK_OBJECT,
)


def error(code: str, message: str = "no", *fields: str) -> dict[str, object]:
    return {"statusCode": code, "message": message, "fields": list(fields)}


def refused(sent: Sent, *errors: dict[str, object]) -> Refused:
    (outcome,) = outcomes([{"success": False, "errors": list(errors)}], sent)
    assert isinstance(outcome, Refused)
    return outcome


def taken(field: str, crm_id: str = OTHER) -> str:
    return (
        f"duplicate value found: {field} duplicates value on record with id: {crm_id}"
    )


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ("ALL_OR_NONE_OPERATION_ROLLED_BACK", Remedy.RETRY),
        ("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", Remedy.SET_ASIDE),
        ("CANNOT_UPDATE_CONVERTED_LEAD", Remedy.UNLINK),
        ("DUPLICATES_DETECTED", Remedy.SET_ASIDE),
        ("DUPLICATE_EXTERNAL_ID", Remedy.SET_ASIDE),
        ("DUPLICATE_VALUE", Remedy.SET_ASIDE),
        ("ENTITY_IS_DELETED", Remedy.UNLINK),
        ("FIELD_CUSTOM_VALIDATION_EXCEPTION", Remedy.SET_ASIDE),
        ("FIELD_INTEGRITY_EXCEPTION", Remedy.UNLINK),
        ("INACTIVE_OWNER_OR_USER", Remedy.REOWN),
        ("INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", Remedy.UNLINK),
        ("INSUFFICIENT_ACCESS_OR_READONLY", Remedy.SET_ASIDE),
        ("INVALID_CROSS_REFERENCE_KEY", Remedy.UNLINK),
        ("INVALID_FIELD", Remedy.PAUSE),
        ("INVALID_FIELD_FOR_INSERT_UPDATE", Remedy.PAUSE),
        ("INVALID_ID", Remedy.UNLINK),
        ("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", Remedy.SET_ASIDE),
        ("INVALID_TYPE", Remedy.PAUSE),
        ("MALFORMED_ID", Remedy.SET_ASIDE),
        ("NOT_FOUND", Remedy.UNLINK),
        ("OP_WITH_INVALID_USER_TYPE_EXCEPTION", Remedy.REOWN),
        ("REQUEST_RUNNING_TOO_LONG", Remedy.RETRY),
        ("REQUIRED_FIELD_MISSING", Remedy.SET_ASIDE),
        ("SERVER_UNAVAILABLE", Remedy.RETRY),
        ("STORAGE_LIMIT_EXCEEDED", Remedy.PAUSE),
        ("STRING_TOO_LONG", Remedy.SET_ASIDE),
        ("UNABLE_TO_LOCK_ROW", Remedy.RETRY),
        ("A_CODE_OF_NEXT_YEAR", Remedy.SET_ASIDE),
    ],
)
def test_each_code_of_a_created_row_has_its_remedy(code: str, remedy: Remedy) -> None:
    outcome = refused(CREATE, error(code, "in the CRM's own words"))

    assert (outcome.code, outcome.remedy) == (code, remedy)
    assert outcome.message == "in the CRM's own words"


@pytest.mark.parametrize(
    "message",
    [
        "CallTrigger: UNABLE_TO_LOCK_ROW, unable to obtain exclusive access",
        "CallTrigger: System.LimitException: Too many SOQL queries: 101",
    ],
)
def test_a_trigger_that_failed_for_now_is_tried_again(message: str) -> None:
    outcome = refused(CREATE, error("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", message))

    assert outcome.remedy is Remedy.RETRY


@pytest.mark.parametrize("sent", [CREATE, UPSERT, DESCRIBED, DESCRIBED_UPDATE])
def test_a_taken_key_names_the_record_that_has_it(sent: Sent) -> None:
    outcome = refused(sent, error("DUPLICATE_VALUE", taken(KEY)))

    assert outcome.remedy is Remedy.EXISTS
    assert outcome.crm_id == "00T00000000000BEAQ"
    assert outcome.fields == (KEY,)


def test_a_taken_key_whose_record_is_not_named_is_tried_again() -> None:
    outcome = refused(UPSERT, error("DUPLICATE_VALUE", taken(KEY, "<unknown>")))

    assert (outcome.remedy, outcome.crm_id) == (Remedy.RETRY, None)


def test_a_key_twice_in_one_call_is_tried_again() -> None:
    outcome = refused(
        UPSERT, error("DUPLICATE_VALUE", "Duplicate external id specified: a", KEY)
    )

    assert outcome.remedy is Remedy.RETRY


@pytest.mark.parametrize("sent", [UPSERT, UPDATE, DESCRIBED])
def test_a_taken_value_of_another_unique_field_sets_the_row_aside(sent: Sent) -> None:
    outcome = refused(sent, error("DUPLICATE_VALUE", taken("Badge__c")))

    assert (outcome.remedy, outcome.crm_id) == (Remedy.SET_ASIDE, None)
    assert outcome.fields == ("Badge__c",)


@pytest.mark.parametrize(
    ("message", "fields"),
    [
        ("entity is deleted", ()),
        ("invalid cross reference id", ("Id",)),
        ("invalid record id; no recordTypeId for 00T000000000001", ()),
    ],
)
@pytest.mark.parametrize(
    "code", ["ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY", "NOT_FOUND"]
)
def test_an_update_of_a_deleted_record_finds_it_gone(
    code: str, message: str, fields: tuple[str, ...]
) -> None:
    outcome = refused(BARE_UPDATE, error(code, message, *fields))

    assert outcome.remedy is Remedy.GONE


def test_an_update_that_names_no_field_is_first_tried_without_its_links() -> None:
    fault = error("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")

    with_links, without = refused(UPDATE, fault), refused(BARE_UPDATE, fault)

    assert (with_links.remedy, with_links.fields) == (
        Remedy.UNLINK,
        ("WhoId", "WhatId"),
    )
    assert without.remedy is Remedy.GONE


def test_a_deleted_record_is_gone_even_where_the_row_has_links() -> None:
    assert refused(UPDATE, error("ENTITY_IS_DELETED")).remedy is Remedy.GONE


def test_a_deleted_contact_only_breaks_the_link() -> None:
    outcome = refused(UPDATE, error("ENTITY_IS_DELETED", "deleted", "WhoId"))

    assert (outcome.remedy, outcome.fields) == (Remedy.UNLINK, ("WhoId",))


def test_the_link_that_the_crm_names_is_the_broken_one() -> None:
    outcome = refused(CREATE, error("FIELD_INTEGRITY_EXCEPTION", "no", "WhatId"))

    assert (outcome.remedy, outcome.fields) == (Remedy.UNLINK, ("WhatId",))


@pytest.mark.parametrize("code", ["INVALID_CROSS_REFERENCE_KEY", "INVALID_ID"])
@pytest.mark.parametrize("sent", [CREATE, UPDATE])
def test_an_owner_whom_the_crm_does_not_take_gives_way_to_another(
    sent: Sent, code: str
) -> None:
    outcome = refused(sent, error(code, "cannot own", "OwnerId"))

    assert (outcome.remedy, outcome.fields) == (Remedy.REOWN, ("OwnerId",))


def test_an_owner_that_the_row_does_not_have_is_not_its_fault() -> None:
    fault = error("INVALID_CROSS_REFERENCE_KEY", "no", "OwnerId")

    assert refused(BARE_CREATE, fault).remedy is Remedy.SET_ASIDE


def test_a_link_that_is_no_id_is_left_out_where_the_crm_says_which_it_is() -> None:
    outcome = refused(CREATE, error("MALFORMED_ID", "no id", "WhatId"))

    assert (outcome.remedy, outcome.fields) == (Remedy.UNLINK, ("WhatId",))


def test_a_described_reference_is_a_link_too() -> None:
    outcome = refused(DESCRIBED, error("INVALID_CROSS_REFERENCE_KEY", "no", "Visit__c"))

    assert (outcome.remedy, outcome.fields) == (Remedy.UNLINK, ("Visit__c",))


@pytest.mark.parametrize(
    ("sent", "field"), [(CREATE, KEY), (CREATE, "AccountId"), (DESCRIBED, KEY)]
)
def test_a_field_that_is_no_link_of_the_row_sets_it_aside(
    sent: Sent, field: str
) -> None:
    outcome = refused(sent, error("FIELD_INTEGRITY_EXCEPTION", "no", field))

    assert (outcome.remedy, outcome.fields) == (Remedy.SET_ASIDE, (field,))


def test_a_create_without_links_has_nothing_to_unlink() -> None:
    outcome = refused(BARE_CREATE, error("INVALID_CROSS_REFERENCE_KEY"))

    assert outcome.remedy is Remedy.SET_ASIDE


def test_the_gravest_of_several_errors_decides_and_all_words_are_kept() -> None:
    outcome = refused(
        CREATE,
        error("UNABLE_TO_LOCK_ROW", "locked"),
        error("STRING_TOO_LONG", "too long", "Subject"),
        error("FIELD_INTEGRITY_EXCEPTION", "broken", "WhoId"),
    )

    assert (outcome.code, outcome.remedy) == ("STRING_TOO_LONG", Remedy.SET_ASIDE)
    assert outcome.message == "locked; too long; broken"
    assert outcome.fields == ("Subject",)


def test_an_error_code_may_come_under_its_other_name() -> None:
    outcome = refused(CREATE, {"errorCode": "UNABLE_TO_LOCK_ROW", "message": "locked"})

    assert (outcome.code, outcome.remedy) == ("UNABLE_TO_LOCK_ROW", Remedy.RETRY)
