"""The CRM's own clock, as its answers tell it."""

from datetime import UTC, datetime

import pytest

from connector.crm.salesforce.crm import SalesforceCrm
from connector.errors import SchemaMismatchError

DONE = [{"id": "00T000000000001AAA", "success": True, "errors": []}]
FORBIDDEN = [{"errorCode": "INSUFFICIENT_ACCESS", "message": "no"}]


def write(crm: SalesforceCrm) -> object:
    return crm.create("Task", [{"Subject": "one"}])


def test_the_crms_clock_is_the_date_of_its_last_answer(
    crm: SalesforceCrm, answers: list[object]
) -> None:
    dates = ("Sat, 21 Nov 2026 09:31:00 GMT", "Sat, 21 Nov 2026 10:31:05 +0100")
    answers += [(200, DONE, {"Date": dates[0]}), (400, FORBIDDEN, {"Date": dates[1]})]

    before = crm.now()
    write(crm)
    first = crm.now()
    with pytest.raises(SchemaMismatchError):
        write(crm)

    assert before is None
    assert first == datetime(2026, 11, 21, 9, 31, tzinfo=UTC)
    assert crm.now() == datetime(2026, 11, 21, 9, 31, 5, tzinfo=UTC)
    assert str(crm.now()).endswith("+00:00")


@pytest.mark.parametrize("date", ["", "yesterday", "Sat, 21 Nov 2026 09:31:00 -0000"])
def test_an_answer_without_a_date_forgets_no_time_that_was_just_told(
    crm: SalesforceCrm, answers: list[object], date: str
) -> None:
    right = "Sat, 21 Nov 2026 09:31:00 GMT"
    answers += [(200, DONE, {"Date": right}), (200, DONE, {"Date": date})]

    write(crm)
    write(crm)

    assert crm.now() == datetime(2026, 11, 21, 9, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("second", "told"),
    [
        ("Sat, 21 Nov 2026 09:30:55 GMT", datetime(2026, 11, 21, 9, 31, tzinfo=UTC)),
        ("Sat, 21 Nov 2026 08:31:00 GMT", datetime(2026, 11, 21, 8, 31, tzinfo=UTC)),
    ],
    ids=["an answer that took its time", "a clock that was set back"],
)
def test_an_answer_that_comes_late_sets_no_time_back(
    crm: SalesforceCrm, answers: list[object], second: str, told: datetime
) -> None:
    first = "Sat, 21 Nov 2026 09:31:00 GMT"
    answers += [(200, DONE, {"Date": first}), (200, DONE, {"Date": second})]

    write(crm)
    write(crm)

    assert crm.now() == told
