"""A list is read whole while it changes: nothing twice, and as much as can be."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from connector.systems.callyzer.listing import PASSES, read_list
from connector.systems.callyzer.wire import ListPage

Row = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Pages:
    """A list in pages; ``meanwhile`` runs after each answer, with its count.

    ``grand``: whether the total is that of the list, else that of the answer.
    """

    rows: list[Row]
    size: int = 10
    grand: bool = True
    tells_size: bool = True
    asked: list[int] = field(default_factory=list)
    spoilt: list[Callable[[ListPage], ListPage]] = field(default_factory=list)
    meanwhile: Callable[[int], None] = lambda _: None

    def ask(self, number: int) -> ListPage:
        self.asked.append(number)
        rows = self.rows[(number - 1) * self.size : number * self.size]
        page = ListPage(
            rows=list(rows),
            total=len(self.rows) if self.grand else len(rows),
            page_no=number,
            page_size=self.size if self.tells_size else None,
            at=None,
        )
        self.meanwhile(len(self.asked))
        return self.spoilt.pop(0)(page) if self.spoilt else page


def rows(count: int, start: int = 0) -> list[Row]:
    return [{"id": str(n), "modified_at": ""} for n in range(start, start + count)]


def read(pages: Pages) -> list[str]:
    def key(row: Row) -> tuple[str, str]:
        return row["id"], row["modified_at"]

    return [row["id"] for part in read_list(pages.ask, key) for row in part]


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 20, 35])
@pytest.mark.parametrize("grand", [True, False])
def test_every_row_is_read_once(count: int, *, grand: bool) -> None:
    pages = Pages(rows=rows(count), grand=grand)

    assert read(pages) == [str(n) for n in range(count)]
    assert len(pages.asked) <= count // 10 + 1


def test_a_row_that_arrives_at_the_front_does_not_hide_another() -> None:
    pages = Pages(rows=rows(35))

    def meanwhile(count: int) -> None:
        if count == 2:
            pages.rows.insert(0, {"id": "new", "modified_at": ""})

    pages.meanwhile = meanwhile
    found = read(pages)

    assert sorted(found) == sorted([*map(str, range(35)), "new"])


def test_a_row_that_goes_does_not_hide_the_one_that_moves_up() -> None:
    pages = Pages(rows=rows(35))

    def meanwhile(count: int) -> None:
        if count == 1:
            del pages.rows[0]

    pages.meanwhile = meanwhile

    assert sorted(read(pages)) == sorted(map(str, range(35)))


def test_an_order_that_changes_is_noticed_by_what_is_missing() -> None:
    pages = Pages(rows=rows(30))

    def meanwhile(count: int) -> None:
        if count == 1:
            pages.rows.append(pages.rows.pop(0))

    pages.meanwhile = meanwhile

    assert sorted(read(pages)) == sorted(map(str, range(30)))


def test_a_list_that_never_stands_still_is_left_after_a_while() -> None:
    pages = Pages(rows=rows(25))
    pages.meanwhile = lambda count: pages.rows.insert(0, *rows(1, 1_000 + count))

    found = read(pages)

    assert len(found) == len(set(found))
    assert pages.asked.count(1) == PASSES


def test_a_row_that_changed_while_it_was_read_again_is_shown_again() -> None:
    pages = Pages(rows=rows(25))

    def meanwhile(count: int) -> None:
        if count == 1:
            pages.rows.append({"id": "new", "modified_at": ""})
            pages.rows[0] = {"id": "0", "modified_at": "later"}

    pages.meanwhile = meanwhile

    assert read(pages).count("0") == 2


def _wrong(page: ListPage, **changes: Any) -> ListPage:  # noqa: ANN401  a field's value
    values = {n: getattr(page, n) for n in ("rows", "total", "page_no", "page_size")}
    return ListPage(**{**values, "at": None, **changes})


@pytest.mark.parametrize(
    "spoil",
    [
        lambda page: _wrong(page, rows=page.rows[:3]),
        lambda page: _wrong(page, page_no=7),
        lambda _: ListPage(rows=rows(10), total=25, page_no=2, page_size=10, at=None),
    ],
    ids=["short", "another", "the one before"],
)
def test_a_page_that_cannot_be_right_is_asked_for_again(
    spoil: Callable[[ListPage], ListPage],
) -> None:
    pages = Pages(rows=rows(25), spoilt=[lambda page: page, spoil])

    assert read(pages) == [str(n) for n in range(25)]
    assert pages.asked == [1, 2, 2, 3]


@pytest.mark.parametrize("off", [-1, 1])
@pytest.mark.parametrize("count", [11, 25, 29])
def test_a_total_that_is_wrong_keeps_no_row_back(count: int, off: int) -> None:
    def wrong(page: ListPage) -> ListPage:
        return _wrong(page, total=count + off)

    pages = Pages(rows=rows(count), spoilt=[wrong] * 99)

    assert read(pages) == [str(n) for n in range(count)]
    assert pages.asked.count(1) <= 2


def test_pages_that_lack_a_row_of_the_total_end_the_list_for_no_other() -> None:
    gone = {"14", "15"}

    def hidden(page: ListPage) -> ListPage:
        return _wrong(page, rows=[row for row in page.rows if row["id"] not in gone])

    pages = Pages(rows=rows(35), spoilt=[hidden] * 99)

    assert set(read(pages)) == {str(n) for n in range(35)} - gone


def test_pages_smaller_than_they_say_are_read_to_the_end() -> None:
    def larger(page: ListPage) -> ListPage:
        return _wrong(page, page_size=20)

    pages = Pages(rows=rows(35), spoilt=[larger] * 99)

    assert read(pages) == [str(n) for n in range(35)]


def test_a_page_that_was_cut_for_a_while_is_made_up_for() -> None:
    def half(page: ListPage) -> ListPage:
        return _wrong(page, rows=page.rows[:3])

    pages = Pages(rows=rows(25), spoilt=[lambda page: page, *[half] * 5])

    assert sorted(read(pages), key=int) == [str(n) for n in range(25)]


@pytest.mark.parametrize("count", [49, 50, 120, 250])
def test_a_size_that_is_neither_told_nor_the_usual_one_is_no_trouble(
    count: int,
) -> None:
    pages = Pages(rows=rows(count), size=50, tells_size=False)

    assert read(pages) == [str(n) for n in range(count)]
    assert pages.asked.count(2) <= 1


def test_a_size_that_is_not_told_is_that_of_the_first_page() -> None:
    pages = Pages(rows=rows(250), size=100, tells_size=False)

    assert len(read(pages)) == 250
