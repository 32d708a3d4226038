"""The plain values that travel: frozen, keyword-only, zone-aware.

Words are those of the design: a *stream* yields *records* in *pages*; a mapping
turns a record into a *row*; the CRM answers each row with an *outcome*.

What is made for every record and every look-up is a Struct: that costs a tenth of a
frozen dataclass.
"""

from connector.model.crm import (
    Condition,
    CrmField,
    CrmObject,
    Operator,
    Outcome,
    Query,
    Quota,
    Reading,
    Refused,
    Remedy,
    Written,
)
from connector.model.dial import (
    ENDS,
    LONGEST_HOLD,
    LONGEST_WAIT,
    Call,
    CallValue,
    Dial,
    DialState,
    Objection,
    Parameter,
    Placed,
)
from connector.model.kept import Aside, Counts, Delivery, Lease, LedgerRow, Nudge, Run
from connector.model.people import Enlisted, Listed, Loading, Person, Unlinked
from connector.model.row import INTERNAL, Link, Row, Want
from connector.model.stream import (
    Estimate,
    Page,
    Record,
    Reject,
    Stream,
    StreamField,
    StreamOption,
)
from connector.model.values import FieldType, Lane, Payload, Scalar

__all__ = [
    "ENDS",
    "INTERNAL",
    "LONGEST_HOLD",
    "LONGEST_WAIT",
    "Aside",
    "Call",
    "CallValue",
    "Condition",
    "Counts",
    "CrmField",
    "CrmObject",
    "Delivery",
    "Dial",
    "DialState",
    "Enlisted",
    "Estimate",
    "FieldType",
    "Lane",
    "Lease",
    "LedgerRow",
    "Link",
    "Listed",
    "Loading",
    "Nudge",
    "Objection",
    "Operator",
    "Outcome",
    "Page",
    "Parameter",
    "Payload",
    "Person",
    "Placed",
    "Query",
    "Quota",
    "Reading",
    "Record",
    "Refused",
    "Reject",
    "Remedy",
    "Row",
    "Run",
    "Scalar",
    "Stream",
    "StreamField",
    "StreamOption",
    "Unlinked",
    "Want",
    "Written",
]
