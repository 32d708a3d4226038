"""Resources over real HTTP, and what refusals and answers that are none become."""

import json

import httpx
import pytest

from connector.errors import (
    ConfigError,
    ConnectorError,
    OutcomeUnknownError,
    RateLimitedError,
    RefusedError,
    UnauthorizedError,
    UnavailableError,
)
from tests.systems.multisender.conftest import Account, Line
from tests.systems.multisender.example import PHONE, TO_PHONE, Json
from tests.systems.multisender.examples_calls import CLICK, OUTLINE, RSVP, UPDATE
from tests.systems.multisender.examples_messages import (
    FILE,
    NAMED,
    NEW_EMAIL,
    NEW_SMS,
    SPOKEN,
)
from tests.systems.multisender.examples_people import FILTERS, NEW, USER, VIP

QUIET = {"receiverWebhookUrl": None, "expiresAt": None}
CREATED: dict[str, Json] = {
    "account": NEW,
    "account_filter": {"filters": FILTERS},
    "group": VIP,
    "call": {**OUTLINE, "receivers": TO_PHONE},
    "click_to_call": {**CLICK, **QUIET},
    "rsvp_call": {**RSVP, "startTime": None, "endTime": "2027-01-01 00:00:00"},
    "email": {**NEW_EMAIL, "receivers": [{"email": "aino@virtanen.example"}]},
    "sms": {**NEW_SMS, "receivers": TO_PHONE},
    "subuser": USER,
    "spoken_voice_file": SPOKEN,
}
CHANGED: dict[str, tuple[Json, str, str]] = {
    "account": ({"lastName": "Laine"}, "lastName", "Laine"),
    "group": ({"name": "All", "description": "b"}, "name", "All"),
    "call": ({"operations": "[]", "actionTime": None}, "operations", "[]"),
    "email": ({"subject": "Bye"}, "subject", "Bye"),
    "rsvp_call": (
        {**UPDATE, "startTime": None, "endTime": "2027-01-02 00:00:00"},
        "endTime",
        "2027-01-02 00:00:00",
    ),
    "sms": ({"message": "Bye"}, "message", "Bye"),
    "subuser": ({"company": "Other"}, "company", "Other"),
    "voice_file": (NAMED, "description", "Said first"),
}
PLURAL = {"sms": "smses"}


# ── against the sandbox ────────────────────────────────────────────────────


def later(values: Json) -> Json:
    """The same, with a time that is not past by the sandbox's clock."""
    return {
        **values,
        **({"actionTime": "2026-12-20 12:00:00"} if "actionTime" in values else {}),
    }


@pytest.mark.parametrize("name", CREATED)
def test_one_is_created_shown_listed_and_deleted(account: Account, name: str) -> None:
    client, short = account.client, name.removeprefix("spoken_")

    made = getattr(client, f"create_{name}")(later(CREATED[name]))
    key = next(iter(made.values()))

    assert getattr(client, f"get_{short}")(key) | {"status": 0} == made | {"status": 0}
    listed = getattr(client, f"list_{PLURAL.get(short, f'{short}s')}")()
    assert str(key) in [str(next(iter(row.values()))) for row in listed]
    getattr(client, f"delete_{short}")(key)
    with pytest.raises(RefusedError, match="There is no") as caught:
        getattr(client, f"get_{short}")(key)
    assert caught.value.status == 404


@pytest.mark.parametrize("name", CHANGED)
def test_one_is_changed(account: Account, name: str) -> None:
    change, field, value = CHANGED[name]
    key: object = 1
    if name in CREATED:
        made = getattr(account.client, f"create_{name}")(later(CREATED[name]))
        key = next(iter(made.values()))

    changed = getattr(account.client, f"update_{name}")(key, change)

    assert changed[field] == value


def test_accounts_get_into_a_group_and_out_of_it(account: Account) -> None:
    client = account.client
    one, two = (client.create_account(NEW)["accountId"] for _ in range(2))
    group = client.create_group(VIP)["groupId"]

    added = client.add_group_accounts(group, [one, two])
    client.remove_group_account(group, one)

    assert [row["accountId"] for row in added] == [one, two]
    left = client.list_group_accounts(group)
    assert [row["accountId"] for row in left] == [two]


def test_accounts_are_deleted_by_a_filter_or_all(account: Account) -> None:
    client = account.client
    for name in ("Aino", "Eino"):
        client.create_account({"firstName": name})
    wanted = [{"field": "firstName", "operator": "==", "value": "Aino"}]
    made = client.create_account_filter({"filters": wanted})

    client.delete_filtered_accounts(made["filterId"])
    left = [row["firstName"] for row in client.list_accounts()]
    client.delete_all_accounts()

    assert (left, client.list_accounts()) == (["Eino"], [])


