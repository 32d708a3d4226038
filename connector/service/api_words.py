"""What the service's own API is asked and answers; its OpenAPI document is made of it."""

from datetime import datetime
from http import HTTPStatus
from typing import Any, Final, Self

from fastapi.security import HTTPBearer
from pydantic import BaseModel, ConfigDict, Field

from connector.model import Dial, DialState

TITLE: Final = "Call connector"
ABOUT: Final = (
    "Tell the service that a record of the CRM asks for a call, and ask what became of"
    " a call. The CRM alone says who may be called: a nudge makes the service look,"
    " and never dial by itself."
)
BEARER: Final = HTTPBearer(
    auto_error=False, description="The service's CONNECTOR_API_TOKEN."
)
"""For the document only: what lets in is `connector.service.api`."""


class DialAnswer(BaseModel):
    """One request to call.

    The number and the agent are left out: who may see these the CRM decides, by its
    users' rights, which whoever has the token need not have.
    """

    model_config = ConfigDict(frozen=True, from_attributes=True)

    request_id: str = Field(description="Id of the request; a press is a new one.")
    record_id: str = Field(description="The CRM record, 18 characters.")
    flow: str = Field(description="The mapping file's flow that dials for it.")
    state: DialState = Field(
        description="requested, claimed, dialling, then how it ended; or elsewhere:"
        " another installation has claimed it."
    )
    message: str = Field(description="Why it ended so; in the vendor's words if any.")
    call_id: str = Field(description="The vendor's id of the call, if it told one.")
    location: str = Field(description="Where the vendor says the call is, if it did.")
    requested_at: datetime | None = Field(description="Press, by the CRM's clock.")
    dialled_at: datetime | None = Field(description="Sending, by the CRM's clock.")
    answered_at: datetime | None = Field(description="Answer, by the CRM's clock.")
    shown: bool = Field(description="Whether the CRM has the outcome.")

    @classmethod
    def of(cls, dial: Dial) -> Self:
        """What is told of ``dial``."""
        return cls.model_validate(dial)


class NudgeAnswer(BaseModel):
    """What came of a nudge."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(description="The record's id, 18 characters.")
    looking: bool = Field(
        description="Whether the record is being looked at; false: no flow reads such."
    )
    dial: DialAnswer | None = Field(
        description="Its latest request that is known so far; null: none is."
    )


class Refusal(BaseModel):
    """Why a request was not taken."""

    error: str


NUDGE_BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["id"],
                "properties": {
                    "id": {
                        "type": "string",
                        "pattern": "^[0-9A-Za-z]{15}([A-Z0-5]{3})?$",
                        "description": "A CRM record's id, of 15 or 18 characters.",
                    }
                },
            },
            "example": {"id": "00TKa00000GqxVyMAJ"},
        }
    },
}
REQUEST_ID: Final[dict[str, Any]] = {
    "name": "request_id",
    "in": "path",
    "required": True,
    "description": "The request's id, as the button wrote it onto the record.",
    "schema": {"type": "string"},
}

_REFUSALS: Final[dict[HTTPStatus, tuple[str, str]]] = {
    HTTPStatus.BAD_REQUEST: ("The body is not a JSON object with a record's id.", ""),
    HTTPStatus.UNAUTHORIZED: ("The bearer token is not right.", "WWW-Authenticate"),
    HTTPStatus.NOT_FOUND: ("No such request is known.", ""),
    HTTPStatus.REQUEST_TIMEOUT: ("The body did not come in time.", ""),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("The body is too large.", ""),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: ("The body is compressed.", ""),
    HTTPStatus.TOO_MANY_REQUESTS: ("More are asked than are taken.", "Retry-After"),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "Nothing dials here, too many records wait, or the state can't be used.",
        "Retry-After",
    ),
}
"""What each status means, and the header that it comes with."""

_HEADERS: Final[dict[str, dict[str, str]]] = {
    "WWW-Authenticate": {"type": "string", "const": "Bearer"},
    "Retry-After": {"type": "integer", "description": "Seconds."},
}


def refusals(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """Document answers with these statuses, as FastAPI takes it."""
    return {int(status): _refusal(*_REFUSALS[status]) for status in statuses}


def _refusal(words: str, header: str) -> dict[str, Any]:
    described: dict[str, Any] = {"description": words, "model": Refusal}
    if header:
        described["headers"] = {header: {"schema": _HEADERS[header]}}
    return described
