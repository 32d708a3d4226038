"""Answers to List: all calls or the changes since a token, at once or by pages.

The documented answer is ``{items: [Call Resource]}``; the tokens beside it are
those that the description of syncToken speaks of, and the next page's, which is
ours.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from connector.sandbox.agendize.answers import items
from connector.sandbox.agendize.cursors import Cursors, Page
from connector.sandbox.agendize.moods import Moods
from connector.sandbox.agendize.rules import Listing
from connector.sandbox.agendize.store import Found, Store


@dataclass(frozen=True, slots=True)
class Lister:
    """Finds what a list asks for."""

    store: Store
    cursors: Cursors
    moods: Moods
    zone: ZoneInfo

    def answer(self, listing: Listing) -> bytes:
        """Return the body of the answer; RefusedError for a bad token."""
        page, size = self._page(listing), self.moods.page_size
        found = self._found(listing, page, None if size is None else size + 1)
        shown = found[:size]
        rows = items(shown, self.moods, self.zone)
        tokens = self._tokens(page, shown, more=len(found) > len(shown))
        rest = json.dumps(tokens).encode()[1:]
        return b'{"items": [' + b", ".join(rows) + (b"], " if tokens else b"]") + rest

    def _page(self, listing: Listing) -> Page:
        if listing.page_token is not None:
            return self.cursors.page(listing.page_token)
        began, token = self.store.sequence, listing.sync_token
        if token is None:
            return Page(began=began)
        synced = self.cursors.synced(token, self.moods.token_status)
        return Page(began=began, synced=synced)

    def _found(self, listing: Listing, page: Page, most: int | None) -> Sequence[Found]:
        if page.synced is None:
            return self.store.listed(listing.condition, page.last, most)
        since = page.synced if page.last is None else page.last[0]
        return self.store.changed(listing.condition, since, most)

    def _tokens(
        self, page: Page, shown: Sequence[Found], *, more: bool
    ) -> dict[str, str]:
        if more:
            following = replace(page, last=shown[-1][0])
            return {"nextPageToken": self.cursors.page_token(following)}
        if not self.moods.sync_tokens:
            return {}
        return {"nextSyncToken": self.cursors.sync_token(page.began)}
