"""What Callyzer's refusals and odd answers become."""

from typing import Any

import httpx
import pytest

from connector.errors import OutcomeUnknownError, RefusedError, UnavailableError
from tests.systems.callyzer.line import (
    HOURS,
    LEAD,
    LEFT,
    RIGHT,
    SPAN,
    Line,
    refusal,
)


@pytest.mark.parametrize(
    ("name", "values", "message", "parameter"),
    [
        (
            "employee_summary",
            SPAN,
            "No employees meet the search criteria.",
            "",
        ),
        (
            "employee_summary",
            SPAN,
            "Invalid numbers '98' numbers doesn't exist.",
            "",
        ),
        (
            "save_lead",
            LEAD,
            f"Invalid {LEFT}id{RIGHT}.please provide valid id",
            "id",
        ),
        ("save_lead", LEAD, "The '91-9988776655' already exists.", ""),
        ("save_lead", LEAD, "The 'Sleepy' lead status doesn't exist.", ""),
        (
            "save_lead",
            LEAD,
            f"Invalid {LEFT}zip{RIGHT}. Length should be between 2 to 10 chars.",
            "zip",
        ),
        ("leads", {}, "The '12' doesn't exist.", ""),
        ("employees", {}, "Invalid 12,34.", ""),
        (
            "employees",
            {},
            f"Invalid {LEFT}emp_name{RIGHT}. Employee doesn't exist for a given name.",
            "emp_name",
        ),
        (
            "daywise_analytics",
            {**SPAN, **HOURS},
            f"The {LEFT}working_hour_from{RIGHT} should not be greater.",
            "working_hour_from",
        ),
    ],
)
def test_a_documented_refusal_is_told_in_callyzers_words(
    name: str, values: dict[str, Any], message: str, parameter: str
) -> None:
    line = Line(refusal(message))

    with pytest.raises(RefusedError) as caught:
        getattr(line.client, name)(values)

    assert caught.value.message == f"Callyzer: {message}"
    assert (caught.value.parameter, caught.value.status) == (parameter, 400)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("summary", httpx.Response(200, json={"result": [], "message": "Success"})),
        ("analysis", httpx.Response(200, json={"message": "Success"})),
        ("employee_summary", httpx.Response(200, json={"result": {}})),
        ("never_attended", httpx.Response(200, json={"result": {}})),
        ("summary", httpx.Response(200, text="<html>")),
        ("summary", refusal("org.postgresql.util.PSQLException")),
    ],
)
def test_an_answer_of_another_shape_is_unavailable(
    name: str, answer: httpx.Response
) -> None:
    with pytest.raises(UnavailableError):
        getattr(Line(answer).client, name)(SPAN)


@pytest.mark.parametrize("name", ["save_lead", "save_leads"])
@pytest.mark.parametrize("answer", [httpx.Response(502), httpx.ReadTimeout("slow")])
def test_a_lead_that_may_have_been_saved_is_not_saved_again(
    name: str, answer: httpx.Response | Exception
) -> None:
    line = Line(answer)

    with pytest.raises(OutcomeUnknownError):
        getattr(line.client, name)({"leads": [LEAD]} if name == "save_leads" else LEAD)

    assert len(line.sent) == 1
