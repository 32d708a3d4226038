"""Bad answers of Callyzer that integrators have met; give them to `Faults.add`.

`dataclasses.replace` makes one hit more often, or elsewhere.
"""

from connector.sandbox.faults import Fault

_LOGS = r"/call-log/(history|get)$"
_EXCEPTION = (
    "org.postgresql.util.PSQLException: ERROR: canceling statement due to conflict "
    "with recovery; nested exception is org.springframework.jdbc.UncategorizedSQL"
    "Exception: PreparedStatementCallback [select cl.* from call_log cl where ...]"
)

DATABASE_EXCEPTION = Fault(
    _LOGS, status=400, body=_EXCEPTION, headers={"content-type": "text/plain"}
)
"""A 400 that is none: the same request is answered the next time."""
DATABASE_MESSAGE = Fault(
    _LOGS, status=400, body=f'{{"result": null, "message": "{_EXCEPTION}"}}'
)
"""The same in the documented shape."""
HTML_PAGE = Fault(
    _LOGS,
    status=200,
    body="<!doctype html><title>Callyzer</title><p>We will be back shortly.</p>",
    headers={"content-type": "text/html; charset=utf-8"},
)
CUT_JSON = Fault(_LOGS, status=200, body='{"result": [{"id": "Xgnkw", "emp_na')
"""A complete answer with an incomplete body; ``cut="half"`` is the other kind."""
