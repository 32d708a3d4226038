"""JSON, quickly: msgspec, and the standard library for what msgspec is too strict for."""

import json
import re
from typing import Any

import msgspec

Json = Any
"""Parsed JSON that nobody has looked at yet."""

_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def parsed(body: bytes) -> Json:
    """Parse JSON into text that can be stored and sent: bad characters are replaced.

    Raises ValueError or RecursionError for what is not JSON.
    """
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _leniently(body)


def _leniently(body: bytes) -> Json:
    value = json.loads(body.decode("utf-8-sig", "replace"))
    if not _SURROGATE.search(body):
        return value
    # Half a surrogate pair is no character: neither SQLite nor a CRM takes it.
    whole = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    return json.loads(whole)
