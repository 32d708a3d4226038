"""Callyzer's endpoints: what is sent, what is refused, and what that means."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from connector.errors import (
    ConfigError,
    RateLimitedError,
    RefusedError,
    UnauthorizedError,
    UnavailableError,
)
from connector.systems.callyzer.client import CallyzerClient
from connector.systems.callyzer.wire import Filters, Window
from connector.transport.http import Http
from tests.systems.callyzer.fake import FakeCallyzer, OpenPacer

WINDOW = Window(start=1_700_000_000, end=1_700_000_060)
JDBC = "org.postgresql.util.PSQLException: ERROR: canceling statement"
LEFT, RIGHT = "\N{LEFT SINGLE QUOTATION MARK}", "\N{RIGHT SINGLE QUOTATION MARK}"


def asking(handler: Callable[[httpx.Request], httpx.Response]) -> CallyzerClient:
    http = Http("http://fake/api/v2.1", transport=httpx.MockTransport(handler))
    return CallyzerClient(http, OpenPacer())


def answering(status: int, **kwargs: Any) -> CallyzerClient:  # noqa: ANN401  # httpx's own
    return asking(lambda _: httpx.Response(status, **kwargs))


def refusing(status: int, message: str) -> CallyzerClient:
    return answering(status, json={"result": None, "message": message})


def never(_: httpx.Request) -> httpx.Response:
    """No request may leave."""
    raise AssertionError


# ── what is sent ───────────────────────────────────────────────────────────


def test_a_page_is_asked_for_with_its_window_and_filters_and_nothing_else() -> None:
    fake = FakeCallyzer()
    client = CallyzerClient(
        Http("http://fake", transport=httpx.MockTransport(fake.handle)), fake.pacer
    )

    page = client.history(WINDOW, 2, {"call_types": ["Missed"]})

    assert fake.requests == [
        {
            "call_types": ["Missed"],
            "synced_from": WINDOW.start,
            "synced_to": WINDOW.end,
            "page_no": 2,
        }
    ]
    assert (page.rows, page.total, page.page_no, page.page_size) == ([], 0, 2, 100)
    assert page.at is not None
    assert fake.pacer.waited == 1


@pytest.mark.parametrize(
    ("window", "page_no", "filters", "refusal"),
    [
        (Window(start=0, end=9), 1, {}, "Invalid synced_from"),
        (Window(start=9, end=9), 1, {}, "`synced_from` should be less"),
        (Window(start=0, end=9, by="call"), 1, {}, "Invalid call_from"),
        (Window(start=9, end=9, by="call"), 1, {}, "`call_from` should be less"),
        (Window(start=1, end=1 + 180 * 86_400), 1, {}, "less than 180 days"),
        (WINDOW, 1, {"call_types": ["Video"]}, "Invalid call_types"),
        (WINDOW, 1, {"duration_grt_than": -1}, "duration_grt_than: Value out of"),
        (WINDOW, 1, {"duration_les_than": 2**63}, "duration_les_than: Value out"),
        (
            WINDOW,
            1,
            {"duration_les_than": 5, "duration_grt_than": 5},
            "`duration_les_than` should be greater",
        ),
        (WINDOW, 0, {}, "page_no: Value should be greater than zero"),
        (WINDOW, 2**31, {}, "page_no: Value should be"),
    ],
)
def test_what_breaks_a_documented_rule_is_not_sent(
    window: Window, page_no: int, filters: Filters, refusal: str
) -> None:
    with pytest.raises(ConfigError, match=refusal):
        asking(never).history(window, page_no, filters)


@pytest.mark.parametrize(
    ("window", "filters"),
    [
        (Window(start=1, end=180 * 86_400), {}),
        (WINDOW, {"duration_grt_than": 0, "duration_les_than": 1}),
        (WINDOW, {"duration_grt_than": 2**63 - 1}),
        (WINDOW, {"duration_les_than": 0}),
        (WINDOW, {"call_types": ["Incoming", "Outgoing", "Missed", "Rejected"]}),
    ],
)
def test_what_just_keeps_the_rules_is_sent(window: Window, filters: Filters) -> None:
    client = answering(200, json={"result": [], "total_records": 0})

    assert client.history(window, 1, filters).rows == []


@pytest.mark.parametrize("count", [0, 21])
def test_no_ids_or_more_than_twenty_are_not_sent(count: int) -> None:
    with pytest.raises(ConfigError, match="unique_ids"):
        asking(never).get(["a"] * count)


# ── what comes back ────────────────────────────────────────────────────────


def test_counts_may_be_text_or_missing() -> None:
    body = {"result": [{}], "total_records": "48", "page_no": "1", "page_size": -1}

    page = answering(200, json=body).history(WINDOW, 1, {})

    assert (page.total, page.page_no, page.page_size) == (48, 1, None)


def test_no_result_is_empty_only_when_the_total_says_so() -> None:
    body = {"result": None, "message": "Success", "total_records": 0}

    assert answering(200, json=body).history(WINDOW, 1, {}).rows == []


@pytest.mark.parametrize(
    "body",
    [
        [],
        "text",
        {"message": "Success"},
        {"result": {}, "message": "Success"},
        {"result": None, "total_records": 3},
        {"result": {"id": "a"}, "total_records": 1},
    ],
)
def test_an_answer_of_another_shape_is_unavailable(body: object) -> None:
    with pytest.raises(UnavailableError):
        answering(200, json=body).history(WINDOW, 1, {})


@pytest.mark.parametrize("body", [{"result": []}, {"result": None}, {"result": {}}])
def test_ids_that_callyzer_does_not_have_are_no_error(body: object) -> None:
    assert answering(200, json=body).get(["a"]) == []


# ── refusals ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "message",
    [
        (
            f"Either {LEFT}call_from{RIGHT} and {LEFT}call_to{RIGHT} or {LEFT}synced_from"
            f"{RIGHT} and {LEFT}synced_to{RIGHT} are mandatory. The duration should be less "
            "than 180 days."
        ),
        "The duration should be less than 180 days.",
        "Invalid synced_from. Please pass the timestamp in UNIX format.",
        (
            f"`synced_from` and {LEFT}synced_to{RIGHT} are mandatory. The duration should "
            "be less than 180 days."
        ),
        "Invalid date range. `From` timestamp should be less than `To` timestamp.",
        (
            "Invalid call_types. Valid call types are Incoming or Outgoing or Missed or "
            "Rejected."
        ),
        "Value out of range for unsigned long data type.",
        (
            f"Invalid duration value. The value of {LEFT}duration_les_than{RIGHT} should be "
            f"greater than value of {LEFT}duration_grt_than{RIGHT}"
        ),
        f"Invalid numbers {LEFT}12,34{RIGHT}.",
        f"The {LEFT}{'9823212312,' * 60}{RIGHT} numbers doesn{RIGHT}t exist.",
        "The 'north' tags doesn't exist.",
        (
            "Invalid value. Value should be greater than zero and within range of unsigned "
            "integer data type."
        ),
        "The message body on the request is not as per API specification.",
    ],
)
def test_a_documented_refusal_is_a_configuration_error_in_the_vendors_words(
    message: str,
) -> None:
    with pytest.raises(ConfigError) as raised:
        refusing(400, message).history(WINDOW, 1, {})

    assert raised.value.message == f"Callyzer: {message[:300]}"


def test_what_is_said_of_ids_is_documented_too() -> None:
    message = "Invalid no of unique ids. Minimum 1 and Maximum 20 ids are allowed."

    with pytest.raises(RefusedError, match="unique ids") as raised:
        refusing(400, message).get(["a"])

    assert raised.value.status == 400


@pytest.mark.parametrize(
    "kwargs",
    [
        {"text": JDBC},
        {"json": {"result": None, "message": JDBC}},
        {"json": {"result": None, "message": None}},
        {"json": [1]},
        {"text": ""},
    ],
)
def test_any_other_400_passes_by_itself_and_is_not_shown(
    kwargs: dict[str, Any],
) -> None:
    with pytest.raises(UnavailableError, match="answered 400") as raised:
        answering(400, **kwargs).history(WINDOW, 1, {})

    assert "postgresql" not in str(raised.value)


def test_an_expired_subscription_is_told_in_the_vendors_words() -> None:
    with pytest.raises(UnauthorizedError, match=r"Your subscription has expired\."):
        refusing(403, "Your subscription has expired.").get(["a"])


def test_a_403_without_words_is_still_a_refusal() -> None:
    with pytest.raises(UnauthorizedError, match="refuses us"):
        answering(403, text="<html>").get(["a"])


def test_a_wrong_token_is_unauthorized() -> None:
    with pytest.raises(UnauthorizedError):
        refusing(401, "no").get(["a"])


def test_an_address_without_the_endpoint_is_a_configuration_error() -> None:
    with pytest.raises(ConfigError, match="CALLYZER_URL"):
        answering(404, text="Not Found").get(["a"])


def test_any_other_refusal_passes_by_itself() -> None:
    with pytest.raises(UnavailableError, match="answered 408"):
        answering(408).get(["a"])


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [("7", 7.0), ("", 4.0), ("0", 4.0), ("nonsense", 4.0), ("86400", 300.0)],
)
def test_a_429_stops_everybody_for_a_while(retry_after: str, seconds: float) -> None:
    pacer = OpenPacer()
    http = Http(
        "http://fake",
        transport=httpx.MockTransport(
            lambda _: httpx.Response(429, headers={"retry-after": retry_after})
        ),
    )

    with pytest.raises(RateLimitedError):
        CallyzerClient(http, pacer).get(["a"])

    assert pacer.blocked == [seconds]
