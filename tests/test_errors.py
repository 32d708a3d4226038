"""Every error: its default message, its facts, and its place in the tree."""

import inspect
import re

import pytest

from connector import errors
from connector.errors import (
    BatchRefusedError,
    ConnectorError,
    MappingError,
    RateLimitedError,
    RecordError,
    RetryableError,
)

CLASSES = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, ConnectorError)
]
DRAWN = re.compile(r"^(?P<indent>[│├└─ ]*)(?P<name>\w+Error)\b", re.MULTILINE)


def drawn() -> dict[str, str]:
    """Each class of the drawing, and the one above it."""
    above: dict[int, str] = {}
    parents: dict[str, str] = {}
    for match in DRAWN.finditer(errors.__doc__ or ""):
        depth = len(match["indent"]) // 4
        parents[match["name"]] = above.get(depth - 1, "Exception")
        above[depth] = match["name"]
    return parents


def made(kind: type[ConnectorError]) -> ConnectorError:
    return kind([]) if issubclass(kind, MappingError) else kind()


def test_the_tree_is_as_it_is_drawn() -> None:
    assert {kind.__name__: kind.mro()[1].__name__ for kind in CLASSES} == drawn()


@pytest.mark.parametrize("kind", CLASSES)
def test_the_first_line_of_the_docstring_is_the_default_message(
    kind: type[ConnectorError],
) -> None:
    words = inspect.getdoc(kind)

    assert words
    assert "\n" not in words
    assert str(made(kind)) == made(kind).message == words


@pytest.mark.parametrize("kind", [each for each in CLASSES if each is not MappingError])
def test_a_message_of_its_own_goes_before_the_default(
    kind: type[ConnectorError],
) -> None:
    assert kind("the disk is full").message == "the disk is full"


def test_every_class_has_a_message_that_is_only_its_own() -> None:
    assert len({kind.__doc__ for kind in CLASSES}) == len(CLASSES)


def test_faults_of_a_mapping_are_its_message_a_line_each() -> None:
    error = MappingError(["a.yaml:1:1: no", "a.yaml:2:1: no"])

    assert error.message == "a.yaml:1:1: no\na.yaml:2:1: no"
    assert error.faults == ("a.yaml:1:1: no", "a.yaml:2:1: no")


@pytest.mark.parametrize(
    "kind", [each for each in CLASSES if issubclass(each, RetryableError)]
)
def test_what_can_be_tried_again_may_know_when(kind: type[RetryableError]) -> None:
    assert kind().retry_after is None
    assert kind(retry_after=30).retry_after == 30


@pytest.mark.parametrize("kind", [RecordError, BatchRefusedError])
def test_what_is_about_a_record_has_a_code_and_the_guilty_fields(
    kind: type[RecordError],
) -> None:
    error = kind("too long", code="STRING_TOO_LONG", fields=["Subject"])

    assert (error.code, error.fields) == ("STRING_TOO_LONG", ("Subject",))
    assert (kind().code, kind().fields) == ("RECORD", ())


def test_an_error_says_what_to_do_next() -> None:
    assert issubclass(RateLimitedError, RetryableError)
    assert not issubclass(RecordError, RetryableError)
