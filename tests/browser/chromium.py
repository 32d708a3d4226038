"""A real browser, driven through its own pipe: no driver, and no port that is open.

Source: the Chrome DevTools Protocol. With ``--remote-debugging-pipe`` Chromium reads
commands from file 3 and writes answers and events to file 4, each ended by a NUL.
"""

import base64
import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
FLAGS: Final = (
    "--remote-debugging-pipe",
    "--headless=new",
    "--no-sandbox",  # in a container the tests run as root
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
    "--hide-scrollbars",
)
LAUNCH: Final = """
import os, sys
pipe, *command = sys.argv[1:]
os.dup2(int(pipe), 3), os.dup2(int(pipe), 4), os.execv(command[0], command)
"""
PATIENCE: Final = 30
"""Seconds that a command may take, the start included."""
SIZE: Final = {"width": 1200, "height": 800, "deviceScaleFactor": 1, "mobile": False}
UNTIL: Final = """new Promise((resolve) => {
  const end = performance.now() + %d;
  const look = () => {
    let so = false;
    try { so = Boolean(%s); } catch { so = false; }
    if (so || performance.now() > end) { resolve(so); } else { setTimeout(look, 10); }
  };
  look();
})"""
MIDDLE: Final = """(() => {
  const found = document.querySelector(%s);
  found.scrollIntoView({ block: "center" });
  const box = found.getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
})()"""

Message = dict[str, Any]


def installed() -> str | None:
    """Where a Chromium is; None where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Chromium:
    """A browser with a profile of its own; for use from one thread."""

    def __init__(self, program: str, profile: Path) -> None:
        """Start it."""
        self._pipe, theirs = socket.socketpair()
        self._pipe.settimeout(PATIENCE)
        with theirs:
            handle = theirs.fileno()
            command = (program, *FLAGS, f"--user-data-dir={profile}")
            self._process = subprocess.Popen(  # noqa: S603 - the browser
                [sys.executable, "-c", LAUNCH, str(handle), *command],
                pass_fds=[handle],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self._numbers = count(1)
        self._received = b""
        self.events: list[Message] = []

    @contextmanager
    def page(self) -> Iterator["Page"]:
        """Open an empty page that shares nothing with others."""
        context = self.ask("Target.createBrowserContext")["browserContextId"]
        target = self.ask(
            "Target.createTarget", url="about:blank", browserContextId=context
        )["targetId"]
        session = self.ask("Target.attachToTarget", targetId=target, flatten=True)
        yield Page(self, session["sessionId"])
        self.ask("Target.disposeBrowserContext", browserContextId=context)

    def ask(self, method: str, session: str | None = None, **params: object) -> Message:
        """Send a command and return its result; AssertionError where it fails."""
        number = next(self._numbers)
        command: Message = {"id": number, "method": method, "params": params}
        if session:
            command["sessionId"] = session
        self._pipe.sendall(json.dumps(command).encode() + b"\0")
        while (answer := self._next()).get("id") != number:
            self.events.append(answer)
        assert "error" not in answer, f"{method}: {answer['error']['message']}"
        result: Message = answer["result"]
        return result

    def stop(self) -> None:
        """End it."""
        with self._pipe, self._process:
            self._process.kill()

    def _next(self) -> Message:
        while b"\0" not in self._received:
            received = self._pipe.recv(1 << 16)
            assert received, "the browser has ended"
            self._received += received
        message, _, self._received = self._received.partition(b"\0")
        read: Message = json.loads(message)
        return read


class Page:
    """One page, as a person at the screen has it. Selectors are those of CSS."""

    def __init__(self, browser: Chromium, session: str) -> None:
        """Take over a page that was attached to."""
        self._browser, self._session = browser, session
        self._ask("Page.enable")
        self._ask("Runtime.enable")
        self._ask("Emulation.setDeviceMetricsOverride", **SIZE)

    def open(self, url: str) -> None:
        """Go there, and wait until everything is loaded."""
        gone = self._ask("Page.navigate", url=url)
        assert "errorText" not in gone, f"{url}: {gone.get('errorText')}"
        self.until("document.readyState === 'complete'")

    def value(self, expression: str) -> Any:  # noqa: ANN401 - as JSON has it
        """What an expression is, in the end if it is a promise."""
        told = self._ask(
            "Runtime.evaluate",
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
        )
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def until(self, expression: str, *, seconds: float = 10) -> None:
        """Wait until an expression is true; AssertionError with what is seen instead."""
        if not self.value(UNTIL % (seconds * 1000, expression)):
            seen = self.value("document.body.innerText")
            raise AssertionError(f"not so in {seconds:g} s: {expression}\n\n{seen}")

    def shows(self, selector: str, text: str, *, seconds: float = 10) -> None:
        """Wait until there is an element with exactly this text."""
        found = f"document.querySelector({json.dumps(selector)})"
        self.until(f"{found}.innerText === {json.dumps(text)}", seconds=seconds)

    def is_so(self, selector: str, what: str) -> bool:
        """Whether an element is, say, ``disabled``."""
        return bool(
            self.value(f"document.querySelector({json.dumps(selector)}).{what}")
        )

    def click(self, selector: str, *, times: int = 1) -> None:
        """Press the mouse's button on the middle of an element, that often at once."""
        x, y = self.value(MIDDLE % json.dumps(selector))
        for number in range(1, times + 1):
            for kind in ("mousePressed", "mouseReleased"):
                about = {"type": kind, "button": "left", "clickCount": number}
                self._ask("Input.dispatchMouseEvent", x=x, y=y, **about)

    def choose(self, selector: str, value: str) -> None:
        """Choose an option of a list by its value."""
        found = f"document.querySelector({json.dumps(selector)})"
        self.value(f"{found}.value = {json.dumps(value)}")
        self.value(f"{found}.dispatchEvent(new Event('change', {{ bubbles: true }}))")

    def picture(self, path: Path) -> None:
        """Save all of the page as a PNG."""
        size = self._ask("Page.getLayoutMetrics")["cssContentSize"]
        whole = {"clip": size | {"scale": 1}, "captureBeyondViewport": True}
        taken = self._ask("Page.captureScreenshot", **whole)
        path.write_bytes(base64.b64decode(taken["data"]))

    def errors(self) -> list[str]:
        """What the page's scripts did not catch so far."""
        self.value("0")
        mine = (e for e in self._browser.events if e.get("sessionId") == self._session)
        thrown = (e["params"] for e in mine if e["method"] == "Runtime.exceptionThrown")
        return [json.dumps(each["exceptionDetails"]) for each in thrown]

    def _ask(self, method: str, **params: object) -> Message:
        return self._browser.ask(method, self._session, **params)
