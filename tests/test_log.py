"""Logs: one event a line, no secret in it, phone numbers masked and nothing else."""

import json
import logging
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import stamina
import structlog

from connector import log
from connector.errors import UnavailableError

Lines = Callable[[], list[dict[str, Any]]]
JWT = "eyJhbGciOi.eyJpc3MiOi.c2lnbmF0dXJl"
SESSION = "00D5g0000010001EAA!AQcAQ.abc_DEF"
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEhush\n-----END RSA PRIVATE KEY-----"


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Lines:
    """Return what reads the events logged since the last look."""
    log.configure("json")
    return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_no_secret_gets_out_by_any_way(
    lines: Lines, capsys: pytest.CaptureFixture[str]
) -> None:
    logger = log.get_logger()

    logger.info("a", authorization="Bearer hush-1", note="client_secret=hush-2")
    logger.info("b", deep={"api_token": "hush-3", "list": ["password=hush-4"]})
    logger.info("token=hush-5", error=ValueError("Bearer hush-6"))
    error = UnavailableError("access_token=hush-7")
    error.__cause__ = ValueError(PEM)
    logger.error("c", exc_info=error)
    logging.getLogger("somebody.else").error("Bearer %s", "hush-8")

    written = capsys.readouterr().err
    assert "hush" not in written
    assert "MIIE" not in written
    assert written.count("***") >= 8
    assert lines() == []


def test_an_event_is_one_json_object_a_line(lines: Lines) -> None:
    error = UnavailableError("two\nlines")

    log.get_logger().error("run_crashed", flow="calls", note="a\nb", exc_info=error)

    (event,) = lines()
    assert (event["event"], event["level"]) == ("run_crashed", "error")
    assert (event["flow"], event["note"]) == ("calls", "a\nb")
    assert "UnavailableError: two\nlines" in event["exception"]
    assert datetime.fromisoformat(event["timestamp"]).tzinfo


def test_numbers_and_times_stay_what_they_are(lines: Lines) -> None:
    log.get_logger().info(
        "run_ended", read=9930042365, seconds=1.5, done=True, none=None, ids=("a",)
    )

    (event,) = lines()
    assert event["read"] == 9930042365
    assert (event["seconds"], event["done"], event["none"]) == (1.5, True, None)
    assert event["ids"] == ["a"]


def test_phone_numbers_are_masked_in_events(lines: Lines) -> None:
    log.get_logger().warning("dialled", to="+919930042365", also={"n": ["9930042365"]})

    (event,) = lines()
    assert event["to"] == "***365"
    assert event["also"] == {"n": ["***365"]}


def test_phone_numbers_are_left_where_that_is_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log.configure("json", phones=True)

    log.get_logger().info("dialled", to="+919930042365", note="token=hush")

    event = json.loads(capsys.readouterr().err)
    assert (event["to"], event["note"]) == ("+919930042365", "token=***")


def test_what_libraries_log_is_an_event_too(lines: Lines) -> None:
    logging.getLogger("somebody.else").warning("called %s", "+919930042365")
    logging.getLogger("somebody.else").info("chatter")
    logging.getLogger("urllib3.connectionpool").warning("retrying")
    error = ZeroDivisionError("none")
    logging.getLogger("apscheduler").error("a job failed", exc_info=error)

    masked, failed = lines()
    assert (masked["event"], masked["level"]) == ("called ***365", "warning")
    assert "ZeroDivisionError: none" in failed["exception"]


def test_another_try_is_an_event(lines: Lines) -> None:
    answers = iter([UnavailableError("Bearer hush"), None])

    def ask() -> None:
        if error := next(answers):
            raise error

    with stamina.set_testing(testing=True, attempts=2):
        stamina.RetryingCaller().on(UnavailableError)(ask)

    (event,) = lines()
    assert (event["event"], event["number"]) == ("retry", 1)
    assert event["reason"] == "Bearer ***"


def test_for_eyes_an_event_is_a_line_without_colours_unless_on_a_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log.configure("console")

    log.get_logger().info("serving", port=8080)
    log.get_logger().error("run_crashed", exc_info=ZeroDivisionError("none"))

    first, *rest = capsys.readouterr().err.splitlines()
    assert "serving" in first
    assert "port=8080" in first
    assert "\x1b" not in first
    assert rest[-1] == "ZeroDivisionError: none"


def test_on_a_terminal_it_is_for_eyes_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    for style in ("auto", "json"):
        log.configure(style)
        log.get_logger().info("serving")

    first, second = capsys.readouterr().err.splitlines()
    assert "\x1b[" in first
    assert json.loads(second)["event"] == "serving"


def test_less_is_logged_where_that_is_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log.configure("json", level="ERROR")

    log.get_logger().warning("run_ended")

    assert capsys.readouterr().err == ""
