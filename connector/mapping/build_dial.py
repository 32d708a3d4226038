"""Builds a dial flow from a file whose every part has been checked."""

from collections.abc import Mapping
from types import MappingProxyType
from zoneinfo import ZoneInfo

from connector.mapping.build_rules import Origin, asked_of_crm, build_rule
from connector.mapping.document import Document
from connector.mapping.faults import Place
from connector.mapping.flow import Claim, DialFlow, FieldRule, Guards
from connector.mapping.names import Scope
from connector.mapping.offline_dial import fields_read
from connector.mapping.schema_dial import DialCall, DialClaim, DialFile, DialGuards
from connector.mapping.schema_rules import Shaped
from connector.model import ENDS, DialState

_ZONE = "UTC"


def build_dial(file: DialFile, document: Document, scope: Scope) -> DialFlow:
    """Return the flow that a dial file describes."""
    zone = ZoneInfo(file.zone or _ZONE)
    origin = Origin(document=document, scope=scope, zone=zone)
    return DialFlow(
        name=file.flow,
        file=document.file,
        every=file.every,
        cron=file.cron,
        zone=zone,
        regions=scope.world.regions,
        object=file.from_.crm,
        object_place=document.place(("from", "crm")),
        where=asked_of_crm(file.from_.where, zone),
        request_id=file.request.id,
        request_at=file.request.at,
        claim=_claim(file.claim, document),
        expires=file.expires,
        dialer=file.call.dialer,
        dialer_place=document.place(("call", "dialer")),
        call=_rules(("call",), _parameters(file.call), origin),
        guards=_guards(file.guards),
        answers=_answers(file, origin),
        places=MappingProxyType(_places(document)),
        keys=MappingProxyType(_keys(document)),
    )


def _claim(given: DialClaim | None, document: Document) -> Claim | None:
    if given is None:
        return None
    return Claim(
        object=given.object,
        place=document.place(("claim", "object")),
        key=given.key,
        key_place=document.place(("claim", "key")),
    )


def _parameters(call: DialCall) -> Mapping[str, Shaped]:
    return call.__pydantic_extra__


def _rules(
    path: tuple[str, ...], given: Mapping[str, Shaped], origin: Origin
) -> tuple[FieldRule, ...]:
    return tuple(
        build_rule((*path, name), rule, origin) for name, rule in given.items()
    )


def _guards(given: DialGuards | None) -> Guards:
    if given is None:
        return Guards()
    return Guards(
        do_not_call=tuple(given.do_not_call or ()),
        hours=given.hours,
        same_number_within=given.same_number_within,
        one_per_agent=given.one_per_agent,
    )


def _answers(
    file: DialFile, origin: Origin
) -> Mapping[DialState, tuple[FieldRule, ...]]:
    given: dict[DialState, Mapping[str, Shaped] | None] = {
        state: getattr(file.answer, state.value) for state in ENDS
    }
    return MappingProxyType(
        {
            state: _rules(("answer", state.value), rules, origin)
            for state, rules in given.items()
            if rules
        }
    )


def _places(document: Document) -> dict[str, Place]:
    """Return where each field is named first."""
    places: dict[str, Place] = {}
    for name, path, key in fields_read(document):
        places.setdefault(name, document.place(path, key=key))
    return places


def _keys(document: Document) -> dict[str, Place]:
    """Return where the file has its keys, and the states of ``answer``."""
    paths = [(name,) for name in document.section()]
    states = [("answer", state) for state in document.section("answer")]
    return {
        ".".join(path): document.place(path, key=True) for path in (*paths, *states)
    }
