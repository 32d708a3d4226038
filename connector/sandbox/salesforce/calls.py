"""One call of the REST API: what a handler is given, and what it gives back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from connector.sandbox.salesforce.org import Org
from connector.sandbox.salesforce.refusals import RequestRefusedError, bad_request
from connector.sandbox.salesforce.store import Table

OK: Final = 200
CREATED: Final = 201
NO_CONTENT: Final = 204
UNSUPPORTED_MEDIA_TYPE: Final = 415


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, and what the body says; None is no body."""

    status: int
    body: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request to one version of the API.

    ``data`` is the version's path, e.g. ``/services/data/v59.0``; ``trouble`` is
    what the administration of the sandbox wants to happen to rows of this call.
    """

    org: Org
    data: str
    params: Mapping[str, str]
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    trouble: Mapping[str, object] | None = None

    @property
    def table(self) -> Table:
        """The table of the object in the path."""
        return self.org.table(self.params["object"])

    def json(self) -> dict[str, object]:
        """Return the body's JSON object; refused with 400 or 415 if it is none."""
        media = self.headers.get("content-type", "")
        if not media.startswith("application/json"):
            message = f"Content type {media or 'none'} not supported"
            code = "UNSUPPORTED_MEDIA_TYPE"
            raise RequestRefusedError(UNSUPPORTED_MEDIA_TYPE, code, message)
        return _parsed(self.body)


def _parsed(body: bytes) -> dict[str, object]:
    try:
        found: object = json.loads(body)
    except json.JSONDecodeError as error:
        where = f"[line:{error.lineno}, column:{error.colno}]"
        raise bad_request("JSON_PARSER_ERROR", f"{error.msg} at {where}") from error
    except UnicodeDecodeError as error:
        raise bad_request("JSON_PARSER_ERROR", "Invalid UTF-8") from error
    if not isinstance(found, dict):
        raise bad_request("JSON_PARSER_ERROR", "The body must be a JSON object")
    return found
