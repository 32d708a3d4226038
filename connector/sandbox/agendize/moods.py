"""What the document leaves open, to be set either way."""

from dataclasses import dataclass
from typing import Literal

Dates = Literal["either", "described", "named", "contained", "exclusive"]


@dataclass(slots=True, kw_only=True)
class Moods:
    """How the sandbox reads its document; may be changed at any time.

    ``dates``: startDate is the upper bound and endDate the lower one, as described;
    or the other way round, as named; or whichever is earlier is the lower one, and
    one alone is as described; or calls start at startDate or later and end before
    endDate (contained); or start between both, at neither (exclusive). ``token_status`` refuses a sync token. ``sync_tokens``:
    lists end with one, as the parameter's description says; the documented answer
    has none. ``page_size``: that many calls are a page, and pages have a token for
    the next; None: everything is one page. ``deleted``: how an answer to a sync
    token has deleted calls. ``text_durations``: durations are strings, as the table
    has them. ``mine_type``: recordings have a mineType, as the table spells it.
    ``nulls``: what a call lacks is null. ``zoneless``: starts are in the company's
    zone and do not say so. ``deliveries``: how often each change reaches a watch.
    """

    dates: Dates = "either"
    token_status: Literal[400, 410] = 410
    sync_tokens: bool = True
    page_size: int | None = None
    deleted: Literal["absent", "status"] = "absent"
    text_durations: bool = False
    mine_type: bool = False
    nulls: bool = False
    zoneless: bool = False
    deliveries: int = 1
