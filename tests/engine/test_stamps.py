"""From where an object is read on: nothing may come before that any more."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.engine import stamps
from connector.engine.stamps import LOOK_BACK, Stamps

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
PAGE = 3


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamps, "PAGE", PAGE)


def at(minutes: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def read(
    *minutes: float, start: float | None = None, began: float | None = 0
) -> Stamps:
    """A reading that showed records stamped so many minutes after noon."""
    reading = Stamps(
        start=None if start is None else at(start),
        began=None if began is None else at(began),
    )
    reading.see(map(at, minutes))
    return reading


# ── when everything was seen ───────────────────────────────────────────────


def test_it_is_read_on_from_ten_minutes_before_the_last_stamp_seen() -> None:
    assert read(-90, -60).through() == at(-70)


def test_what_was_stamped_while_it_was_read_does_not_count() -> None:
    assert read(-90, 2).through() == at(-10)


def test_a_page_is_read_again_but_no_more() -> None:
    assert read(-69, -61, -60).through() == at(-70)
    assert read(-69, -62, -61, -60).through() == at(-10)
    assert read(-71, -69, -61, -60).through() == at(-70)


def test_after_a_mass_import_it_is_not_read_for_ever() -> None:
    imported = [-5, -4, -3, -2, -1]

    first = read(*imported, began=0).through()
    second = read(*imported, start=-10, began=5).through()
    third = read(*imported, start=-5, began=11).through()

    assert (first, second, third) == (at(-10), at(-5), at(1))


def test_it_never_goes_back() -> None:
    assert read(3, start=1, began=20).through() == at(1)


def test_where_nothing_was_seen_it_stays_where_it_was() -> None:
    assert read(start=-500).through() == at(-500)


def test_of_an_object_without_records_it_begins_before_the_first_look() -> None:
    assert read().through() == at(-10)
    assert read(began=None).through() is None


def test_where_the_crm_does_not_tell_its_time_the_last_stamp_does() -> None:
    assert read(-90, -60, began=None).through() == at(-70)
    assert read(-64, -63, -62, -61, -60, began=None).through() == at(-70)


# ── when it ends before that ───────────────────────────────────────────────


def test_a_reading_that_ends_early_goes_on_at_the_last_record_that_is_settled() -> None:
    assert read(-90, -60).reached() == at(-60)


def test_before_any_record_it_goes_on_where_it_began() -> None:
    assert read().reached() is None
    assert read(start=-70).reached() == at(-70)


def test_a_record_that_changed_while_it_was_read_is_not_where_the_reading_is() -> None:
    assert read(-90, 3, -80).reached() == at(-80)


def test_what_may_still_come_late_is_read_again() -> None:
    assert read(-90, -12, -9).reached() == at(-12)


def test_where_the_crm_does_not_tell_its_time_it_begins_again() -> None:
    assert read(-90, -60, start=-100, began=None).reached() == at(-100)


MINUTES = st.floats(-120, 30)


@given(
    seen=st.lists(MINUTES, max_size=9),
    start=st.none() | MINUTES,
    began=st.floats(0, 30),
)
def test_nothing_that_may_still_come_is_passed(
    seen: list[float], start: float | None, began: float
) -> None:
    reading = read(*seen, start=start, began=began)

    for moment in (reading.through(), reading.reached()):
        assert moment is None or moment <= max(
            at(began) - LOOK_BACK, at(-10_000 if start is None else start)
        )
