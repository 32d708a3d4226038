"""Kinds of settings that several of them are."""

import re
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, SecretStr


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise ValueError(
            "must be an address with https:// (or http:// on this machine)"
        )
    if parts.username or parts.query or parts.fragment:
        raise ValueError("must have a host and a path only")
    _ = parts.port  # ValueError where it is none
    return value.rstrip("/")


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError(f"{value!r} is not a time zone such as Asia/Kolkata")
    return value


def _path_secret(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9._~-]+", value.get_secret_value()):
        raise ValueError("must have letters, digits, and . _ ~ - only: it is in a path")
    return value


Address = Annotated[str, AfterValidator(_address)]
Zone = Annotated[str, AfterValidator(_zone)]
PathSecret = Annotated[SecretStr, AfterValidator(_path_secret)]
