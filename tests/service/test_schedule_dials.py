"""The schedule: what is kept of the CRM's quota follows the files that dial."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from connector.service.quota import budget
from connector.service.schedule import Schedule
from connector.testing import ManualClock
from tests.service.office import Office
from tests.service.phone import Phone
from tests.wiring.given import DIALS, NEWVOICEMEDIA

DIALLING = {name.upper(): value for name, value in NEWVOICEMEDIA.items()}


@pytest.fixture
def phone(office: Office, clock: ManualClock) -> Iterator[Phone]:
    equipped = replace(office, settings={**office.settings, **DIALLING})
    with Phone(equipped, clock) as opened:
        yield opened


def test_a_file_that_dials_keeps_a_share_as_long_as_it_is_there(
    schedule: Schedule, office: Office
) -> None:
    schedule.look()
    shares = [budget(schedule.app).dial_share]

    path = office.write(DIALS, "dials.yaml")
    schedule.look()
    shares.append(budget(schedule.app).dial_share)
    path.unlink()
    schedule.look()
    shares.append(budget(schedule.app).dial_share)

    assert shares == [0, 10, 0]


def test_a_file_that_broke_dials_on_and_keeps_its_share(
    schedule: Schedule, office: Office
) -> None:
    office.write(DIALS, "dials.yaml")
    schedule.look()
    office.write("flow: [", "dials.yaml")

    schedule.look()

    assert schedule.faults
    assert schedule.app.dials
