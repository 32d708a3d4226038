"""Who is not let in, and what the vendor refuses: told once, and nothing is lost."""

import pytest

from connector.errors import UnauthorizedError
from connector.sandbox.faults import Fault
from tests.systems.standard.case import AnyCase, Refusal
from tests.systems.standard.desk import Desk, Seen, opened
from tests.systems.standard.registry import CASES

REFUSALS = [
    pytest.param(case, refusal, id=f"{case}-{refusal.status}")
    for case in CASES
    for refusal in case.refusals
]


def test_wrong_credentials_are_told_after_one_request(case: AnyCase) -> None:
    with opened(case, wrong=True) as desk:
        desk.fill()

        with pytest.raises(UnauthorizedError):
            desk.read()

        assert len(desk.line.asked) == 1


def test_credentials_that_expire_on_the_way_end_the_reading_and_it_goes_on_later(
    desk: Desk,
) -> None:
    there = desk.fill()
    for passed in range(_requests(desk)):
        seen = Seen()
        desk.fault(Fault(desk.case.path, skip=passed, status=401, times=-1, body="{}"))

        with pytest.raises(UnauthorizedError):
            desk.read(seen)

        desk.sandbox.faults.clear()
        assert desk.read(seen).records.keys() == there


@pytest.mark.parametrize(("case", "refusal"), REFUSALS)
def test_a_refusal_is_told_in_the_vendors_words_and_reading_goes_on_after_it(
    desk: Desk, refusal: Refusal
) -> None:
    there = desk.fill()
    for passed in range(_requests(desk)):
        seen = Seen()
        desk.fault(
            Fault(
                desk.case.path,
                skip=passed,
                times=-1,
                status=refusal.status,
                body=refusal.body,
            )
        )

        with pytest.raises(refusal.error) as raised:
            desk.read(seen)

        assert refusal.words in raised.value.message
        desk.sandbox.faults.clear()
        assert desk.read(seen).records.keys() == there


def _requests(desk: Desk) -> int:
    """How many requests for the list a reading takes; at most three are tried."""
    before = desk.asked()
    desk.read()
    return min(3, desk.asked() - before)
