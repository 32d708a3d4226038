"""The settings of the outside systems. One without its address is not there."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pydantic import BaseModel, Field, SecretStr

from connector.settings.words import Address, PathSecret, Zone


class CallyzerSettings(BaseModel):
    """Callyzer: calls and leads of handsets."""

    callyzer_url: Address | None = Field(
        default=None, description="Up to and including the version, …/api/v2.1."
    )
    callyzer_token: SecretStr | None = Field(
        default=None, description="API access key."
    )
    callyzer_timezone: Zone = Field(
        default="Asia/Kolkata", description="Zone of the account's dates and times."
    )
    callyzer_seconds_per_request: float = Field(
        default=2.0,
        ge=0,
        allow_inf_nan=False,
        description="Seconds between requests; 0 for no limit.",
    )
    callyzer_call_method: str = Field(
        default="PhoneCall", description="From v2.2 on: PhoneCall or WhatsAppCall."
    )
    callyzer_call_mode: str = Field(
        default="Voice", description="From v2.2 on: Voice or Video."
    )
    callyzer_webhook_secret: SecretStr | None = Field(
        default=None, description="Secret of its webhook; without it none is accepted."
    )
    callyzer_webhook_header: str = Field(
        default="X-Callyzer-Signature", description="Header that has the secret."
    )
    callyzer_webhook_hmac: bool = Field(
        default=False,
        description="The header has an HMAC-SHA256 of the body in its place.",
    )


class CcaiSettings(BaseModel):
    """CCAI Platform: a contact centre."""

    ccai_url: Address | None = Field(
        default=None, description="Scheme and host, https://….ccaiplatform.com."
    )
    ccai_username: str | None = Field(
        default=None, description="User of its APIs: the subdomain."
    )
    ccai_token: SecretStr | None = Field(default=None, description="API token.")
    ccai_requests_per_second: float = Field(
        default=1, gt=0, allow_inf_nan=False, description="How many it may be asked."
    )
    ccai_webhook_username: str | None = Field(
        default=None, description="User with which it sends session events."
    )
    ccai_webhook_password: SecretStr | None = Field(
        default=None, description="Its password; without both none is accepted."
    )


class AgendizeSettings(BaseModel):
    """Agendize: calls by buttons and tracked numbers."""

    agendize_url: Address | None = Field(
        default=None, description="Up to and including the version, …/api/2.0."
    )
    agendize_token: SecretStr | None = Field(
        default=None, description="SSO token of the account."
    )
    agendize_api_key: SecretStr | None = Field(default=None, description="API key.")
    agendize_timezone: Zone = Field(
        default="UTC", description="The company's zone, for times that name none."
    )
    agendize_webhook_username: str | None = Field(
        default=None, description="User with which its watch posts."
    )
    agendize_webhook_password: SecretStr | None = Field(
        default=None, description="Its password."
    )
    agendize_webhook_header: str = Field(
        default="X-Connector-Secret",
        description="Header that it posts the secret in, where it has no user.",
    )
    agendize_webhook_secret: SecretStr | None = Field(
        default=None, description="That secret; without either none is accepted."
    )


class MultisenderSettings(BaseModel):
    """Multisender: calls that ask many people something."""

    multisender_url: Address | None = Field(
        default=None, description="Up to and including the version, …/v1."
    )
    multisender_token: SecretStr | None = Field(
        default=None, description="Access token."
    )
    multisender_timezone: Zone = Field(
        default="UTC", description="The account's zone, for times that name none."
    )
    multisender_webhook_token: PathSecret | None = Field(
        default=None,
        description="Secret part of its webhooks' path; without it none is accepted.",
    )


class NewVoiceMediaSettings(BaseModel):
    """NewVoiceMedia: makes an agent's phone ring."""

    newvoicemedia_url: Address | None = Field(
        default=None, description="Scheme and host, https://emea.cc.vonage.com."
    )
    newvoicemedia_account_key: str | None = Field(
        default=None, description="Key of the account, part of every path."
    )
    newvoicemedia_token_url: Address | None = Field(
        default=None, description="Default: /Auth/connect/token at NEWVOICEMEDIA_URL."
    )
    newvoicemedia_client_id: str | None = Field(
        default=None, description="Client id for its tokens."
    )
    newvoicemedia_client_secret: SecretStr | None = Field(
        default=None, description="Client secret for its tokens."
    )
    newvoicemedia_scope: str = Field(
        default="", description="Scope of its tokens, if it wants one."
    )


class SystemSettings(
    NewVoiceMediaSettings,
    MultisenderSettings,
    AgendizeSettings,
    CcaiSettings,
    CallyzerSettings,
):
    """The settings of all of them; what is wrong is told from the last one on."""


NEEDED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "callyzer_url": ("callyzer_token",),
        "ccai_url": ("ccai_username", "ccai_token"),
        "agendize_url": ("agendize_token", "agendize_api_key"),
        "multisender_url": ("multisender_token",),
        "newvoicemedia_url": (
            "newvoicemedia_account_key",
            "newvoicemedia_client_id",
            "newvoicemedia_client_secret",
        ),
        "ccai_webhook_username": ("ccai_webhook_password",),
        "agendize_webhook_username": ("agendize_webhook_password",),
    }
)
"""What a setting is not complete without."""
