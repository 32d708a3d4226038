"""Country fields: a country by whatever name."""

import subprocess
import sys

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.mapping.countries import region_of


@pytest.mark.parametrize(
    ("country", "region"),
    [
        ("India", "IN"),
        ("IN", "IN"),
        ("ind", "IN"),
        ("Bharat", "IN"),
        ("भारत", "IN"),
        ("Republic of India", "IN"),
        ("United States", "US"),
        ("United States of America", "US"),
        ("USA", "US"),
        ("U.S.A.", "US"),
        ("u s a", "US"),
        ("UK", "GB"),
        ("England", "GB"),
        ("United Kingdom", "GB"),
        ("Deutschland", "DE"),
        ("Allemagne", "DE"),
        ("ESPANA", "ES"),
        ("UAE", "AE"),
        ("Côte d\u2019Ivoire", "CI"),
        ("Cote d'Ivoire", "CI"),
        ("COTE D IVOIRE", "CI"),
        ("south korea", "KR"),
        ("Korea, Republic of", "KR"),
        ("Korea, Democratic People's Republic of", "KP"),
        ("Congo, the Democratic Republic of the", "CD"),
        ("Republic of the Congo", "CG"),
        ("Republic of China", "TW"),
        ("People's Republic of China", "CN"),
        ("Türkiye", "TR"),
        ("St. Lucia", "LC"),
        ("St Pierre and Miquelon", "PM"),
        ("Príncipe and São Tomé", "ST"),
        ("ST", "ST"),
        ("AND", "AD"),
        ("Trinidad & Tobago", "TT"),
        ("Bahamas, The", "BS"),
        ("Kosovo", "XK"),
        ("NGA", "NG"),
    ],
)
def test_a_country_is_known_by_its_names_and_codes(country: str, region: str) -> None:
    assert region_of(country) == region


@pytest.mark.parametrize(
    "country",
    [
        "",
        " ",
        "???",
        "the",
        "Republic",
        "Atlantis",
        "New Jersey",
        "Y",
        "ZZ",
        "001",
        "Antarctica",
        "India " * 50,
        "Georgia (US)",
        "USA / Canada",
        "Atlanta, GA",
        "GA - Atlanta",
        "India (Karnataka)",
        "()",
    ],
)
def test_what_is_no_country_with_telephones_is_not_known(country: str) -> None:
    assert region_of(country) is None


@pytest.mark.parametrize(
    "country",
    ["India (IN)", "India/Bharat", "IN - India", "IND | India", "India (IN) / भारत"],
)
def test_a_country_may_stand_there_twice(country: str) -> None:
    assert region_of(country) == "IN"


def test_every_region_is_known_by_its_code() -> None:
    regions = phonenumbers.SUPPORTED_REGIONS
    assert {region for region in regions if region_of(region) != region} == set()
    assert {
        each for each in regions if region_of(f" {each.lower()}. ") != each
    } == set()


@given(country=st.text())
def test_any_text_is_a_known_region_or_none(country: str) -> None:
    assert region_of(country) in {None, *phonenumbers.SUPPORTED_REGIONS}


def test_the_names_come_without_the_package_of_places_around_them() -> None:
    code = (
        "import sys; from connector.mapping.countries import region_of; "
        "assert region_of('Deutschland') == 'DE'; "
        "sys.exit('phonenumbers.geodata' in sys.modules)"
    )
    finished = subprocess.run([sys.executable, "-c", code], check=False)  # noqa: S603 - our own code
    assert finished.returncode == 0
