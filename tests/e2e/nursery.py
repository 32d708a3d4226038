"""Gives birth to ``connector`` processes quickly: it imports once, and forks.

Reads a line of JSON for each order on stdin, answers with one line on stdout:
``{"start": [arguments], "folder": …}`` → the pid; ``{"wait": pid}`` → the exit code,
negative for a signal. The folder holds ``.env``; stdout goes to ``PID.out`` there.
"""

import json
import os
import sys
from pathlib import Path
from typing import NoReturn

from connector.cli import main


def _live(arguments: list[str], folder: Path) -> NoReturn:
    """Be the command ``connector`` in ``folder``, until its end."""
    os.chdir(folder)
    for name, number in ((f"{os.getpid()}.out", 1), (f"{os.getpid()}.err", 2)):
        os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT), number)
    sys.argv = ["connector", *arguments]
    code = 0
    try:
        main()
    except SystemExit as ended:
        code = int(ended.code or 0)
    sys.stdout.flush()
    os._exit(code)


def _obeyed(order: dict[str, object]) -> int:
    if isinstance(pid := order.get("wait"), int):
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    pid = os.fork()
    if not pid:
        arguments = order["start"]
        assert isinstance(arguments, list)
        _live(arguments, Path(str(order["folder"])))
    return pid


if __name__ == "__main__":
    print("ready", flush=True)  # noqa: T201  the other end of the pipe waits for it
    for line in sys.stdin:
        print(_obeyed(json.loads(line)), flush=True)  # noqa: T201  the answer
