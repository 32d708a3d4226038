"""Comparing secrets that somebody sent with ours, in constant time."""

import base64
import binascii
import hmac


def opens(given: str, secret: str) -> bool:
    """Whether a header or a path has our secret; an empty secret opens nothing.

    ``given`` is as a server decodes headers: each byte a character (RFC 9110, 5.5).
    So a secret that is no ASCII may have come as UTF-8 or as Latin-1.
    """
    raw = given.encode("latin-1", "replace")
    right = [
        hmac.compare_digest(raw, secret.encode(coding, "replace"))
        for coding in ("utf-8", "latin-1")
    ]
    return any(right) and bool(secret)


def basic_opens(authorization: str, username: str, password: str) -> bool:
    """Whether an Authorization header has them by Basic (RFC 7617).

    Without both nothing opens.
    """
    scheme, _, coded = authorization.partition(" ")
    try:
        given = base64.b64decode(coded.strip(), validate=True)
    except (binascii.Error, ValueError):
        return False
    right = opens(given.decode("latin-1"), f"{username}:{password}")
    return right and scheme.lower() == "basic" and bool(username and password)
