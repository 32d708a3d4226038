"""The desk that has requests worked on: what a nudge can do to a flow, and what not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import stamina

from connector.errors import BusyError, UnauthorizedError
from connector.service.dialling import DialDesk
from tests.e2e.clicks import ADITI
from tests.e2e.hotline import MAPPING, Exchange, Hotline

NOBODYS = "00T5g000001005sEAB"
"""Like an id of a task, but its last three characters are not those of the others."""


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    with stamina.set_testing(testing=True, attempts=5):
        yield


@pytest.fixture
def hotline(tmp_path: Path) -> Iterator[Hotline]:
    with Hotline(tmp_path) as opened:
        yield opened


@pytest.fixture
def app(hotline: Hotline) -> Iterator[Exchange]:
    with hotline.app() as opened:
        yield opened


@pytest.fixture
def desk(app: Exchange) -> Iterator[DialDesk]:
    desk = DialDesk(app=app)
    desk.work_for([app.click])
    yield desk
    desk.close()


def test_a_nudge_of_an_id_that_the_crm_refuses_is_no_trouble_of_the_flow(
    hotline: Hotline, app: Exchange, desk: DialDesk
) -> None:
    desk.nudge(NOBODYS)
    desk.wait()
    request = hotline.press()

    run = desk.poll(app.click, app.runner())
    desk.wait()

    assert run.outcome == "done"
    assert hotline.seen(request) == ("Placed", "")


def test_a_nudge_has_its_record_dialled_without_a_poll(
    hotline: Hotline, desk: DialDesk
) -> None:
    request = hotline.press()

    assert desk.nudge(hotline.task(request)["Id"])
    desk.wait()

    hotline.assert_dialled(ADITI)


def test_a_nudge_of_a_record_that_no_flow_reads_asks_the_crm_for_nothing(
    hotline: Hotline, app: Exchange, desk: DialDesk
) -> None:
    desk.poll(app.click, app.runner())
    desk.wait()
    before = hotline.asked.count

    assert not desk.nudge(hotline.contact())
    desk.wait()

    assert hotline.asked.count == before


def test_no_nudge_is_taken_once_the_service_stops(
    hotline: Hotline, app: Exchange, desk: DialDesk
) -> None:
    app.stop.set()

    with pytest.raises(BusyError, match="stopping"):
        desk.nudge(hotline.contact())


def test_what_only_an_administrator_can_mend_of_the_dialer_is_told_by_the_next_poll(
    hotline: Hotline, app: Exchange, desk: DialDesk
) -> None:
    hotline.phones.moods.scope = "calls"
    request = hotline.press()
    desk.poll(app.click, app.runner())
    with pytest.raises(UnauthorizedError, match="scope"):
        desk.wait()

    run = desk.poll(app.click, app.runner())
    later = desk.poll(app.click, app.runner())

    state, message = hotline.seen(request)
    assert state == "Expired"
    assert message.endswith("Tell your administrator.")
    assert run.outcome == "paused"
    assert "no token" in run.message
    assert later.outcome == "done"
    hotline.assert_dialled()


def test_a_flow_that_can_not_work_asks_the_crm_once_whatever_nudges_come(
    hotline: Hotline, app: Exchange, desk: DialDesk
) -> None:
    hotline.map(MAPPING.replace("Call_Requested_At__c", "Call_Requested__c"))
    desk.work_for([app.click])
    hotline.press()
    counts = []
    for row in hotline.crm.rows("Task") * 3:
        desk.nudge(str(row["Id"]))
        desk.wait()
        counts.append(hotline.asked.count)

    assert counts[0] > 0
    assert len({*counts}) == 1
