"""What may be linked in a record that exists, given what people did to it."""

import pytest

from connector.engine.hands import BY_HAND, EMPTIED, Case, Decided
from connector.model import LedgerRow, Link, Scalar

US, AGENT, OTHER = "005000000000001AAA", "005000000000002AAA", "005000000000003AAA"
FOUND = Link(id=AGENT, why="the only User", object="User", values=("102",))
NOBODY = Link(id=None, why="nobody has 102", values=("102",))


def decided(
    now: Scalar,
    before: Link | None = NOBODY,
    found: Link = FOUND,
    field: str = "OwnerId",
) -> Decided:
    known = LedgerRow(key="k", flow="calls", links={field: before} if before else None)
    done = Decided()
    done.decide(Case(known=known, wants=(), us=US), {field: found}, {field: now})
    return done


def noted(done: Decided, field: str = "OwnerId") -> Link:
    assert done.write == {}
    return done.note["k"][field]


@pytest.mark.parametrize(
    ("now", "before"),
    [
        (None, NOBODY),
        (None, None),
        (US, NOBODY),
        (US[:15], None),
        (OTHER, Link(id=OTHER, why="nobody has 102: the default", values=("102",))),
        (OTHER[:15], Link(id=OTHER, why="the only User", object="User")),
    ],
)
def test_what_is_as_we_left_it_is_linked(now: Scalar, before: Link | None) -> None:
    assert decided(now, before).write == {"k": {"OwnerId": FOUND}}


@pytest.mark.parametrize(
    ("now", "before"),
    [
        (OTHER, NOBODY),
        (OTHER, None),
        (US, Link(id=OTHER, why="nobody has 102: the default", values=("102",))),
    ],
)
def test_whom_somebody_else_put_stays(now: Scalar, before: Link | None) -> None:
    link = noted(decided(now, before))

    assert (link.id, link.why) == (now, BY_HAND)


def test_what_we_filled_and_somebody_else_emptied_stays_empty_for_ever() -> None:
    ours = Link(id=OTHER, why="the only Contact", object="Contact", values=("102",))
    first = noted(decided(None, ours, field="WhoId"), "WhoId")
    second = noted(decided(None, first, field="WhoId"), "WhoId")

    assert (first.id, first.why) == (None, EMPTIED)
    assert second == first


def test_what_the_crm_refused_and_is_empty_may_be_linked_anew() -> None:
    refused = Link(id=None, why="the only Contact; refused: no", object="?")

    assert decided(None, refused).write == {"k": {"OwnerId": FOUND}}


def test_the_crms_words_are_kept_as_long_as_nobody_else_is_found() -> None:
    dropped = Link(id=None, why="found; refused: deleted", values=("102",))

    assert noted(decided(None, dropped, found=NOBODY)) == dropped


@pytest.mark.parametrize(
    "before",
    [
        Link(id=None, why="2 User records", among=("A", "B"), values=("102",)),
        Link(id=None, why="nobody has 101", values=("101",)),
    ],
    ids=["a tie that is none any more", "another number"],
)
def test_a_reason_that_is_no_longer_true_is_not_kept(before: Link) -> None:
    assert noted(decided(None, before, found=NOBODY)).why == NOBODY.why
