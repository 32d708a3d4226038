"""What it takes to reach one org."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from connector.crm.salesforce.budget import Budget
from connector.errors import ConfigError


def _origin(url: str, what: str) -> SplitResult:
    parts = urlsplit(url.rstrip("/"))
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigError(
            f"{what} must be a URL like https://example.my.salesforce.com"
        )
    return parts


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesforceConfig:
    """An org, and the right to use it.

    ``url`` is the org's My Domain; plain http works, and a path is kept as a
    prefix. ``login_url`` is where tokens come from: by default the same. The
    right is either ``username`` and ``private_key`` (PEM; the JWT bearer flow), or
    ``client_secret`` (the client credentials flow). ``quota_reserve_percent`` of
    the daily API calls are not touched, and ``dial_share`` percent by dialling only:
    it is asked each time, as it follows what dials.
    ``deadline_seconds`` bounds every single request, from connecting to the last
    byte of the answer.

    Raises ConfigError where this cannot work.
    """

    url: str
    client_id: str
    login_url: str = ""
    client_secret: str | None = field(default=None, repr=False)
    username: str | None = None
    private_key: str | None = field(default=None, repr=False)
    api_version: str = "62.0"
    quota_reserve_percent: float = 20
    dial_share: Callable[[], float] = field(default=lambda: 0, repr=False)
    deadline_seconds: float = 30

    def __post_init__(self) -> None:
        """Refuse what cannot work, without repeating a secret."""
        _origin(self.url, "SALESFORCE_URL")
        _origin(self.login_url or self.url, "SALESFORCE_LOGIN_URL")
        if not self.by_jwt and not self.client_secret:
            raise ConfigError(
                "Salesforce needs a client secret, or a username and a private key"
            )

    @property
    def by_jwt(self) -> bool:
        """Whether tokens are asked for with a signed assertion."""
        return bool(self.username and self.private_key)

    def budget(self) -> Budget:
        """How the daily API calls are shared out now."""
        return Budget(reserve=self.quota_reserve_percent, dial_share=self.dial_share())

    @property
    def org(self) -> SplitResult:
        """The org's URL in parts; ``path`` is the prefix."""
        return _origin(self.url, "SALESFORCE_URL")

    @property
    def login(self) -> str:
        """The login URL without a trailing slash: the audience of an assertion."""
        return (self.login_url or self.url).rstrip("/")
