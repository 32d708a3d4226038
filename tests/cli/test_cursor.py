"""``connector cursor``: how far the flows have read."""

from tests.cli.conftest import Connector
from tests.service.office import OTHER, Office


def test_a_flow_that_never_ran_has_no_cursor(connector: Connector) -> None:
    assert connector("cursor", "show", "--json").json == [
        {"flow": "calls", "cursor": None}
    ]


def test_every_flow_is_shown(connector: Connector, office: Office) -> None:
    office.write(OTHER, "other.yaml")

    lines = connector("cursor", "show").out.splitlines()

    assert lines == ["flow   cursor", "calls", "other"]


def test_a_cursor_that_was_set_is_shown_as_the_stream_writes_it(
    connector: Connector,
) -> None:
    said = connector("cursor", "set", "calls", "2026-01-02 03:04")

    assert said.code == 0
    assert said.out == "calls reads on from 2026-01-01T21:34:00Z\n"
    assert connector("cursor", "show", "calls", "--json").json == [
        {"flow": "calls", "cursor": "2026-01-01T21:34:00Z"}
    ]


def test_reading_again_from_an_earlier_time_costs_no_write(
    connector: Connector, office: Office
) -> None:
    office.call("one")
    connector("sync")

    connector("cursor", "set", "calls", "2026-01-01")
    said = connector("sync", "--json")

    assert said.code == 0
    assert len(office.crm.writes) == 1


def test_what_is_no_time_is_a_wrong_argument(connector: Connector) -> None:
    said = connector("cursor", "set", "calls", "yesterday")

    assert said.code == 2
    assert "'yesterday' is not a date or time" in said.err
    assert connector("cursor", "show", "--json").json[0]["cursor"] is None


def test_a_time_to_come_is_a_wrong_argument(connector: Connector) -> None:
    assert connector("cursor", "set", "calls", "2999-01-01").code == 2


def test_a_flow_that_is_not_there_is_a_wrong_argument(connector: Connector) -> None:
    assert connector("cursor", "show", "cals").code == 2
    assert connector("cursor", "set", "cals", "2026-01-01").code == 2
