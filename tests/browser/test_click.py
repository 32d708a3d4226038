"""A click, whole: a real browser, the org, the connector as it is served, the phones."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.service.schedule import Schedule
from connector.service.web import create_web, serving
from tests.browser.chromium import Page
from tests.e2e.hotline import MAPPING, Hotline

pytestmark = pytest.mark.timeout(60)  # a browser starts, perhaps on a busy machine

TOKEN = "only-the-button-knows-this"  # noqa: S105  opens only the test's service


@pytest.fixture
def hotline(tmp_path: Path) -> Iterator[Hotline]:
    """Serve the connector for an org whose button nudges it; it hardly ever polls."""
    with Hotline(tmp_path) as hotline:
        hotline.map(MAPPING.replace("every: 1 minute", "every: 1 day"))
        with hotline.app(connector_api_token=TOKEN) as app:
            schedule = Schedule(app=app, runner=app.runner())
            web = create_web(app, schedule, schedule.desk)
            with serving(web, "127.0.0.1", 0) as port:
                schedule.start()
                hotline.crm.nudges(f"http://127.0.0.1:{port}", TOKEN)
                yield hotline
                schedule.stop()


def test_a_press_in_a_browser_makes_the_phone_ring_and_the_page_says_so(
    hotline: Hotline, page: Page, tmp_path: Path
) -> None:
    page.open(f"{hotline.org}/sandbox/record/{hotline.contact()}")
    page.until("!document.querySelector('#call').disabled")

    page.click("#call", times=2)
    page.shows("#outcome", "Ringing… Pick up your phone.")
    page.shows("#details li:first-child", "Call to Aditi Rao — Placed")
    page.picture(tmp_path / "placed.png")

    hotline.assert_dialled("+919930042101")


def test_a_busy_agent_is_told_in_the_browser_and_can_press_again(
    hotline: Hotline, page: Page, tmp_path: Path
) -> None:
    hotline.phones.occupy("101")
    page.open(f"{hotline.org}/sandbox/record/{hotline.contact()}")
    page.until("!document.querySelector('#call').disabled")

    page.click("#call")
    page.shows("#outcome", "Refused: Agent number busy")
    page.picture(tmp_path / "busy.png")
    hotline.phones.free("101")
    page.click("#call")
    page.shows("#outcome", "Ringing… Pick up your phone.")

    hotline.assert_dialled("+919930042101")
