"""What the CRM tells of its daily quota; figures that can't be one are not told."""

import re
from collections.abc import Mapping

from connector.model import Quota
from connector.transport.jsontext import Json

_HEADER = "Sforce-Limit-Info"
_USAGE = re.compile(
    r"(?:^|[;,\s])api-usage\s*=\s*(\d{1,19})\s*/\s*(\d{1,19})(?!\d|[.,]\d)",
    re.ASCII | re.IGNORECASE,
)
_MOST = 2**63 - 1
"""The largest number that the state keeps."""


def in_headers(headers: Mapping[str, str]) -> Quota | None:
    """Read ``api-usage=25/5000`` (REST API Developer Guide, "Limit Info Header")."""
    found = _USAGE.search(headers.get(_HEADER, ""))
    return _quota(int(found[1]), int(found[2])) if found else None


def in_limits(said: Json) -> Quota | None:
    """Read the answer of ``limits`` (REST API Developer Guide, "Limits")."""
    try:
        most, remaining = (said["DailyApiRequests"][n] for n in ("Max", "Remaining"))
    except (KeyError, TypeError):
        return None
    if type(most) is not int or type(remaining) is not int:
        return None
    return _quota(most - remaining, most)


def _quota(used: int, limit: int) -> Quota | None:
    fits = 0 <= used <= _MOST and 0 < limit <= _MOST
    return Quota(used=used, limit=limit) if fits else None
