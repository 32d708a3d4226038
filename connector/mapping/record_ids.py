"""The ids of CRM records (Object Reference, "ID Field Type")."""

import re
import string
from typing import Final

SHORT: Final = 15
"""Characters of an id whose letter case counts; three more tell which are capitals."""

_ID = re.compile(r"[0-9A-Za-z]{15}(?:[A-Z0-5]{3})?")
_CHECK = string.ascii_uppercase + "012345"


def long_id(text: str) -> str | None:
    """Return an id of 15 or 18 characters with its 18; None where ``text`` is none.

    None as well for one whose three check characters are not those of its first 15.
    """
    if not _ID.fullmatch(text):
        return None
    short = text[:SHORT]
    fives = (short[start : start + 5] for start in range(0, SHORT, 5))
    full = short + "".join(_CHECK[_capitals(five)] for five in fives)
    return full if text in {short, full} else None


def _capitals(five: str) -> int:
    return sum(1 << place for place, char in enumerate(five) if char.isupper())
