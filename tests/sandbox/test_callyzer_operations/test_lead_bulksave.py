"""lead/bulksave saves what it can, and says of each lead what became of it."""
# ruff: noqa: RUF001 - the vendor's messages have typographic quotes

from connector.sandbox.callyzer import CallyzerSandbox
from tests.sandbox.test_callyzer_operations.conftest import Ask
from tests.sandbox.test_callyzer_operations.given import LEAD, Json, shape

RANDOM = {"strategy": "Random"}
EXAMPLE: Json = {
    "result": {
        "savedLeads": [
            {
                "id": "XgnkwIIXrlKYMem-mDNAP7DPkVfFsV3-4lIhEogXFLU",
                "contact_numbers": ["6577882300", "6577882301"],
            },
            {
                "id": "ygn23IIXrlKYMem5mDNAP7DPkVfFsV3dflIhEogXFLU",
                "contact_numbers": ["6577882302", "6577882303"],
            },
        ],
        "errors": [
            {
                "name": "Jane Smith",
                "contact_numbers": ["123"],
                "errorMessage": "Invalid phone number",
            },
            {
                "name": "Robert Brown",
                "contact_numbers": [],
                "errorMessage": "Phone number is required",
            },
        ],
    }
}


def lead(name: str, *numbers: str, **more: object) -> Json:
    first, _, last = name.partition(" ")
    return {
        "first_name": first,
        "last_name": last,
        "contact_numbers": list(numbers),
    } | more


def saved(ask: Ask, *rows: Json, **of_all: object) -> Json:
    answer = ask("/lead/bulksave", {"leads": list(rows)} | of_all)
    assert answer.status_code == 200
    result: Json = answer.json()["result"]
    return result


def by_id(ask: Ask) -> dict[str, Json]:
    return {one["id"]: one for one in ask("/lead/get", {}).json()["result"]}


def test_the_documents_example_is_answered_but_for_the_ids_that_are_made_up(
    ask: Ask,
) -> None:
    rows = [
        lead("Ada Byron", "6577882300", "6577882301"),
        lead("Jane Smith", "123"),
        lead("Alan Kay", "6577882302", "6577882303"),
        lead("Robert Brown"),
    ]

    answer = ask("/lead/bulksave", {"leads": rows, "assignment": RANDOM}).json()

    assert shape(answer) == shape(EXAMPLE)
    ids = [one.pop("id") for one in answer["result"]["savedLeads"]]
    assert [one | {"id": ""} for one in answer["result"]["savedLeads"]] == [
        one | {"id": ""} for one in EXAMPLE["result"]["savedLeads"]
    ]
    assert answer["result"]["errors"] == EXAMPLE["result"]["errors"]
    assert set(ids) == set(by_id(ask))


def test_what_is_said_of_all_leads_holds_for_each(ask: Ask) -> None:
    saved(
        ask,
        lead("Ada Byron", "6577882300"),
        lead("Alan Kay", "6577882301"),
        assignment={"strategy": "Round Robin", "emp_numbers": ["", "9820011101"]},
        lead_tags=["mobile"],
        lead_status="Interested",
        existing_lead={"lead_details": "ignore"},
        is_map_existing_call_logs="",
    )

    found = by_id(ask).values()
    assert [one["lead_tags"] for one in found] == [["mobile"]] * 2
    assert {one["status"]["lead_status"] for one in found} == {"Interested"}
    assert {one["assigned_to"]["employee"][0] for one in found} == {
        "Ananya Iyer (+91-9820011101)"
    }


def test_what_a_lead_says_holds_for_it_alone(ask: Ask) -> None:
    tagged = {"lead_tags": ["tv"], "lead_status": "NewInquiry", "assignment": RANDOM}

    result = saved(
        ask,
        lead("Ada Byron", "6577882300", **tagged),
        lead("Alan Kay", "6577882301"),
    )

    (one,) = by_id(ask).values()
    assert (one["lead_tags"], one["status"]["lead_status"]) == (["tv"], "NewInquiry")
    assert result["errors"] == [
        {
            "name": "Alan Kay",
            "contact_numbers": ["6577882301"],
            "errorMessage": (
                "“First_name”, “strategy” and at least one “contact_numbers” is "
                "required."
            ),
        }
    ]


def test_tags_and_status_are_on_one_level_only(ask: Ask) -> None:
    tags, status = {"lead_tags": ["tv"]}, {"lead_status": "Positive"}

    refused = [
        ask(
            "/lead/bulksave",
            {"leads": [lead("Ada Byron", "6577882300", **more)], "assignment": RANDOM}
            | more,
        )
        for more in (tags, status)
    ]

    assert [answer.status_code for answer in refused] == [400, 400]
    assert by_id(ask) == {}


def test_leads_that_are_there_are_found_by_id_and_by_number(
    account: CallyzerSandbox, ask: Ask
) -> None:
    account.add_lead(lead("Ada Byron", "6577882300") | {"id": "ada"})
    account.add_lead(lead("Alan Kay", "6577882301") | {"id": "alan"})
    overwrite = {"lead_details": "overwrite"}

    result = saved(
        ask,
        lead("Ada Lovelace", "6577882300", id="ada"),
        lead("Alan Turing", "91-6577882301", existing_lead=overwrite),
        lead("Adam", "6577882300", "6577882301"),
        lead("Eve", "6577882309", id="nobody"),
        assignment=RANDOM,
    )

    assert [one["id"] for one in result["savedLeads"]] == ["ada", "alan"]
    assert [one["errorMessage"] for one in result["errors"]] == [
        "The ‘6577882301’ already exists.",
        "Invalid “id”.please provide valid id",
    ]
    found = by_id(ask)
    assert found["ada"]["details"]["last_name"] == "Lovelace"
    assert found["alan"]["details"]["last_name"] == "Turing"


def test_a_lead_twice_in_a_request_is_one_lead(ask: Ask) -> None:
    result = saved(
        ask,
        lead("Ada Byron", "6577882300"),
        lead("Ada Byron", "6577882300"),
        assignment=RANDOM,
    )

    first, second = result["savedLeads"]
    assert first["id"] == second["id"]
    assert len(by_id(ask)) == 1


def test_a_body_that_is_not_as_documented_saves_nothing(ask: Ask) -> None:
    good = lead("Ada Byron", "6577882300", assignment=RANDOM)

    bodies: tuple[object, ...] = (
        {"leads": [good, "Alan Kay"]},
        {"leads": [good | {"colour": "red"}]},
        {"leads": good},
        {"leads": []},
        LEAD,
    )
    statuses = [ask("/lead/bulksave", body).status_code for body in bodies]

    assert statuses == [400] * 5
    assert by_id(ask) == {}
