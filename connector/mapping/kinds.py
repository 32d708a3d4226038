"""Which kind of file a mapping file is meant to be, however wrong it is."""

from typing import Final, Literal

Kind = Literal["<push>", "<directory>", "<dial>"]
"""Never a key of a file."""

_OF_DIAL: Final = frozenset({"call", "claim", "request", "answer"})
"""Keys that no other kind of file has."""


def kind_of(file: object) -> Kind:
    """Tell the kind by the keys; a misspelt ``from`` of a file that dials is no matter."""
    given = file if isinstance(file, dict) else {}
    if "directory" in given:
        return "<directory>"
    source = given.get("from")
    source = source if isinstance(source, dict) else {}
    if "crm" in source:
        return "<dial>"
    return "<push>" if "system" in source or not _OF_DIAL & given.keys() else "<dial>"
