"""Answers that are none, each of which is asked for again."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from connector.sandbox.faults import Fault

HTML: Final = "<!doctype html><title>Sorry</title><p>We will be back shortly."
TROUBLES: Final[Mapping[str, Fault]] = MappingProxyType(
    {
        "500": Fault("", status=500, body=HTML, headers={"Content-Type": "text/html"}),
        "502": Fault("", status=502),
        "503 in a second": Fault("", status=503, headers={"Retry-After": "1"}),
        "504": Fault("", status=504, body="{}"),
        "a redirect": Fault("", status=302, headers={"Location": "https://x.example"}),
        "a page": Fault("", body=HTML, headers={"Content-Type": "text/html"}),
        "a page said to be JSON": Fault("", body=HTML),
        "plain text": Fault("", body="OK", headers={"Content-Type": "text/plain"}),
        "cut JSON": Fault("", body='[{"id": "1", "sta'),
        "an empty body": Fault("", body=""),
        "white space": Fault("", body=" \n"),
        "JSON that is no list": Fault("", body='"Success"'),
        "a reset before": Fault("", cut="before"),
        "a reset after": Fault("", cut="after"),
        "a reset half way": Fault("", cut="half"),
    }
)
"""By what it looks like; the path is for whoever uses them."""
