"""Phone fields: to write a number otherwise never changes what it is read as."""

import phonenumbers
from hypothesis import assume, example, given
from hypothesis import strategies as st
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from connector.mapping.phones import readings, valid_readings

# ruff: noqa: RUF001 - digits that look alike are what is tested
# fmt: off
REGIONS = (
    "IN", "US", "GB", "DE", "FR", "AE", "SG", "AU",
    "BR", "IT", "MX", "ZA", "CA", "JP", "ES", "NZ",
    "NL", "AR", "CN", "KE", "SA", "LK", "RU", "PK",
)
# fmt: on
KINDS = tuple(PhoneNumberType.values())
SEPARATORS = st.sampled_from([" ", "-", ".", "", "\u00a0", "\u2011", "\u2013", "*"])
DIGITS = st.sampled_from(
    ["0123456789", "०१२३४५६७८९", "٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９"]
)
MARKS = st.sampled_from(["", "\u202a", "\u200e", "\u200b", "\u2060", " "])
EXTENSIONS = st.sampled_from(
    ["", " x22", " ext. 22", ";ext=22", " #22", " extension 401", ",,22"]
)
LABELS = st.sampled_from(
    [
        ("", ""),
        ("Mobile: ", ""),
        ("tel:", ""),
        ("", " (wife)"),
        ("(home) ", " - ask me"),
        ("", " (1)"),
        ("", "(3210)"),
        ("", " (24 hrs)"),
        ("Call ", " (2nd floor, room 4012)"),
        ("", " [401] (new)"),
        ("", " 2nd floor"),
        ("", " 24x7"),
        ("", " 9 to 5"),
        ("", " (cut off at 20"),
    ]
)
BETWEEN = st.sampled_from(
    [" / ", "/", ", ", ";", " | ", "\n", " or ", " and ", " & ", "  ", " - "]
)


def e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def national(number: PhoneNumber) -> str:
    return phonenumbers.national_significant_number(number)


EXAMPLES = [
    (region, found)
    for region in REGIONS
    for kind in KINDS
    if (found := phonenumbers.example_number_for_type(region, kind)) is not None
]


@st.composite
def numbers(draw: st.DrawFn) -> tuple[str, PhoneNumber]:
    """A region and a valid number of it, long enough to be told from an extension."""
    region, near = draw(st.sampled_from(EXAMPLES))
    ending = draw(st.integers(0, 999))
    text = f"{e164(near)[:-3]}{ending:03}"
    number = phonenumbers.parse(text)
    if not phonenumbers.is_valid_number(number) or e164(number) != text:
        number = near
    assume(len(national(number)) >= 7)
    return region, number


@st.composite
def dressed(draw: st.DrawFn, written: str) -> str:
    """The same digits, otherwise set: separators, brackets, scripts, marks."""
    plain = written.replace("-", " ").replace("/", " ")
    text = "".join(draw(SEPARATORS) if each == " " else each for each in plain)
    text = text.translate(str.maketrans("0123456789", draw(DIGITS)))
    return draw(MARKS) + text + draw(MARKS) + draw(EXTENSIONS)


@st.composite
def international(draw: st.DrawFn, number: PhoneNumber) -> str:
    spaced = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    code = f"+{number.country_code}"
    rest = spaced.removeprefix(code)
    forms = [
        e164(number),
        spaced,
        f"00{spaced[1:]}",
        f"({code}) {rest}",
        f"+ {spaced[1:]}",
    ]
    forms.append(phonenumbers.format_number(number, PhoneNumberFormat.RFC3966))
    return draw(dressed(draw(st.sampled_from(forms))))


def trunk_of(region: str) -> str:
    return phonenumbers.ndd_prefix_for_region(region, strip_non_digits=True) or ""


@st.composite
def nationally(draw: st.DrawFn, region: str, number: PhoneNumber) -> str:
    spaced = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    trunk = trunk_of(region)
    return draw(
        dressed(
            draw(st.sampled_from([spaced, national(number), trunk + national(number)]))
        )
    )


@given(data=st.data(), known=numbers(), regions=st.lists(st.sampled_from(REGIONS)))
def test_an_international_writing_is_read_the_same_everywhere(
    data: st.DataObject, known: tuple[str, PhoneNumber], regions: list[str]
) -> None:
    _, number = known
    written = data.draw(international(number))
    before, after = data.draw(LABELS)
    country = data.draw(st.none() | st.sampled_from(REGIONS))
    found = readings(before + written + after, tuple(regions), country)
    assert found == (e164(number),)


