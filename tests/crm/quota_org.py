"""What an org says of its quota, and a write to it."""

from collections.abc import Mapping
from urllib.request import Request

from connector.crm.salesforce.crm import SalesforceCrm

MOST = 776
"""Calls of 1000 that leave flows none: 200 are kept, 24 may be on their way elsewhere."""

DONE = [{"id": "00T000000000001AAA", "success": True, "errors": []}]
FORBIDDEN = [{"errorCode": "INSUFFICIENT_ACCESS", "message": "no"}]
SILENT = {"Sforce-Limit-Info": ""}
"""The headers of an answer that does not tell the usage."""


def usage(used: int) -> Mapping[str, str]:
    """The headers of an answer."""
    app = "per-app-api-usage=17/250(appName=ours)"
    return {"Sforce-Limit-Info": f"api-usage={used}/1000; {app}"}


def limits(remaining: object, most: object = 1000) -> dict[str, object]:
    """What the org answers when it is asked for its limits."""
    return {"DailyApiRequests": {"Max": most, "Remaining": remaining}}


def asked(sent: list[Request]) -> int:
    """How often the limits were asked for."""
    return sum(request.selector.endswith("/limits/") for request in sent)


def write(crm: SalesforceCrm) -> object:
    """Create a record."""
    return crm.create("Task", [{"Subject": "one"}])
