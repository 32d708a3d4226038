"""Names of objects and fields, before they enter a URL or a query."""

import re

from connector.errors import SchemaMismatchError

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,254}")
_PATH = re.compile(rf"{_NAME.pattern}(?:\.{_NAME.pattern}){{0,5}}")


def checked_name(name: str) -> str:
    """Give back an object's or a field's name; raises SchemaMismatchError."""
    return _checked(name, _NAME)


def checked_path(path: str) -> str:
    """Give back a field, up to five relationships away; raises SchemaMismatchError."""
    return _checked(path, _PATH)


def _checked(name: str, allowed: re.Pattern[str]) -> str:
    if not allowed.fullmatch(name):
        raise SchemaMismatchError(f"{name!r} is not a name that Salesforce can have")
    return name
