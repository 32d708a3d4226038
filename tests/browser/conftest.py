"""A page of a real browser, for the tests that look at what people see."""

from collections.abc import Iterator

import pytest

from tests.browser.chromium import NAMES, Chromium, Page, installed


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    program = installed()
    if program is None:
        pytest.skip(f"no browser is installed: none of {', '.join(NAMES)} is there")
    browser = Chromium(program, tmp_path_factory.mktemp("profile"))
    yield browser
    browser.stop()


@pytest.fixture
def page(chromium: Chromium) -> Iterator[Page]:
    with chromium.page() as page:
        yield page
        assert page.errors() == []
