"""The settings of the service itself, and of the CRM."""

import re
from pathlib import Path
from typing import Final, Literal

import phonenumbers
from pydantic import BaseModel, Field, SecretStr, field_validator

from connector.settings.words import Address

DIAL_SHARE: Final = 10.0
"""Percent of the daily quota for dialling only, once a mapping dials, by default."""

LogFormat = Literal["auto", "json", "console"]


class ServiceSettings(BaseModel):
    """The service: its state, its files, its address, its logs."""

    connector_state: Path = Field(
        default=Path("state/connector.db"), description="Path of the state file."
    )
    connector_mappings: Path = Field(
        default=Path("mappings"), description="Folder of the mapping files."
    )
    connector_host: str = Field(
        default="127.0.0.1", description="Address that the service listens on."
    )
    connector_port: int = Field(
        default=8080, ge=0, le=65535, description="Port that the service listens on."
    )
    connector_api_token: SecretStr | None = Field(
        default=None, description="Bearer token of the service's own API."
    )
    connector_region: str = Field(
        default="IN",
        description="Regions, comma separated, of numbers written without a country.",
    )
    connector_log_format: LogFormat = Field(
        default="auto", description="auto, json or console."
    )
    connector_log_phones: bool = Field(
        default=False, description="Write phone numbers into logs unmasked."
    )

    @field_validator("connector_region")
    @classmethod
    def _regions(cls, value: str) -> str:
        for region in value.split(","):
            if region.strip() not in phonenumbers.SUPPORTED_REGIONS:
                raise ValueError(f"{region.strip()!r} is not a region such as IN")
        return value


class SalesforceSettings(BaseModel):
    """The CRM."""

    salesforce_url: Address | None = Field(
        default=None, description="The org's My Domain, https://….my.salesforce.com."
    )
    salesforce_login_url: Address | None = Field(
        default=None, description="Where tokens come from; default SALESFORCE_URL."
    )
    salesforce_client_id: str | None = Field(
        default=None, description="Consumer key of the external client app."
    )
    salesforce_client_secret: SecretStr | None = Field(
        default=None, description="Consumer secret, for the client credentials flow."
    )
    salesforce_username: str | None = Field(
        default=None, description="User to act as, for the JWT bearer flow."
    )
    salesforce_private_key: SecretStr | None = Field(
        default=None, description="PEM of the private key, for the JWT bearer flow."
    )
    salesforce_api_version: str = Field(default="62.0", description="REST API version.")
    salesforce_quota_reserve: float = Field(
        default=20, ge=0, le=100, description="Percent of the daily quota not touched."
    )
    salesforce_dial_share: float | None = Field(
        default=None,
        ge=0,
        le=100,
        description="Percent of it for dialling only; default 10 once a mapping dials.",
    )

    @field_validator("salesforce_api_version")
    @classmethod
    def _version(cls, value: str) -> str:
        if not re.fullmatch(r"[0-9]{2,3}\.0", value):
            raise ValueError(f"{value!r} is not a version such as 62.0")
        return value
