"""Every way a whole request can end, and the name it gets in this project."""

import socket
from dataclasses import replace
from datetime import UTC, datetime
from urllib.request import Request

import pytest

from connector.clock import SystemClock
from connector.crm.salesforce.config import SalesforceConfig
from connector.crm.salesforce.crm import SalesforceCrm
from connector.crm.salesforce.session import seconds_from
from connector.errors import (
    BatchRefusedError,
    ConnectorError,
    OutcomeUnknownError,
    QuotaReachedError,
    RateLimitedError,
    RetryableError,
    SchemaMismatchError,
    UnauthorizedError,
    UnavailableError,
)
from connector.model import Condition, Query

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def refusal(code: str, message: str = "no", *fields: str) -> list[dict[str, object]]:
    return [{"errorCode": code, "message": message, "fields": list(fields)}]


def write(crm: SalesforceCrm) -> object:
    return crm.create("Task", [{"Subject": "one"}])


def read(crm: SalesforceCrm) -> object:
    return crm.describe("Task")


def error_of(crm: SalesforceCrm, *, writes: bool) -> ConnectorError:
    with pytest.raises(ConnectorError) as raised:
        (write if writes else read)(crm)
    return raised.value


CONCURRENT = "ConcurrentPerOrgLongTxn Limit exceeded."
ENDINGS: list[tuple[object, type[ConnectorError], type[ConnectorError]]] = [
    # what came back, what a read raises, what a write raises
    ("drop", UnavailableError, OutcomeUnknownError),
    ("cut in the middle", UnavailableError, OutcomeUnknownError),
    ((200, b"<html>"), UnavailableError, OutcomeUnknownError),
    ((200, b"null"), UnavailableError, OutcomeUnknownError),
    ((200, b"7"), UnavailableError, OutcomeUnknownError),
    ((200, b"\xff"), UnavailableError, OutcomeUnknownError),
    ((204, b""), UnavailableError, OutcomeUnknownError),
    ((302, b"", {"Location": "/sorry"}), UnavailableError, UnavailableError),
    (
        (403, refusal("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")),
        QuotaReachedError,
        QuotaReachedError,
    ),
    (
        (403, refusal("REQUEST_LIMIT_EXCEEDED", CONCURRENT)),
        UnavailableError,
        UnavailableError,
    ),
    ((420, b""), RateLimitedError, RateLimitedError),
    ((429, b""), RateLimitedError, RateLimitedError),
    ((500, refusal("UNKNOWN_EXCEPTION")), UnavailableError, OutcomeUnknownError),
    ((502, b"<html>"), UnavailableError, OutcomeUnknownError),
    ((503, refusal("SERVER_UNAVAILABLE")), UnavailableError, OutcomeUnknownError),
    ((400, refusal("SERVER_UNAVAILABLE")), UnavailableError, OutcomeUnknownError),
    ((504, b""), UnavailableError, OutcomeUnknownError),
    ((400, refusal("UNABLE_TO_LOCK_ROW")), UnavailableError, UnavailableError),
    (
        (400, refusal("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "UNABLE_TO_LOCK_ROW")),
        UnavailableError,
        UnavailableError,
    ),
    ((400, refusal("QUERY_TIMEOUT")), UnavailableError, UnavailableError),
    ((400, refusal("REQUEST_RUNNING_TOO_LONG")), UnavailableError, UnavailableError),
    ((404, refusal("INVALID_QUERY_LOCATOR")), UnavailableError, UnavailableError),
    ((403, b"<html>"), UnavailableError, UnavailableError),
    ((404, b"<html>"), UnavailableError, UnavailableError),
    ((406, b""), UnavailableError, UnavailableError),
    ((400, [{"message": "no code"}]), UnavailableError, UnavailableError),
    ((413, b""), SchemaMismatchError, BatchRefusedError),
    ((400, refusal("JSON_PARSER_ERROR")), SchemaMismatchError, BatchRefusedError),
    ((400, refusal("INVALID_ID_FIELD")), SchemaMismatchError, BatchRefusedError),
    ((400, refusal("MALFORMED_QUERY")), SchemaMismatchError, BatchRefusedError),
    ((400, refusal("A_CODE_OF_NEXT_YEAR")), SchemaMismatchError, BatchRefusedError),
    *(
        ((status, refusal(code)), SchemaMismatchError, SchemaMismatchError)
        for status, code in [
            (400, "INVALID_FIELD"),
            (400, "INVALID_FIELD_FOR_INSERT_UPDATE"),
            (400, "INVALID_TYPE"),
            (400, "INVALID_TYPE_FOR_OPERATION"),
            (400, "INSUFFICIENT_ACCESS"),
            (400, "INSUFFICIENT_ACCESS_OR_READONLY"),
            (400, "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"),
            (403, "API_CURRENTLY_DISABLED"),
            (403, "API_DISABLED_FOR_ORG"),
            (403, "FUNCTIONALITY_NOT_ENABLED"),
            (403, "A_RIGHT_OF_NEXT_YEAR"),
            (404, "NOT_FOUND"),
            (405, "METHOD_NOT_ALLOWED"),
            (410, "UNSUPPORTED_API_VERSION"),
        ]
    ),
]


@pytest.mark.parametrize(("answer", "on_read", "on_write"), ENDINGS)
def test_each_ending_has_its_name(
    crm: SalesforceCrm,
    answers: list[object],
    answer: object,
    on_read: type[ConnectorError],
    on_write: type[ConnectorError],
) -> None:
    answers += [answer, answer]

    read_error, write_error = error_of(crm, writes=False), error_of(crm, writes=True)

    assert type(read_error) is on_read
    assert type(write_error) is on_write
    assert read_error.__cause__ is not None


@pytest.mark.parametrize("writes", [False, True])
def test_a_connection_that_was_never_made_did_nothing(
    config: SalesforceConfig, token_answers: list[object], *, writes: bool
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
    crm = SalesforceCrm(
        replace(config, url=nobody, login_url=config.url), SystemClock()
    )

    error = error_of(crm, writes=writes)

    crm.close()
    assert type(error) is UnavailableError
    assert "no connection" in error.message


def test_a_lost_answer_is_not_asked_for_again(
    crm: SalesforceCrm, answers: list[object], sent: list[Request]
) -> None:
    answers.append("drop")

    error_of(crm, writes=True)

    assert [request.method for request in sent] == ["POST", "POST"]
    assert sent[0].selector == "/services/oauth2/token"


def test_a_redirect_is_not_followed(
    crm: SalesforceCrm, answers: list[object], sent: list[Request]
) -> None:
    answers.append((307, b"", {"Location": "/elsewhere"}))

    error_of(crm, writes=True)

    assert [request.selector for request in sent[1:]] == [
        "/services/data/v62.0/composite/sobjects"
    ]


@pytest.mark.parametrize("status", [429, 503])
def test_a_read_waits_as_long_as_the_crm_says(
    crm: SalesforceCrm, answers: list[object], status: int
) -> None:
    answers.append((status, b"", {"Retry-After": "17"}))

    error = error_of(crm, writes=False)

    assert isinstance(error, RetryableError)
    assert error.retry_after == 17


def test_an_old_answers_wait_is_not_remembered(
    crm: SalesforceCrm, answers: list[object]
) -> None:
    answers += [(503, b"", {"Retry-After": "17"}), "drop"]
    error_of(crm, writes=False)

    error = error_of(crm, writes=False)

    assert isinstance(error, RetryableError)
    assert error.retry_after is None


@pytest.mark.parametrize(
    ("message", "seconds"),
    [("TotalRequests Limit exceeded.", 900), (CONCURRENT, 5)],
)
def test_a_limit_of_the_day_waits_longer_than_one_of_the_moment(
    crm: SalesforceCrm, answers: list[object], message: str, seconds: float
) -> None:
    answers.append((403, refusal("REQUEST_LIMIT_EXCEEDED", message)))

    error = error_of(crm, writes=True)

    assert isinstance(error, RetryableError)
    assert error.retry_after == seconds


def test_a_refused_batch_keeps_the_crms_code_words_and_fields(
    crm: SalesforceCrm, answers: list[object]
) -> None:
    answers.append((400, refusal("JSON_PARSER_ERROR", "not a date", "ActivityDate")))

    error = error_of(crm, writes=True)

    assert isinstance(error, BatchRefusedError)
    assert error.code == "JSON_PARSER_ERROR"
    assert error.fields == ("ActivityDate",)
    assert error.message == "creating Task records: JSON_PARSER_ERROR: not a date"


def test_a_missing_object_is_named_with_what_to_mend(
    crm: SalesforceCrm, answers: list[object]
) -> None:
    answers.append((404, refusal("NOT_FOUND", "The requested resource does not exist")))

    with pytest.raises(SchemaMismatchError) as raised:
        crm.describe("Call_Dail__c")

    assert raised.value.message == (
        "describing Call_Dail__c: NOT_FOUND: The requested resource does not exist. "
        "Create the object, give the connector's user access to it, "
        "or change the mapping."
    )


def test_a_lasting_401_is_asked_twice_and_no_more(
    crm: SalesforceCrm, answers: list[object], sent: list[Request]
) -> None:
    gone = (401, refusal("INVALID_SESSION_ID", "Session expired or invalid"))
    answers.append(lambda _request: gone)

    error = error_of(crm, writes=True)

    assert isinstance(error, UnauthorizedError)
    assert "Session expired or invalid" in error.message
    assert len([request for request in sent if "composite" in request.selector]) == 2


def test_an_error_does_not_repeat_what_was_asked_for(
    crm: SalesforceCrm, answers: list[object]
) -> None:
    phone = Condition(field="Phone", operator="is", value="+14155552671")
    answers.append("drop")

    with pytest.raises(UnavailableError) as raised:
        list(crm.select(Query(object="Contact", fields=("Id",), where=(phone,))))

    assert raised.value.message == (
        "querying Contact: the connection was lost (ConnectionError)"
    )


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("30", 30),
        ("soon", None),
        ("Sat, 21 Nov 2026 09:31:00 GMT", 60),
        ("Sat, 21 Nov 2026 09:00:00 GMT", 0),
        ("Sat, 21 Nov 2026 09:31:00 -0000", None),
    ],
)
def test_a_wait_is_read_in_seconds_or_as_a_date(
    header: str | None, seconds: float | None
) -> None:
    assert seconds_from(header, NOW) == seconds
