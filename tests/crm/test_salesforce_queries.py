"""Queries: as text, over the wire, and through a parser of its own."""

import re
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import parse_qs, quote_plus, urlsplit
from urllib.request import Request

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.crm.salesforce.crm import SalesforceCrm
from connector.crm.salesforce.soql import to_soql
from connector.errors import ConfigError, SchemaMismatchError, UnavailableError
from connector.model import Condition, Operator, Query, Scalar

QUERY = Query(object="Contact", fields=("Id", "Owner.Name"))
TYPED = Query(
    object="Task",
    fields=("Id",),
    typed={
        "Who": {"Contact": ("Phone", "HomePhone"), "Lead": ("Phone",), "User": ()},
        "What": {"Account": ()},
        "Owner": {},
    },
)
INDIA = timezone(timedelta(hours=5, minutes=30))
LITERAL = re.compile(r"'((?:[^'\\]|\\.)*)'", re.DOTALL)
ESCAPED = re.compile(r"\\(u[0-9A-Fa-f]{4}|[nrtbf\"'\\])")
ANY = st.characters(codec=None, exclude_categories=())
MEANT = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def soql(*conditions: Condition) -> list[str]:
    return to_soql(Query(object="Contact", fields=("Id",), where=conditions))


def where(
    operator: Operator, value: Scalar | datetime | tuple[Scalar, ...], field: str = "X"
) -> Condition:
    return Condition(field=field, operator=operator, value=value)


def texts_in(query: str) -> list[str]:
    """Read the quoted texts of a query, as the SOQL reference has them."""
    inside = [found[1] for found in LITERAL.finditer(query)]
    assert all(re.sub(ESCAPED, "", text).count("\\") == 0 for text in inside)
    assert "'" not in LITERAL.sub("", query)
    return [ESCAPED.sub(_meant, text) for text in inside]


def _meant(found: re.Match[str]) -> str:
    mark = found[1]
    return chr(int(mark[1:], 16)) if len(mark) == 5 else MEANT.get(mark, mark)


@pytest.mark.parametrize(
    ("condition", "compiled"),
    [
        (where("is", "a"), "X = 'a'"),
        (where("is", None), "X = null"),
        (where("not", "a"), "X != 'a'"),
        (where("is", value=True), "X = TRUE"),
        (where("is", value=False), "X = FALSE"),
        (where("in", ("a", "b", "a")), "X IN ('a','b')"),
        (where("in", "a"), "X IN ('a')"),
        (where("at least", 3), "X >= 3"),
        (where("at most", 0.25), "X <= 0.25"),
        (where("at least", 1e21), "X >= 1000000000000000000000"),
        (where("blank", value=True), "X = null"),
        (where("blank", value=False), "X != null"),
        (
            where("at least", datetime(2026, 11, 21, 5, 30, 0, 250_000, INDIA)),
            "X >= 2026-11-21T00:00:00.250Z",
        ),
        (where("is", "O'Neil\\\n"), r"X = 'O\'Neil\\\n'"),
        (where("is", "a", "Who.Name"), "Who.Name = 'a'"),
    ],
)
def test_each_operator_is_compiled(condition: Condition, compiled: str) -> None:
    (query,) = soql(condition)

    assert query.removeprefix("SELECT Id FROM Contact WHERE ") == compiled


def test_all_conditions_must_hold() -> None:
    assert soql(where("is", 1), where("in", ("a",)), where("not", 2)) == [
        "SELECT Id FROM Contact WHERE X = 1 AND X != 2 AND X IN ('a')"
    ]


def test_no_condition_asks_for_everything() -> None:
    assert to_soql(QUERY) == ["SELECT Id, Owner.Name FROM Contact"]


def test_an_empty_list_asks_for_nothing() -> None:
    assert soql(where("in", ()), where("is", 1)) == []


@given(st.text(ANY, max_size=300))
def test_any_text_comes_back_from_its_literal(text: str) -> None:
    (query,) = soql(where("is", text))

    assert texts_in(query) == [text]


