"""All the sandbox systems side by side, about the same people and the same records."""

from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

from starlette.types import ASGIApp

from connector.sandbox.agendize import AgendizeSandbox
from connector.sandbox.arrivals import CallsWithNotes
from connector.sandbox.callyzer import CallyzerSandbox
from connector.sandbox.ccai import CcaiSandbox
from connector.sandbox.multisender import MultisenderSandbox
from connector.sandbox.newvoicemedia import NewVoiceMediaSandbox
from connector.sandbox.salesforce import SalesforceSandbox

SALESFORCE_CLIENT_ID: Final = "sandbox-client"
SALESFORCE_CLIENT_SECRET: Final = "sandbox-secret"  # noqa: S105 - opens only the sandbox
SECRET: Final = "sandbox-webhook-secret"  # noqa: S105 - opens only the sandbox
USER: Final = "sandbox-webhooks"
OTHERS: Final = 8
"""Of so many Callyzer calls one is made up at each of the other systems too."""
SUBJECTS: Final = ("Invoice is wrong", "Delivery is late", "Wants to renew")


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """One system: what is served, where under its address, and what its settings are.

    ``happen`` lets one more thing happen there; ``watched`` has it post to an address.
    """

    name: str
    app: ASGIApp
    prefix: str
    settings: Mapping[str, str]
    happen: Callable[[Random], object] | None = None
    watched: Callable[[str], None] | None = None


def together(arguments: Namespace) -> Iterator[Running]:
    """Build the CRM, then each system that is asked for."""
    crm, org = _salesforce(arguments)
    yield org
    builders: dict[str, Callable[[], Running]] = {
        "callyzer": lambda: _callyzer(arguments),
        "ccai": lambda: _ccai(arguments, crm),
        "agendize": lambda: _agendize(arguments),
        "multisender": lambda: _multisender(arguments),
        "newvoicemedia": lambda: _newvoicemedia(arguments),
    }
    for name, build in builders.items():
        if name in arguments.systems:
            yield build()


def _salesforce(arguments: Namespace) -> tuple[SalesforceSandbox, Running]:
    sandbox = SalesforceSandbox(
        client_id=SALESFORCE_CLIENT_ID, client_secret=SALESFORCE_CLIENT_SECRET
    )
    sandbox.faults.latency = arguments.latency
    sandbox.populate(arguments.people)
    if arguments.nudge:
        sandbox.nudges(*arguments.nudge)
    settings = {
        "SALESFORCE_CLIENT_ID": SALESFORCE_CLIENT_ID,
        "SALESFORCE_CLIENT_SECRET": SALESFORCE_CLIENT_SECRET,
    }
    running = Running(name="salesforce", app=sandbox.app, prefix="", settings=settings)
    return sandbox, running


def _callyzer(arguments: Namespace) -> Running:
    limit = 0 if arguments.no_limit else arguments.pace
    people = arguments.people
    sandbox = CallyzerSandbox(seconds_per_request=limit, examples=True, people=people)
    sandbox.faults.latency = arguments.latency
    sandbox.load(
        arguments.calls,
        seed=arguments.seed,
        days=arguments.days,
        trouble=arguments.trouble,
    )
    return Running(
        name="callyzer",
        app=sandbox.app,
        prefix=sandbox.prefix,
        settings={
            "CALLYZER_TOKEN": sandbox.token,
            "CALLYZER_WEBHOOK_SECRET": SECRET,
            "CALLYZER_SECONDS_PER_REQUEST": str(limit),
        },
        happen=CallsWithNotes(sandbox, trouble=arguments.trouble),
        watched=lambda url: sandbox.subscribe(url, SECRET),
    )


def _ccai(arguments: Namespace, crm: SalesforceSandbox) -> Running:
    contacts = [str(row["Id"]) for row in crm.rows("Contact")[: len(SUBJECTS) * 4]]
    cases = [
        crm.add("Case", {"Subject": SUBJECTS[at % len(SUBJECTS)], "ContactId": contact})
        for at, contact in enumerate(contacts)
    ]
    deals = [str(row["Id"]) for row in crm.rows("Opportunity")]
    sandbox = CcaiSandbox(tickets=[*cases, *deals], contacts=contacts)
    sandbox.load(_some(arguments), seed=arguments.seed, days=arguments.days)
    return Running(
        name="ccai",
        app=sandbox.app,
        prefix=sandbox.prefix,
        settings={
            "CCAI_USERNAME": sandbox.username,
            "CCAI_TOKEN": sandbox.token,
            "CCAI_WEBHOOK_USERNAME": USER,
            "CCAI_WEBHOOK_PASSWORD": SECRET,
        },
        happen=sandbox.arrive,
        watched=lambda url: sandbox.subscribe(url, USER, SECRET),
    )


def _agendize(arguments: Namespace) -> Running:
    sandbox = AgendizeSandbox()
    sandbox.load(_some(arguments), seed=arguments.seed, days=arguments.days)
    return Running(
        name="agendize",
        app=sandbox.app,
        prefix=sandbox.prefix,
        settings={
            "AGENDIZE_TOKEN": sandbox.token,
            "AGENDIZE_API_KEY": sandbox.api_key,
            "AGENDIZE_TIMEZONE": sandbox.zone,
            "AGENDIZE_WEBHOOK_USERNAME": USER,
            "AGENDIZE_WEBHOOK_PASSWORD": SECRET,
        },
        happen=sandbox.arrive,
    )


def _multisender(arguments: Namespace) -> Running:
    sandbox = MultisenderSandbox()
    sandbox.load(_some(arguments), seed=arguments.seed, days=arguments.days)
    return Running(
        name="multisender",
        app=sandbox.app,
        prefix=sandbox.prefix,
        settings={
            "MULTISENDER_TOKEN": sandbox.token,
            "MULTISENDER_TIMEZONE": sandbox.zone,
            "MULTISENDER_WEBHOOK_TOKEN": SECRET,
        },
        happen=sandbox.arrive,
    )


def _newvoicemedia(_: Namespace) -> Running:
    sandbox = NewVoiceMediaSandbox()
    return Running(
        name="newvoicemedia",
        app=sandbox.app,
        prefix=sandbox.prefix,
        settings={
            "NEWVOICEMEDIA_ACCOUNT_KEY": sandbox.account_key,
            "NEWVOICEMEDIA_CLIENT_ID": sandbox.client_id,
            "NEWVOICEMEDIA_CLIENT_SECRET": sandbox.client_secret,
        },
    )


def _some(arguments: Namespace) -> int:
    return int(arguments.calls) // OTHERS
