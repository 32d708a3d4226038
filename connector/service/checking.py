"""What ``check`` says of the flows against the CRM, and what they cost it a day."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from typing import Any

from connector.errors import ConfigError, RetryableError, SchemaMismatchError
from connector.mapping.check import (
    asked_for,
    check_against,
    check_found,
    check_making,
)
from connector.mapping.check_defaults import ACTIVE, astray, check_default, defaults
from connector.mapping.check_dial import asked_by_dial, check_dial
from connector.mapping.check_directory import check_directory
from connector.mapping.faults import Fault
from connector.mapping.flow import DialFlow, DirectoryFlow, PushFlow
from connector.mapping.load import Folder
from connector.model import Condition, CrmObject, Query, Scalar
from connector.service.tables import counted
from connector.wiring import App

DAY = 24 * 60 * 60

Row = dict[str, Any]


def said(severity: str, message: str) -> Row:
    """One thing to tell."""
    return {"severity": severity, "message": message}


def against_crm(app: App, folder: Folder) -> Iterator[Row]:
    """Compare all flows; raises what is wrong with the CRM as a whole."""
    directory = folder.directory
    listed = {each.name for each in directory.objects} if directory else set[str]()
    for flow in folder.flows:
        yield from _of_flow(app, flow, listed)
    if directory:
        yield from _of_directory(app, directory)
    for dial in folder.dials:
        yield from _of_dial(app, dial)


def _of_flow(app: App, flow: PushFlow, listed: Collection[str]) -> Iterator[Row]:
    try:
        described = app.crm.describe(flow.object, fresh=True)
    except SchemaMismatchError as error:
        line, column = flow.object_place
        yield said("error", f"{flow.file}:{line}:{column}: {error.message}")
        return
    for fault in (
        *check_against(flow, described),
        *_of_links(app, flow, listed),
        *_of_defaults(app, flow, described),
    ):
        yield said(fault.severity, str(fault))
    yield said("info", f"{flow.name}: {_cost(flow, _limit(app))}")


def _of_links(app: App, flow: PushFlow, listed: Collection[str]) -> Iterator[Fault]:
    """What the CRM lacks of whom a flow looks for, and would make."""
    described = _described(app, asked_for(flow))
    yield from check_found(flow, described, listed)
    for each in described.values():
        yield from check_making(flow, each)


def _of_defaults(app: App, flow: PushFlow, target: CrmObject) -> Iterator[Fault]:
    """What is wrong with the records that the file names; a query each."""
    for rule, crm_id, field in defaults(flow, target):
        names = dict.fromkeys([*rule.objects, *field.references])
        likely = (name for name in names if name in field.references)
        if there := _object_of(app, crm_id, likely):
            yield from check_default(flow, rule, there, _record(app, there, crm_id))
        else:
            yield astray(flow, rule, field)


def _object_of(app: App, crm_id: str, names: Iterable[str]) -> CrmObject | None:
    """The first of the objects whose ids begin like this one."""
    for name in names:
        found = _described(app, [name]).get(name)
        if found and found.prefix and crm_id.startswith(found.prefix):
            return found
    return None


def _record(app: App, there: CrmObject, crm_id: str) -> dict[str, Scalar] | None:
    fields = ("Id", ACTIVE) if ACTIVE in there.fields else ("Id",)
    where = (Condition(field="Id", operator="in", value=(crm_id,)),)
    query = Query(object=there.name, fields=fields, where=where)
    return next(app.crm.select(query), None)


def _of_directory(app: App, flow: DirectoryFlow) -> Iterator[Row]:
    described = _described(app, (each.name for each in flow.objects))
    for fault in check_directory(flow, described):
        yield said(fault.severity, str(fault))
    yield said("info", f"{flow.name}: {_directory_cost(flow, _limit(app))}")


def _of_dial(app: App, flow: DialFlow) -> Iterator[Row]:
    target = _described(app, [flow.object]).get(flow.object)
    described = _described(app, asked_by_dial(flow, target))
    parameters = app.world.dialers[flow.dialer]
    for fault in check_dial(flow, target, described, parameters):
        yield said(fault.severity, str(fault))
    yield from _of_dialer(app, flow)
    yield said("info", f"{flow.name}: {_dial_cost(flow, _limit(app))}")
    if app.settings.connector_api_token is None:
        words = "no nudge is taken, as CONNECTOR_API_TOKEN is not set; requests wait"
        yield said("info", f"{flow.name}: {words} for the next poll")


def _of_dialer(app: App, flow: DialFlow) -> Iterator[Row]:
    """Whether the dialer lets us in; nothing is placed."""
    place = "{}:{}:{}".format(flow.file, *flow.dialer_place)
    try:
        app.dialer(flow.dialer).ready()
    except ConfigError as error:
        yield said("error", f"{place}: {flow.dialer}: {error.message}")
    except RetryableError as error:
        words = f"{flow.dialer} could not be asked: {error.message}"
        yield said("unavailable", f"{place}: {words}")


def _described(app: App, names: Iterable[str]) -> dict[str, CrmObject]:
    """Those of the objects that there are."""
    described: dict[str, CrmObject] = {}
    for name in names:
        with suppress(SchemaMismatchError):  # it is not there
            described[name] = app.crm.describe(name, fresh=True)
    return described


# ── what it costs ──────────────────────────────────────────────────────────


def _limit(app: App) -> int | None:
    quota = app.crm.quota()
    return quota.limit if quota else None


def _cost(flow: PushFlow, limit: int | None) -> str:
    each = 1 if flow.existing is None else 2  # it asks whether there is one
    if flow.every is None:
        return (
            f"runs at {flow.cron}; a run costs the CRM {counted(each, 'call')} for each"
            " 200 changed records, and none when nothing changed"
        )
    runs = int(DAY / flow.every.total_seconds())
    calls = runs * each
    return (
        f"runs {runs:,} times a day, at most {calls:,} CRM calls{_share(calls, limit)}"
        " while no run finds more than 200 changed records; a describe every ten"
        " minutes comes on top"
    )


def _directory_cost(flow: DirectoryFlow, limit: int | None) -> str:
    """Say what keeping the directory costs: a call for each object, every run."""
    calls = len(flow.objects)
    each = f"{calls} CRM call{'' if calls == 1 else 's'} each"
    if flow.every is None:
        return f"runs at {flow.cron}, {each}"
    runs = int(DAY / flow.every.total_seconds())
    return f"{runs:,} runs a day, {each}: {runs * calls:,}{_share(runs * calls, limit)}"


def _dial_cost(flow: DialFlow, limit: int | None) -> str:
    """Say what looking for requests costs: a call a poll, and some for each request.

    These are a nudge's read (which a poll has done), the claim, a read before the
    outcome is written, and a write each for the record and its claim; without claims
    three reads, and a write.
    """
    several = 5 if flow.claim else 4
    each = f"; about {several} calls for each call that is asked for come on top"
    if flow.every is None:
        return f"polls at {flow.cron}, 1 CRM call each{each}"
    polls = int(DAY / flow.every.total_seconds())
    return f"{polls:,} polls a day, {polls:,} CRM calls{_share(polls, limit)}{each}"


def _share(calls: int, limit: int | None) -> str:
    return f", {100 * calls / limit:.1f}% of its {limit:,}" if limit else ""
