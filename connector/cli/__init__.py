"""The commands. Thin: each asks `service` for rows and prints them.

Exit codes: 0 all in, 1 something set aside or failed, 2 wrong configuration or
mapping.
"""

from connector.cli.main import app, main

__all__ = ["app", "main"]
