"""The many ways in which people write a phone number into a CRM."""

from typing import Final

from connector.sandbox.population import INDIA, USA

COUNTRIES: Final = {INDIA: "India", USA: "United States"}
WAYS: Final = {
    INDIA: (
        "+91 {0} {1}",
        "0{0}{1}",
        "{0}{1}",
        "+91{0}{1}",
        "91-{0}{1}",
        "(+91) {0}-{1}",
        "0{0} {1}",
        "0091 {0} {1}",
        "91 {0} {1}",
        "+91-{2}-{3}-{4}",
        "{2} {3} {4}",
        "Mob: {0}{1}",
    ),
    USA: (
        "({2}) {3}-{4}",
        "+1 {2} {3} {4}",
        "{2}.{3}.{4}",
        "+1{2}{3}{4}",
        "{2}-{3}-{4} x45",
        "1 ({2}) {3}-{4}",
        "{2}{3}{4}",
        "1.{2}.{3}.{4}",
        "1-{2}-{3}-{4}",
        "+1 {2} {3} {4} ext. 22",
        "{2} {3} {4}",
        "Cell {2}-{3}-{4}",
    ),
}
"""By country code; in Indian groups (0, 1) or in American ones (2, 3, 4)."""


def written(way: str, number: str) -> str:
    """Write a national number of ten digits in one of these ways."""
    return way.format(number[:5], number[5:], number[:3], number[3:6], number[6:])
