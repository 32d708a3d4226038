"""Every error of the project, grouped by what to do next.

ConnectorError
├── ConfigError            tell the operator, stop
│   ├── MappingError       … every fault of a mapping file, with its line
│   ├── UnauthorizedError  … a system refuses our credentials or our right
│   ├── RefusedError       … a system refuses what it is asked, or surely would
│   └── SchemaMismatchError  … the CRM no longer has what the mapping names
├── RetryableError         wait (``retry_after`` seconds, if known), try again
│   ├── RateLimitedError
│   ├── UnavailableError   … nothing was read, or nothing was placed
│   ├── QuotaReachedError
│   ├── BusyError          … somebody else runs this flow and lane
│   └── LeaseLostError     … another writer took over
├── RecordError            set this record aside, go on
│   └── BatchRefusedError  … the guilty record is among these: halve
└── OutcomeUnknownError    it may have happened; settle, never repeat blindly

An error's docstring is its default message; its facts are attributes.
"""

from collections.abc import Sequence
from typing import ClassVar


class ConnectorError(Exception):
    """Something went wrong in the connector."""

    facts: ClassVar[tuple[str, ...]] = ()

    def __init__(self, message: str | None = None) -> None:
        """Take ``message``, or the first line of the class's docstring."""
        super().__init__(message or (self.__doc__ or "").partition("\n")[0])

    @property
    def message(self) -> str:
        """The message alone, without facts."""
        return str(self.args[0])


class ConfigError(ConnectorError):
    """The configuration is wrong."""


class MappingError(ConfigError):
    """A mapping file has faults."""

    def __init__(self, faults: Sequence[object]) -> None:
        """``faults`` print themselves as ``file:line:column: what is wrong``."""
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults) or None)


class UnauthorizedError(ConfigError):
    """The system refuses our credentials."""


class RefusedError(ConfigError):
    """The system refuses what it was asked."""

    def __init__(
        self,
        message: str | None = None,
        *,
        parameter: str = "",
        status: int | None = None,
    ) -> None:
        """``message``: in the vendor's words. ``parameter``: the guilty one, if known.

        ``status``: of its answer; None where we saw it before anything was sent.
        """
        self.parameter = parameter
        self.status = status
        super().__init__(message)


class SchemaMismatchError(ConfigError):
    """The CRM refuses an object, a field or a permission that the mapping needs."""


class RetryableError(ConnectorError):
    """It did not work this time; nothing was done."""

    def __init__(
        self, message: str | None = None, *, retry_after: float | None = None
    ) -> None:
        """``retry_after``: seconds to wait, where the other side said so."""
        self.retry_after = retry_after
        super().__init__(message)


class RateLimitedError(RetryableError):
    """The system asks us to slow down."""


class UnavailableError(RetryableError):
    """The system did not answer as documented."""


class QuotaReachedError(RetryableError):
    """The CRM's daily quota is down to its reserve; waiting for it to recover."""


class BusyError(RetryableError):
    """This flow is being run by somebody else."""


class LeaseLostError(RetryableError):
    """Another writer took this flow over; what was sent is not known."""


class RecordError(ConnectorError):
    """This record cannot go in as it is."""

    def __init__(
        self,
        message: str | None = None,
        *,
        code: str = "RECORD",
        fields: Sequence[str] = (),
    ) -> None:
        """``code`` is the CRM's or ours; ``fields`` are the guilty ones."""
        self.code = code
        self.fields = tuple(fields)
        super().__init__(message)


class BatchRefusedError(RecordError):
    """The CRM turned a whole batch away because of one of its records."""


class OutcomeUnknownError(ConnectorError):
    """The request was sent and no verdict came back."""
