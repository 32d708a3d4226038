"""No system and no stream is left out of the suite."""

from pathlib import Path
from typing import Final

import pytest

import connector.systems
from connector.settings import Settings
from connector.wiring import STREAMS
from connector.wiring.systems import SYSTEMS
from tests.given import forget
from tests.systems.standard.case import AnyCase
from tests.systems.standard.registry import CASES, CLIENT_ONLY

FOLDERS: Final = {
    file.parent.name
    for folder in connector.systems.__path__
    for file in Path(folder).glob("*/client.py")
}


def test_every_stream_has_a_case() -> None:
    wired = {(s, name) for s, streams in STREAMS.items() for name in streams}

    assert {(case.stream.system, case.stream.name) for case in CASES} == wired
    assert len(CASES) == len(wired)


def test_every_system_has_a_case_or_is_a_client_only() -> None:
    assert {case.stream.system for case in CASES} | CLIENT_ONLY == FOLDERS


def test_a_case_is_about_the_stream_that_is_wired(case: AnyCase) -> None:
    wired = STREAMS[case.stream.system][case.stream.name]

    assert case.stream is wired


def test_where_nothing_is_set_no_system_is_asked_faster_than_its_limit(
    case: AnyCase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget(tmp_path, monkeypatch)

    kept = SYSTEMS[case.stream.system].interval(Settings())

    assert kept >= case.interval
