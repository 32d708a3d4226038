"""Whatever happens in whichever order, in the end everything was shown as it is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from connector.errors import RetryableError, UnauthorizedError
from connector.sandbox.faults import Fault
from tests.systems.standard.case import AnyCase
from tests.systems.standard.desk import Desk, Seen, opened
from tests.systems.standard.troubles import TROUBLES

TROUBLE: Final = (
    *TROUBLES.values(),
    Fault("", status=401, body="{}"),
    Fault("", status=429, body="", headers={"Retry-After": "90"}),
)


@dataclass(frozen=True, slots=True)
class Step:
    """What happens next; ``much``: how many, which, or how long."""

    what: Literal["arrive", "change", "wait", "trouble", "read"]
    much: int

    def happen(self, desk: Desk, there: list[str], seen: Seen) -> None:
        """Let it happen."""
        match self.what:
            case "arrive":
                there += [desk.arrive() for _ in range(self.much % 3 + 1)]
            case "change":
                changed = there[self.much % len(there)]
                desk.case.change(desk.sandbox, changed, f"text {self.much}")
            case "wait":
                desk.clock.time += timedelta(seconds=self.much)
            case "trouble":
                fault = TROUBLE[self.much % len(TROUBLE)]
                skip, times = self.much % 4, self.much % 8 + 1
                again = replace(fault, path=desk.case.path, skip=skip, times=times)
                desk.fault(again)
            case "read":
                _read(desk, seen, self.much % 5 + 1)


steps = st.lists(
    st.builds(
        Step,
        st.sampled_from(["arrive", "change", "wait", "trouble", "read", "read"]),
        st.integers(0, 900),
    ),
    min_size=2,
    max_size=12,
)


@settings(max_examples=12)
@given(steps)
def test_nothing_is_lost_and_nothing_stays_as_it_was(
    case: AnyCase, steps: Sequence[Step]
) -> None:
    with opened(case) as desk:
        there, seen = sorted(desk.fill(12)), Seen()

        for step in steps:
            step.happen(desk, there, seen)

        desk.sandbox.faults.clear()
        desk.settle()
        desk.read(seen)
        truth = desk.truth()
        assert seen.records.keys() == truth.keys() >= set(there)
        assert desk.look_back(seen).records == truth


def _read(desk: Desk, seen: Seen, pages: int) -> None:
    try:
        desk.read(seen, pages)
    except (RetryableError, UnauthorizedError):
        return