def test_an_rsvp_call_gets_more_receivers_and_shows_their_outcomes(
    account: Account,
) -> None:
    call = account.invited(PHONE)["rsvpCallId"]

    added = account.client.add_rsvp_call_receivers(call, [{"phone": "+358409999999"}])
    account.sandbox.ring(("rsvp_calls", 1), 2, reply="accept", seconds=9)

    assert [row["phone"] for row in added] == ["+358409999999"]
    outcomes = account.client.list_rsvp_call_receivers(call)
    assert [row["rsvpReply"] for row in outcomes] == ["noReply", "accept"]
    assert account.client.get_rsvp_call_stats(call)["acceptsReceived"] == 1


@pytest.mark.parametrize("name", ["call", "sms"])
def test_receivers_of_a_message_are_listed(account: Account, name: str) -> None:
    made = getattr(account.client, f"create_{name}")(later(CREATED[name]))

    found = getattr(account.client, f"list_{name}_receivers")(next(iter(made.values())))

    assert [row["phone"] for row in found] == [PHONE]


def test_a_voice_file_is_uploaded_and_voice_codes_are_listed(account: Account) -> None:
    [made] = account.client.upload_voice_file(FILE)

    assert (made["fileName"], made["size"]) == ("hello.wav", "4")
    codes = account.client.list_voice_codes()
    assert [row["voiceCode"] for row in codes] == ["en", "fi"]


def test_who_has_a_password_logs_in_for_a_token(account: Account) -> None:
    sandbox = account.sandbox

    token = account.client.log_in(sandbox.email, sandbox.password)

    assert token == sandbox.token
    with pytest.raises(UnauthorizedError):
        account.client.log_in(sandbox.email, "guess")


@pytest.mark.parametrize("body", ["json", "text"])
def test_a_refusal_is_told_in_multisenders_words(account: Account, body: str) -> None:
    account.sandbox.moods.refusals = "json" if body == "json" else "text"
    given = {**CLICK, **QUIET, "voiceFileId": 7}

    with pytest.raises(RefusedError, match=r"Multisender: There is no voice_files/7"):
        account.client.create_click_to_call(given)


def test_a_refusal_that_says_nothing_is_told_by_its_status(account: Account) -> None:
    account.sandbox.moods.refusals = "empty"

    with pytest.raises(RefusedError, match="answered 404"):
        account.client.get_account(7)


# ── answers ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.Response(401), UnauthorizedError),
        (httpx.Response(403, json={"error": "no"}), UnauthorizedError),
        (httpx.Response(400, text="<html>no</html>"), RefusedError),
        (httpx.Response(404), ConfigError),
        (httpx.Response(405), ConfigError),
        (httpx.Response(408), UnavailableError),
        (httpx.Response(429, headers={"retry-after": "3"}), RateLimitedError),
        (httpx.Response(500), UnavailableError),
        (httpx.Response(302, headers={"location": "/"}), UnavailableError),
        (httpx.Response(200, text="<html>"), UnavailableError),
        (httpx.Response(200, text='[{"accountId": '), UnavailableError),
        (httpx.Response(200, json={"accounts": []}), UnavailableError),
        (httpx.ReadTimeout("slow"), UnavailableError),
    ],
)
def test_a_list_that_is_none_is_told_apart(
    answer: httpx.Response | Exception, kind: type[ConnectorError]
) -> None:
    with pytest.raises(ConnectorError) as caught:
        Line(answer).client.list_accounts()

    assert type(caught.value) is kind
    assert "<html>" not in caught.value.message


@pytest.mark.parametrize("body", [[], None, "x", 5])
def test_what_should_be_an_object_is_none(body: object) -> None:
    line = Line(httpx.Response(200, content=json.dumps(body)))

    with pytest.raises(UnavailableError):
        line.client.get_account(1)


@pytest.mark.parametrize("body", [{}, {"authToken": ""}, {"authToken": 5}])
def test_logging_in_without_a_token_is_no_success(body: object) -> None:
    with pytest.raises(UnavailableError):
        Line(httpx.Response(201, json=body)).client.log_in("a@b.example", "guess")


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ReadTimeout("slow"),
        httpx.Response(408),
        httpx.Response(500),
        httpx.Response(201, text="<html>"),
        httpx.Response(201, json=[]),
    ],
)
def test_what_was_created_is_not_known_where_the_answer_does_not_say(
    answer: httpx.Response | Exception,
) -> None:
    with pytest.raises(OutcomeUnknownError):
        Line(answer).client.create_sms(NEW_SMS)


@pytest.mark.parametrize("body", [{}, {"files": 1}])
def test_an_upload_that_says_nothing_is_in_doubt(body: object) -> None:
    with pytest.raises(OutcomeUnknownError):
        Line(httpx.Response(201, json=body)).client.upload_voice_file(FILE)


@pytest.mark.parametrize(
    "body",
    ["plain  words", {"message": "plain words"}, {"error": {"message": "plain words"}}],
)
def test_the_words_of_a_refusal_are_found(body: object) -> None:
    with pytest.raises(RefusedError, match=r"^Multisender: plain words$"):
        Line(httpx.Response(400, json=body)).client.list_accounts()
