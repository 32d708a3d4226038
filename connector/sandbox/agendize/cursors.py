"""The tokens that lists end with; opaque to whoever gets them."""

import base64
import json
import secrets
from dataclasses import asdict, dataclass

from connector.sandbox.agendize.kinds import RefusedError
from connector.sandbox.agendize.store import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Where a page begins: behind ``last``.

    ``began`` is the latest change when the first page was read; ``synced`` the one
    that a list of changes goes on from, None for a list of all calls.
    """

    began: int
    synced: int | None = None
    last: Key | None = None


class Cursors:
    """Writes and reads tokens, until they expire."""

    def __init__(self) -> None:
        """Begin with none."""
        self._era = secrets.token_hex(4)

    def expire(self) -> None:
        """Refuse all tokens given until now."""
        self._era = secrets.token_hex(4)

    def sync_token(self, sequence: int) -> str:
        """Return what asks for all changes after this one."""
        return self._written({"sync": sequence})

    def synced(self, token: str, status: int) -> int:
        """Read a sync token; one that is not good is refused with ``status``."""
        content = self._read(token)
        if not isinstance(content.get("sync"), int):
            message = "The sync token is invalid or has expired."
            raise RefusedError(message, status)
        return int(str(content["sync"]))

    def page_token(self, page: Page) -> str:
        """Return what asks for this page."""
        return self._written({"page": asdict(page)})

    def page(self, token: str) -> Page:
        """Read a page token; one that is not good is refused."""
        content = self._read(token).get("page")
        if not isinstance(content, dict):
            message = "The page token is invalid or has expired."
            raise RefusedError(message)
        return Page(**content | {"last": tuple(content["last"])})

    def _written(self, content: dict[str, object]) -> str:
        text = json.dumps(content | {"era": self._era})
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def _read(self, token: str) -> dict[str, object]:
        """Return the content of a token of ours, or nothing."""
        try:
            text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
            content = json.loads(text)
        except ValueError:
            return {}
        good = isinstance(content, dict) and content.get("era") == self._era
        return content if good else {}
