"""Bodies of requests, read no further than they may go and no longer than they may take."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus

from starlette.requests import ClientDisconnect, Request


class NotTakenError(Exception):
    """A request is answered with this status, these words and these headers."""

    def __init__(
        self, status: HTTPStatus, words: str, headers: Mapping[str, str] | None = None
    ) -> None:
        """``words`` are for whoever set up what has sent it."""
        super().__init__(words)
        self.status, self.words, self.headers = status, words, headers


def check_size_and_coding(headers: Mapping[str, str], most: int) -> None:
    """Refuse a body that says to have more than ``most`` bytes, or is compressed.

    ``headers`` have names in lower case. Raises NotTakenError.
    """
    length = headers.get("content-length", "0")
    if length.isdecimal() and int(length[:20]) > most:
        raise _too_large(most)
    if headers.get("content-encoding", "identity").lower() != "identity":
        words = "the body is compressed; send it as it is"
        raise NotTakenError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, words)


async def read_body(request: Request, most: int, seconds: float) -> bytes:
    """Read a body of up to ``most`` bytes, which must have come in ``seconds``.

    Raises NotTakenError where it is longer, slower, or cut off.
    """
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(seconds):
            async for part in request.stream():
                size += len(part)
                if size > most:
                    raise _too_large(most)
                parts.append(part)
    except TimeoutError:
        words = "the body did not come in time"
        raise NotTakenError(HTTPStatus.REQUEST_TIMEOUT, words) from None
    except ClientDisconnect:
        words = "the connection was lost"
        raise NotTakenError(HTTPStatus.BAD_REQUEST, words) from None
    return b"".join(parts)


def _too_large(most: int) -> NotTakenError:
    words = f"the body has more than {most} bytes"
    return NotTakenError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, words)