@given(
    st.lists(st.text(ANY, max_size=60), max_size=200, unique=True),
    st.lists(st.sampled_from("abcdefgh"), unique=True),
)
def test_a_long_list_is_asked_for_in_short_queries_and_completely(
    names: list[str], letters: list[str]
) -> None:
    queries = soql(where("in", tuple(names)), where("in", tuple(letters)))

    asked = [texts_in(query) for query in queries]
    pairs = {(n, x) for one in asked for n in one for x in one if n in names}
    assert all(len(quote_plus(query)) < 7_800 for query in queries)
    assert {(name, letter) for name in names for letter in letters} <= pairs


def test_two_hundred_phone_numbers_fit_into_one_query() -> None:
    numbers = tuple(f"+1415555{number:04}" for number in range(200))

    assert len(soql(where("in", numbers, "Phone"))) == 1


@pytest.mark.parametrize(
    "condition",
    [
        where("is", "x" * 4_001),
        where("in", ("x" * 4_001,)),
        where("in", ("é" * 2_000,)),
        where("is", float("nan")),
        where("is", float("inf")),
        where("is", datetime(2026, 11, 21)),  # noqa: DTZ001  # a time without a zone
        where("is", ("a", "b")),
    ],
)
def test_a_value_that_no_query_can_hold_is_refused(condition: Condition) -> None:
    with pytest.raises(ConfigError):
        soql(condition)


def test_a_query_that_is_too_long_in_itself_is_refused() -> None:
    with pytest.raises(ConfigError, match="too long"):
        soql(*(where("is", "x" * 2_000) for _ in range(5)))


@pytest.mark.parametrize("name", ["Id FROM User", "a.b.c.d.e.f.g", "a..b", "", "a\n"])
def test_a_name_that_cannot_be_one_never_enters_a_query(name: str) -> None:
    with pytest.raises(SchemaMismatchError):
        to_soql(Query(object="Contact", fields=(name,)))
    with pytest.raises(SchemaMismatchError):
        to_soql(Query(object=name, fields=("Id",)))
    with pytest.raises(SchemaMismatchError):
        soql(where("is", 1, name))
    with pytest.raises(SchemaMismatchError):
        soql(where("in", (1,), name))


def test_what_may_be_of_several_objects_is_asked_for_by_object() -> None:
    (query,) = to_soql(TYPED)

    assert query == (
        "SELECT Id, TYPEOF Who WHEN Contact THEN Phone, HomePhone"
        " WHEN Lead THEN Phone END FROM Task"
    )


@pytest.mark.parametrize("name", ["Id FROM User", "a.b", "", "a\n"])
def test_a_typed_name_that_cannot_be_one_never_enters_a_query(name: str) -> None:
    for typed in (
        {name: {"Lead": ("Phone",)}},
        {"Who": {name: ("Phone",)}},
        {"Who": {"Lead": (name,)}},
    ):
        with pytest.raises(SchemaMismatchError):
            to_soql(Query(object="Task", fields=("Id",), typed=typed))


def test_a_list_beside_a_long_selection_still_fits_into_each_query() -> None:
    names = tuple(f"A_Field_With_A_Long_Name_{number}__c" for number in range(90))
    wanted = where("in", tuple(f"call:{number}" for number in range(500)))

    queries = to_soql(
        Query(
            object="Task",
            fields=("Id",),
            where=(wanted,),
            typed={"Who": {"Contact": names}},
        )
    )

    assert len(queries) > 1
    assert all(len(quote_plus(query)) < 7_800 for query in queries)


def record(crm_id: str, owner: str | None) -> dict[str, object]:
    user = {"attributes": {"type": "User"}, "Name": owner} if owner else None
    return {"attributes": {"type": "Contact"}, "Id": crm_id, "Owner": user}


