"""The JSON of Multisender's API, read leniently: the document shows it as outlines."""

from connector.errors import UnavailableError
from connector.transport.answer import Answer
from connector.transport.jsontext import Json

Resource = dict[str, Json]


def rows(answer: Answer) -> list[Json]:
    """Read an answer that is a bare array; UnavailableError if it is none.

    Its elements are as they are: whoever needs objects has to look.
    """
    body = answer.json()
    if not isinstance(body, list):
        raise UnavailableError(f"{answer.host} answered without a list")
    return body


def rows_in(answer: Answer, name: str) -> list[Json]:
    """Read an array that is in an object, or bare.

    Uploading answers with ``files``; what adding receivers answers is printed as half
    an array and half an object, and a list of them may be either.
    """
    body = answer.json()
    found = body.get(name) if isinstance(body, dict) else body
    if not isinstance(found, list):
        raise UnavailableError(f"{answer.host} answered without {name}")
    return found


def receivers_in(answer: Answer) -> list[Json]:
    """Read receivers: a bare array, or in an object."""
    return rows_in(answer, "receivers")


def resource(answer: Answer) -> Resource:
    """Read an answer that is one object; UnavailableError if it is none."""
    body = answer.json()
    if not isinstance(body, dict):
        raise UnavailableError(f"{answer.host} answered with JSON that is no object")
    return body


def token(answer: Answer) -> str:
    """Read the answer of Login; UnavailableError where there is no token."""
    found = resource(answer).get("authToken")
    if not isinstance(found, str) or not found:
        raise UnavailableError(f"{answer.host} answered without an authToken")
    return found


def nothing(_: Answer) -> None:
    """Leave the body alone: 204 has none, and a deleted filter's is not needed."""


def message(answer: Answer) -> str:
    """Read what a refusal says, on one line; the document shows none.

    A message in an object, under one of the usual names, or plain text; empty where
    there is nothing, or a web page.
    """
    try:
        body = answer.json()
    except UnavailableError:
        body = answer.body.decode("utf-8", "replace")
    error = body.get("error", body) if isinstance(body, dict) else body
    words = error.get("message") if isinstance(error, dict) else error
    text = " ".join(words.split()) if isinstance(words, str) else ""
    return "" if text.startswith("<") else text[:_EXCERPT]


_EXCERPT = 300