@given(data=st.data(), known=numbers(), others=st.lists(st.sampled_from(REGIONS)))
def test_a_national_writing_is_read_first_in_its_own_region(
    data: st.DataObject, known: tuple[str, PhoneNumber], others: list[str]
) -> None:
    region, number = known
    before, after = data.draw(LABELS)
    written = before + data.draw(nationally(region, number)) + after
    assert readings(written, (region,)) == (e164(number),)
    assert readings(written, tuple(others), region) == (e164(number),)
    assert readings(written, (region, *others))[0] == e164(number)
    assert e164(number) in readings(written, (*others, region))


@given(data=st.data(), first=numbers(), second=numbers())
def test_of_two_numbers_both_are_read(
    data: st.DataObject,
    first: tuple[str, PhoneNumber],
    second: tuple[str, PhoneNumber],
) -> None:
    (region, one), (other, two) = first, second
    left = data.draw(international(one) | nationally(region, one))
    right = data.draw(international(two) | nationally(other, two))
    found = readings(left + data.draw(BETWEEN) + right, (region, other))
    assert {e164(one), e164(two)} <= set(found)


@given(known=numbers(), regions=st.lists(st.sampled_from(REGIONS)))
def test_a_country_code_without_its_plus_is_found_where_nothing_else_is_valid(
    known: tuple[str, PhoneNumber], regions: list[str]
) -> None:
    _, number = known
    digits = e164(number)[1:]
    assume(len(digits) >= 11)
    found = readings(digits, tuple(regions))
    assert found
    assert e164(number) in found or not set(found).isdisjoint(
        phone for region in regions for phone in readings(digits, (region,))
    )


@given(known=numbers(), regions=st.lists(st.sampled_from(REGIONS)))
def test_what_was_read_reads_as_itself(
    known: tuple[str, PhoneNumber], regions: list[str]
) -> None:
    _, number = known
    assert readings(e164(number), tuple(regions)) == (e164(number),)


PIECES = ["+", "00", "91", "98200", "11101", "(0)", " ", "/", "-", ",", ";", "\n", "x"]
PIECES += ["ext", "#", "*", "1-800-", "ABC", "9", "٩", "\u202a", "xx", "."]


@example(text="+", regions=["IN"], country=None)
@example(text="00", regions=["IN"], country="IN")
@given(
    text=st.text() | st.lists(st.sampled_from(PIECES)).map("".join),
    regions=st.lists(st.sampled_from([*REGIONS, "ZZ", "", "in", "001"])),
    country=st.none() | st.text(max_size=3) | st.sampled_from(REGIONS),
)
def test_any_text_has_readings_that_are_e164_and_valid_or_possible(
    text: str, regions: list[str], country: str | None
) -> None:
    valid = valid_readings(text, tuple(regions), country)
    found = readings(text, tuple(regions), country)
    assert valid in {found, ()}
    assert len(set(found)) == len(found)
    for phone in found:
        number = phonenumbers.parse(phone)
        assert phonenumbers.is_valid_number(number) == bool(valid)
        assert phonenumbers.is_possible_number(number)
        assert readings(phone, tuple(regions), country) == (phone,)


def is_unheard_of(region: str, number: PhoneNumber) -> bool:
    """Whether nobody has such a number, though it is as long as one.

    Nor is it another number, valid or not, as it is written at home.
    """
    phone, at_home = e164(number), national(number)
    with_trunk = trunk_of(region) + at_home
    return (
        readings(phone, ()) == (phone,)
        and not valid_readings(phone, ())
        and all(
            phonenumbers.parse(text, region) == number
            and not valid_readings(text, (region,))
            for text in (at_home, with_trunk)
        )
    )


UNHEARD_OF = [
    (region, number)
    for region in REGIONS
    for beginning in range(10, 100)
    if (near := phonenumbers.example_number(region)) is not None
    and is_unheard_of(
        region,
        number := PhoneNumber(
            country_code=near.country_code,
            national_number=int(f"{beginning}{national(near)[2:]}"),
        ),
    )
]


@given(
    data=st.data(),
    known=st.sampled_from(UNHEARD_OF),
    others=st.lists(st.sampled_from(REGIONS)),
)
def test_a_number_that_is_not_valid_meets_itself_in_any_writing(
    data: st.DataObject, known: tuple[str, PhoneNumber], others: list[str]
) -> None:
    region, number = known
    before, after = data.draw(LABELS)
    abroad = before + data.draw(international(number)) + after
    assert readings(abroad, (region, *others)) == (e164(number),)
    at_home = before + data.draw(nationally(region, number)) + after
    assert e164(number) in readings(at_home, (region,))
