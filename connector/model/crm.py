"""What the CRM says: its objects, its verdicts, its quota; and what it is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from connector.model.values import Scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmField:
    """A field as the CRM describes it. ``length`` 0: not limited."""

    name: str
    type: str
    label: str = ""
    length: int = 0
    createable: bool = True
    updateable: bool = True
    nillable: bool = True
    defaulted: bool = False
    external_id: bool = False
    unique: bool = False
    case_sensitive: bool = False
    restricted: bool = False
    choices: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    relationship: str = ""
    """What a path to the record that it points to begins with (``Who``)."""
    polymorphic: bool = False
    """Whether it points to records of several objects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmObject:
    """An object as the CRM describes it."""

    name: str
    fields: Mapping[str, CrmField]
    createable: bool = True
    updateable: bool = True
    prefix: str = ""
    """What the ids of its records begin with."""


class Remedy(StrEnum):
    """What helps against a refusal of one row."""

    RETRY = "retry"
    """Nothing is wrong with the row: try it again in a while."""
    SET_ASIDE = "set aside"
    """The row must change, or the CRM must."""
    UNLINK = "unlink"
    """The row goes in without the broken link in ``fields``."""
    REOWN = "reown"
    """The owner in ``fields`` can't own anything: the row goes in with another."""
    EXISTS = "exists"
    """The key is taken: ``crm_id`` is the record that has it."""
    GONE = "gone"
    """The record was deleted."""
    PAUSE = "pause"
    """It is about the object, a field or a permission, not about this row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The CRM has this row."""

    crm_id: str
    created: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The CRM refused this row, in its own words."""

    code: str
    message: str
    remedy: Remedy
    fields: tuple[str, ...] = ()
    crm_id: str | None = None


Outcome = Written | Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """The CRM's daily API calls, as it last told them."""

    used: int
    limit: int

    @property
    def percent(self) -> float:
        """Used, in percent."""
        return 100 * self.used / self.limit if self.limit else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the CRM told of its quota, and when; UTC."""

    quota: Quota
    at: datetime


Operator = Literal["is", "not", "in", "at least", "at most", "blank"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition on one field, of a stream or of the CRM."""

    field: str
    operator: Operator
    value: Scalar | datetime | tuple[Scalar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A read of CRM records; all of ``where`` must hold.

    ``typed``: what is read of records that may be of several objects, by relationship
    and object: ``{"Who": {"Lead": ("Phone",)}}``. It comes as ``Who.Phone``, beside
    the ``fields``; None where the record is of another object.
    """

    object: str
    fields: tuple[str, ...]
    where: tuple[Condition, ...] = ()
    deleted_too: bool = False
    order: tuple[str, ...] = ()
    typed: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