def test_pages_are_read_on_and_relationships_get_dotted_names(
    crm: SalesforceCrm, answers: list[object], sent: list[Request]
) -> None:
    more = "/services/data/v62.0/query/01g-2000"
    answers += [
        (200, {"done": False, "nextRecordsUrl": more, "records": [record("1", "Al")]}),
        (200, {"done": True, "records": [record("2", None)]}),
    ]

    records = list(crm.select(QUERY))

    assert records == [
        {"Id": "1", "Owner.Name": "Al"},
        {"Id": "2", "Owner.Name": None},
    ]
    first, second = urlsplit(sent[1].selector), sent[2].selector
    assert first.path == "/services/data/v62.0/query/"
    assert parse_qs(first.query) == {"q": ["SELECT Id, Owner.Name FROM Contact"]}
    assert second == more


def whose(kind: str, **fields: object) -> dict[str, object]:
    return {"Id": "1", "Who": {"attributes": {"type": kind}, **fields}}


@pytest.mark.parametrize(
    ("found", "read"),
    [
        (whose("Contact", Phone="1", HomePhone="2"), ("1", "2")),
        (whose("Contact", Phone="1", HomePhone=None), ("1", None)),
        (whose("Lead", Phone="1"), ("1", None)),
        (whose("Group"), (None, None)),
        ({"Id": "1", "Who": None}, (None, None)),
    ],
)
def test_each_typed_path_is_there_whatever_object_the_record_is_of(
    crm: SalesforceCrm, answers: list[object], found: object, read: tuple[str, str]
) -> None:
    answers.append((200, {"done": True, "records": [found]}))

    records = list(crm.select(TYPED))

    assert records == [{"Id": "1", "Who.Phone": read[0], "Who.HomePhone": read[1]}]


@pytest.mark.parametrize(
    "found",
    [
        {"Id": "1"},
        {"Id": "1", "Who": "003"},
        {"Id": "1", "Who": {"Phone": "1"}},
        {"Id": "1", "Who": {"attributes": {"type": ["Lead"]}}},
        whose("Lead"),
    ],
)
def test_a_typed_record_of_another_shape_is_no_record(
    crm: SalesforceCrm, answers: list[object], found: object
) -> None:
    answers.append((200, {"done": True, "records": [found]}))

    with pytest.raises(UnavailableError):
        list(crm.select(TYPED))


def test_a_page_is_asked_for_only_when_it_is_needed(
    crm: SalesforceCrm, answers: list[object], sent: list[Request]
) -> None:
    page = {"done": False, "nextRecordsUrl": "/x", "records": [record("1", "Al")]}
    answers.append((200, page))

    found = next(crm.select(QUERY))

    assert found["Id"] == "1"
    assert len(sent) == 2


def test_deleted_records_are_asked_for_elsewhere(
    crm: SalesforceCrm, answers: list[object], sent: list[Request]
) -> None:
    answers.append((200, {"done": True, "records": []}))

    found = list(crm.select(Query(object="Lead", fields=("Id",), deleted_too=True)))

    assert found == []
    assert sent[-1].selector.startswith("/services/data/v62.0/queryAll/?q=")


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {},
        {"done": True},
        {"done": True, "records": None},
        {"done": True, "records": ["1"]},
        {"done": True, "records": [{"Id": "1"}]},
        {"done": False, "records": []},
        {"done": False, "records": [], "nextRecordsUrl": None},
    ],
)
def test_a_page_of_another_shape_is_no_page(
    crm: SalesforceCrm, answers: list[object], answer: object
) -> None:
    answers.append((200, answer))

    with pytest.raises(UnavailableError):
        list(crm.select(QUERY))


def test_a_moment_is_asked_for_in_utc() -> None:
    here = datetime(2026, 1, 2, 3, 4, 5, 678_900, UTC)

    assert soql(where("at most", here)) == [
        "SELECT Id FROM Contact WHERE X <= 2026-01-02T03:04:05.678Z"
    ]
