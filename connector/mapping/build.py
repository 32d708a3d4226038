"""Builds a flow from a file whose every part has been checked."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from connector.errors import ConfigError
from connector.mapping import schema
from connector.mapping.build_dial import build_dial
from connector.mapping.build_links import (
    build_existing,
    build_finds,
    build_internal,
    build_never,
)
from connector.mapping.build_rules import (
    Origin,
    asked_of_crm,
    build_rule,
    operators,
)
from connector.mapping.conditions import parse_conditions
from connector.mapping.document import Document
from connector.mapping.faults import Place
from connector.mapping.flow import DirectoryFlow, Flow, Indexed, PushFlow, Reread
from connector.mapping.names import Scope
from connector.mapping.schema_dial import DialFile
from connector.mapping.schema_rules import Shaped

_REREAD_EVERY = timedelta(minutes=30)
_ZONE = "UTC"


def build_flow(file: schema.MappingFile, document: Document, scope: Scope) -> Flow:
    """Return the flow that a file describes; ``scope`` has its stream, if any."""
    if isinstance(file, schema.DirectoryFile):
        return _directory(file, document, scope)
    if isinstance(file, DialFile):
        return build_dial(file, document, scope)
    return _push(file, document, scope)


# ── push ───────────────────────────────────────────────────────────────────


def _push(pushed: schema.PushFile, document: Document, scope: Scope) -> PushFlow:
    source, to = pushed.from_, pushed.to
    if scope.stream is None:
        raise ConfigError(f"{source.system} has no {source.stream}")
    zone = ZoneInfo(pushed.zone or scope.world.zones.get(source.system, _ZONE))
    origin = Origin(document=document, scope=scope, zone=zone)
    return PushFlow(
        name=pushed.flow,
        file=document.file,
        system=source.system,
        stream=scope.stream,
        since=source.since,
        options=source.options,
        every=pushed.every,
        cron=pushed.cron,
        reread=_reread(pushed.reread),
        zone=zone,
        deleted=pushed.deleted,
        when=parse_conditions(operators(pushed.when), zone),
        object=to.object,
        object_place=document.place(("to", "object")),
        key=to.key,
        key_place=document.place(("to", "key")),
        fields=tuple(
            build_rule(("fields", name), rule, origin)
            for name, rule in pushed.fields.items()
            if isinstance(rule, Shaped)
        ),
        regions=scope.world.regions,
        finds=tuple(build_finds(pushed, origin)),
        internal=build_internal(pushed, origin),
        never=build_never(pushed, origin),
        existing=build_existing(pushed, origin),
    )


def _reread(given: timedelta | schema.RereadClock | None) -> Reread | None:
    if isinstance(given, timedelta):
        return Reread(back=given, every=_REREAD_EVERY)
    return None if given is None else Reread(back=given.back, every=given.every)


# ── directory ──────────────────────────────────────────────────────────────


def _directory(
    file: schema.DirectoryFile, document: Document, scope: Scope
) -> DirectoryFlow:
    zone = ZoneInfo(file.zone or _ZONE)
    return DirectoryFlow(
        name=file.flow,
        file=document.file,
        every=file.every,
        cron=file.cron,
        zone=zone,
        objects=tuple(
            _indexed(name, given, document, zone)
            for name, given in file.directory.items()
        ),
        regions=scope.world.regions,
    )


def _indexed(
    name: str, given: schema.IndexedObject, document: Document, zone: ZoneInfo
) -> Indexed:
    return Indexed(
        name=name,
        place=document.place(("directory", name), key=True),
        phones=tuple(given.phones or ()),
        emails=tuple(given.emails or ()),
        country=given.country,
        where=asked_of_crm(given.where, zone),
        places=_places(name, given, document),
    )


def _places(
    name: str, given: schema.IndexedObject, document: Document
) -> dict[str, Place]:
    path = ("directory", name)
    places = {
        field: document.place((*path, way, at))
        for way, fields in (("phones", given.phones), ("emails", given.emails))
        for at, field in enumerate(fields or ())
    }
    if given.country:
        places.setdefault(given.country, document.place((*path, "country")))
    for field in given.where:
        places.setdefault(field, document.place((*path, "where", field), key=True))
    return places
