"""Whatever Callyzer sends is a record or is set aside."""

from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from connector.errors import RecordError
from connector.model import Record, Reject
from connector.systems.callyzer.parse import parse_call, parse_reject
from connector.systems.callyzer.source import CALL_LOGS
from connector.systems.callyzer.stream import VENDOR_FIELDS

INDIA = ZoneInfo("Asia/Kolkata")
NAMES = sorted(field.name for field in VENDOR_FIELDS)

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["91", "2026-11-21", "25:61:00", "Missed", "0001-01-01", "30"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=5,
)


def test_what_is_set_aside_keeps_its_id_and_its_payload() -> None:
    raw = {"id": "a", "duration": "ten"}

    reject = parse_reject(raw, RecordError("no", code="UNREADABLE"))

    assert (reject.id, reject.payload) == ("a", raw)
    assert (reject.code, reject.message) == ("UNREADABLE", "no")


def test_what_has_no_id_is_set_aside_under_one_made_of_its_content() -> None:
    error = RecordError("no", code="UNREADABLE")

    one = parse_reject({"a": 1, "b": 2}, error).id
    same = parse_reject({"b": 2, "a": 1}, error).id
    other = parse_reject([], error).id

    assert one == same != other
    assert one.startswith("unreadable:")


@given(json_values | st.dictionaries(st.sampled_from(NAMES), json_values))
def test_any_json_is_a_record_or_is_set_aside(raw: object) -> None:
    names = {field.name for field in CALL_LOGS.fields}
    found: Record | Reject
    try:
        found = parse_call(raw, INDIA)
    except RecordError as error:
        found = parse_reject(raw, error)

    assert found.id
    assert isinstance(found, Reject) or names.issuperset(found.fields)


@given(
    st.fixed_dictionaries(
        {"id": st.just("a")},
        optional={n: json_values for n in NAMES if n not in ("id", "duration")},
    )
)
def test_only_the_id_and_the_duration_can_set_a_call_aside(
    raw: dict[str, object],
) -> None:
    assert parse_call(raw, INDIA).id == "a"
