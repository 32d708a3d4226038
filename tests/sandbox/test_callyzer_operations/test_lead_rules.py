"""lead/save refuses what the document's table refuses, in the words of the table."""
# ruff: noqa: RUF001 - the vendor's messages have typographic quotes

from tests.sandbox.test_callyzer_operations.conftest import Ask
from tests.sandbox.test_callyzer_operations.given import LEAD, TEMPLATE, Json, assigned

BAD_LENGTH = "Invalid “%s”. Length should be between %d to %d chars."
MANDATORY = "“First_name”, “strategy” and at least one “contact_numbers” is required."
BAD_CONTACTS = (
    "Invalid “contact_numbers”. Country code should be separated by hyphen(-), if "
    "present."
)
BAD_STRATEGY = (
    "Invalid “strategy”. It should be either ‘Assign to All Selected’ or ‘Minimum "
    "Leads’ or ‘Random’ or ‘Round Robin’."
)
BAD_PRICE = (
    "Invalid “price”. Value should be numeric and within range of double data type."
)
BAD_MAP = "Invalid “is_map_existing_call_logs”. It should be either true or false."
BOTH = (
    "Please don’t provide ‘emp_numbers’ and ‘emp_tags’ simultaneously. Provide either "
    "one individually or none at all."
)
NOT_A_TAG_MODE = (
    "Invalid “lead_tags”. It should be either ‘Ignore’ or ‘Overwrite’ or ‘Append’."
)

RULES: tuple[tuple[Json, str], ...] = (
    ({"id": "nobody"}, "Invalid “id”.please provide valid id"),
    ({"contact_numbers": []}, MANDATORY),
    ({"assignment": {}}, MANDATORY),
    ({"first_name": "Al"}, BAD_LENGTH % ("first_name", 3, 250)),
    ({"last_name": "x" * 251}, BAD_LENGTH % ("last_name", 2, 250)),
    ({"contact_numbers": ["123"]}, BAD_CONTACTS),
    ({"contact_numbers": ["+919988776655"]}, BAD_CONTACTS),
    ({"contact_numbers": ["99887", "99888", "99889"]}, BAD_CONTACTS),
    (assigned("Nobody"), BAD_STRATEGY),
    (
        assigned("random", emp_numbers=[f"98200{n:05}" for n in range(101)]),
        "Invalid no of “emp_numbers”. Maximum 100 numbers are allowed.",
    ),
    (
        assigned("random", emp_numbers=["5550000000"]),
        "The ‘5550000000’ doesn’t exist.",
    ),
    (
        assigned("random", emp_tags=[f"tag {n}" for n in range(101)]),
        "Invalid no of “emp_tags”. Maximum 100 tags are allowed.",
    ),
    (assigned("random", emp_tags=["East"]), "The ‘East’ doesn’t exist."),
    (assigned("random", emp_tags=["North"], emp_numbers=["9820011101"]), BOTH),
    ({"email": "raj at example"}, BAD_LENGTH % ("email", 5, 100)),
    ({"company_name": "AB"}, BAD_LENGTH % ("company_name", 3, 250)),
    ({"address1": "AB"}, BAD_LENGTH % ("address1", 3, 200)),
    ({"address2": "x" * 201}, BAD_LENGTH % ("address2", 3, 200)),
    ({"city": "x" * 201}, BAD_LENGTH % ("city", 2, 100)),
    ({"state": "x"}, BAD_LENGTH % ("state", 2, 100)),
    ({"country": "x" * 101}, BAD_LENGTH % ("country", 2, 100)),
    ({"zip": "x" * 11}, BAD_LENGTH % ("zip", 2, 10)),
    ({"source": "x" * 501}, BAD_LENGTH % ("source", 2, 500)),
    ({"description": "x" * 1001}, BAD_LENGTH % ("description", 3, 1000)),
    ({"price": "much"}, BAD_PRICE),
    ({"price": "inf"}, BAD_PRICE),
    ({"price": True}, BAD_PRICE),
    (
        {"lead_tags": [f"tag {n}" for n in range(101)]},
        "Invalid no of “lead_tags”. Maximum 100 tags are allowed.",
    ),
    (
        {"existing_lead": {"lead_details": "Append"}},
        (
            "Invalid “lead_details”. It should be either ‘Ignore’ or ‘Overwrite’ "
            "or ‘UpdateBlankOnly’."
        ),
    ),
    (
        {"existing_lead": {"assignee": "replace"}},
        (
            "Invalid “assignee”. It should be either ‘Ignore’ or ‘Overwrite’ or "
            "‘Append’."
        ),
    ),
    ({"existing_lead": {"lead_tags": "updateBlankOnly"}}, NOT_A_TAG_MODE),
    ({"is_map_existing_call_logs": "perhaps"}, BAD_MAP),
    ({"lead_status": "Escalated"}, "The ‘Escalated’ lead status doesn’t exist."),
    (
        {"colour": "red"},
        "The message body on the request is not as per API specification.",
    ),
)


def test_a_lead_that_breaks_a_rule_is_refused_in_the_documents_words(ask: Ask) -> None:
    answers = [ask("/lead/save", LEAD | wrong) for wrong, _ in RULES]

    assert {answer.status_code for answer in answers} == {400}
    assert [answer.json() for answer in answers] == [
        {"result": None, "message": message} for _, message in RULES
    ]
    assert ask("/lead/get", {}).json()["total_records"] == 0


def test_the_documents_payload_as_it_is_printed_lacks_a_name(ask: Ask) -> None:
    answer = ask("/lead/save", TEMPLATE)

    assert answer.status_code == 400
    assert answer.json() == {"result": None, "message": MANDATORY}
