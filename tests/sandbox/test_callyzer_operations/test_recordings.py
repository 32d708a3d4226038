"""call-log/call-recording/remove takes recordings away, one outcome for each."""

import httpx
import pytest

from connector.sandbox.callyzer import CallyzerSandbox, words
from tests.sandbox.test_callyzer_operations.conftest import Ask
from tests.sandbox.test_callyzer_operations.given import REMOVED, TODAY

REMOVE = "/call-log/call-recording/remove"
IDS = [row["id"] for row in REMOVED["result"]]
URL = "https://media.callyzer/78.mp3"


@pytest.fixture(autouse=True)
def recorded(account: CallyzerSandbox) -> None:
    """Calls such that the document's example comes out: the third is none."""
    for call_id in (IDS[0], IDS[3], IDS[4]):
        account.add({"id": call_id, "call_recording_url": URL})
    account.add({"id": IDS[1]})
    account.moods.undeletable |= {IDS[3]: words.NOT_IN_CLOUD, IDS[4]: words.TECHNICAL}


def test_the_documents_own_example_is_answered_as_it_is_printed(ask: Ask) -> None:
    answer = ask(REMOVE, {"unique_ids": IDS}, "DELETE")

    assert answer.status_code == 200
    assert answer.json() == REMOVED


def test_a_removed_recording_is_gone_and_the_others_stay(ask: Ask) -> None:
    ask(REMOVE, {"unique_ids": [IDS[0], IDS[3]]}, "DELETE")
    again = ask(REMOVE, {"unique_ids": [IDS[0]]}, "DELETE")

    found = ask("/call-log/get", {"unique_ids": IDS}).json()["result"]
    assert {call["id"]: call["call_recording_url"] for call in found} == {
        IDS[0]: "",
        IDS[1]: "",
        IDS[3]: URL,
        IDS[4]: URL,
    }
    assert again.json()["result"][0]["message"] == words.NO_RECORDING


def test_a_call_without_its_recording_is_modified_but_not_synced(
    account: CallyzerSandbox, ask: Ask
) -> None:
    old = "2026-11-20 09:00:00 IST"
    account.change(IDS[0], synced_at=old, modified_at=old)

    ask(REMOVE, {"unique_ids": [IDS[0]]}, "DELETE")

    (call,) = ask("/call-log/get", {"unique_ids": [IDS[0]]}).json()["result"]
    assert (call["synced_at"], call["modified_at"]) == (old, "2026-11-20 12:00:00 IST")


@pytest.mark.parametrize("unique_ids", [None, [], [str(n) for n in range(21)]])
def test_only_1_to_20_ids_are_taken_at_once(ask: Ask, unique_ids: object) -> None:
    answer = ask(REMOVE, {"unique_ids": unique_ids}, "DELETE")

    assert answer.status_code == 400
    assert answer.json() == {
        "result": None,
        "message": "Invalid no of unique ids. Minimum 1 and Maximum 20 ids are allowed.",
    }


def test_the_ids_may_be_in_the_query_string_too(client: httpx.Client) -> None:
    answer = client.delete(REMOVE, params={"unique_ids": [IDS[0], IDS[2]]})

    assert [row["status"] for row in answer.json()["result"]] == ["Success", "Failed"]


def test_it_is_a_delete_and_nothing_else(client: httpx.Client, ask: Ask) -> None:
    posted = ask(REMOVE, {"unique_ids": IDS})
    as_text = client.request(
        "DELETE",
        REMOVE,
        content=b'{"unique_ids": ["a"]}',
        headers={"content-type": "text/plain"},
    )

    assert (posted.status_code, as_text.status_code) == (405, 400)
    assert ask("/call-log/summary", TODAY).json()["result"]["total_calls"] == 4
