"""A copy of Callyzer, written from its document (API 2.1)."""

from connector.sandbox.callyzer.app import CallyzerSandbox
from connector.sandbox.callyzer.calls import EXAMPLE, FIELDS, new_call
from connector.sandbox.callyzer.employees import EXAMPLE_EMPLOYEE
from connector.sandbox.callyzer.leads import EXAMPLE_LEAD
from connector.sandbox.callyzer.moods import Moods
from connector.sandbox.callyzer.people import CLIENTS, NEWCOMER, TEAM

__all__ = [
    "CLIENTS",
    "EXAMPLE",
    "EXAMPLE_EMPLOYEE",
    "EXAMPLE_LEAD",
    "FIELDS",
    "NEWCOMER",
    "TEAM",
    "CallyzerSandbox",
    "Moods",
    "new_call",
]
