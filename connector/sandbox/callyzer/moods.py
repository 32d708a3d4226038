"""What the real Callyzer does on bad days."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal


@dataclass(slots=True, kw_only=True)
class Moods:
    """What the real one does on bad days; may be changed at any time.

    ``retry_after``: how a 429 tells the wait. ``repeats`` and ``shortens`` count,
    by page number, the times that a page of the history is answered with the one
    before it, or without its second half. ``undeletable``: by the id of a call, the
    message with which the removal of its recording fails. ``leads_as_in_table``:
    leads with the types of the document's table instead of those of its example.
    """

    expired: bool = False
    text_durations: bool = False
    retry_after: Literal["seconds", "date", "none"] = "seconds"
    repeats: Counter[int] = field(default_factory=Counter)
    shortens: Counter[int] = field(default_factory=Counter)
    undeletable: dict[str, str] = field(default_factory=dict)
    leads_as_in_table: bool = False
