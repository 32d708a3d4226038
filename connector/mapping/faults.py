"""What is wrong with a mapping file, where, and what was probably meant."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, NamedTuple

_LONGEST_NAME = 80
_FEW = 8


class Place(NamedTuple):
    """A position in a file; both count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One mistake in a mapping file. ``hint`` says what would mend it.

    A ``warning`` stops nothing.
    """

    file: str
    line: int
    column: int
    message: str
    hint: str = ""
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:  # type: ignore[explicit-override]  # typing.override is 3.12
        """``file:line:column: what is wrong (what would mend it)``."""
        warning = "warning: " if self.severity == "warning" else ""
        hint = f" ({self.hint})" if self.hint else ""
        where = f"{self.file}:{self.line}:{self.column}"
        return " ".join(f"{where}: {warning}{self.message}{hint}".splitlines())


def suggest(name: str, names: Iterable[str]) -> str:
    """Return a hint: the right name nearest to ``name``, or all when they are few."""
    known = {each.casefold(): each for each in names}
    near = get_close_matches(name[:_LONGEST_NAME].casefold(), known, n=1)
    if near:
        return f"did you mean '{known[near[0]]}'?"
    if 0 < len(known) <= _FEW:
        return f"there is: {', '.join(sorted(known.values()))}"
    return ""
