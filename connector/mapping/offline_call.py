"""What can be wrong with what a dial file tells its dialer: names, values, and whether
there is any record of which the dialer would place the call."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from connector.mapping.convert import blank, to_text
from connector.mapping.document import Document
from connector.mapping.faults import Fault, suggest
from connector.mapping.names import Scope
from connector.mapping.phones import valid_readings
from connector.mapping.possible import (
    Known,
    Objects,
    against_all,
    against_value,
    sample,
)
from connector.mapping.template import parse_template


def parameters_in(document: Document) -> list[str]:
    """Return the parameters that a file names, whether there are such or not."""
    return [name for name in document.section("call") if name != "dialer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dialer:
    """Who is told: what it knows, and what it has against a call."""

    name: str
    known: Known
    objects: Objects
    regions: tuple[str, ...]


def faults_in_call(document: Document, scope: Scope) -> Iterator[Fault]:
    """Yield what the dialer can't be told, or would refuse whatever the record."""
    name, world = str(document.section("call").get("dialer")), scope.world
    dialer = _Dialer(
        name=name,
        known={each.name: each for each in world.dialers.get(name, ())},
        objects=world.objections.get(name, lambda _: None),
        regions=world.regions,
    )
    if dialer.known:
        yield from _names(document, dialer)
        for parameter in _given(document, dialer):
            yield from _constants(document, parameter, dialer)
        yield from _together(document, dialer)


def _given(document: Document, dialer: _Dialer) -> list[str]:
    return [name for name in parameters_in(document) if name in dialer.known]


# ── names ──────────────────────────────────────────────────────────────────


def _names(document: Document, dialer: _Dialer) -> Iterator[Fault]:
    known, named = dialer.known, parameters_in(document)
    if not named:
        message = f"nothing tells {dialer.name} whom to call"
        hint = f"such as {next(iter(known))}: {{from: Field}}"
        yield document.fault(("call",), message, hint, key=True)
    for name in named:
        if name not in known:
            message = f"unknown parameter '{name[:80]}'"
            hint = _nearest(name, known)
            yield document.fault(("call", name), message, hint, key=True)


def _nearest(name: str, known: Known) -> str:
    inside = [each for each in known if each.startswith(f"{name}.")]
    if inside:
        return f"parameters are written with a dot: {', '.join(inside)}"
    return suggest(name, known)


# ── values ─────────────────────────────────────────────────────────────────


def _constants(document: Document, name: str, dialer: _Dialer) -> Iterator[Fault]:
    """Tell what a rule gives a parameter, whatever the record, that it can't take."""
    rule, outputs = _rule(document, name), document.section("call", name, "map")
    given: list[tuple[str, ...]] = [("map", key) for key in outputs]
    given += [("default",)] if outputs else [("value",), ("default",)]
    for where in given:
        path = ("call", name, *where)
        value = document.at(path)
        if not (blank(value) or isinstance(value, (dict, list))):
            for message, hint in _unfit(name, value, rule, dialer):
                yield document.fault(path, f"{name}{message}", hint)


def _unfit(
    name: str, value: object, rule: Mapping[str, object], dialer: _Dialer
) -> Iterator[tuple[str, str]]:
    parameter, text = dialer.known[name], to_text(value)
    if isinstance(value, (bool, date)):
        yield f": {text} is no text", "put it in quotes, if it is"
    elif parameter.choices and text not in parameter.choices:
        yield f": unknown choice '{text[:80]}'", suggest(text, parameter.choices)
    elif rule.get("as") == "phone" and not valid_readings(text, dialer.regions):
        yield f": '{text[:80]}' is not a phone number that can be called", ""
    elif 0 < parameter.longest < len(text):
        if "fit" not in rule:
            yield f" has {parameter.longest} characters at most", ""
    elif words := against_value(parameter, text, dialer.known, dialer.objects):
        yield f": {words}", ""


# ── all of them together ───────────────────────────────────────────────────


def _together(document: Document, dialer: _Dialer) -> Iterator[Fault]:
    """Tell why no call can be placed, whatever the record."""
    given = [name for name in _given(document, dialer) if not _is_no(document, name)]
    call = {name: sample(dialer.known[name]) for name in given}
    loose = [name for name in given if _may_be_blank(document, name)]
    for name, words in against_all(call, loose, dialer.known, dialer.objects):
        path = ("call", name) if name in call else ("call",)
        if parameters_in(document):
            message = f"no call could be placed: {words}"
            yield document.fault(path, message, key=True)


def _is_no(document: Document, name: str) -> bool:
    """Say whether a parameter is blank whatever the record."""
    rule = _rule(document, name)
    return "value" in rule and blank(rule["value"]) and blank(rule.get("default"))


def _may_be_blank(document: Document, name: str) -> bool:
    rule = _rule(document, name)
    if "value" in rule or not blank(rule.get("default")):
        return False
    try:
        parts = parse_template(str(rule.get("template", "")))
    except ValueError:
        return True
    return not any(isinstance(part, str) and not blank(part) for part in parts)


def _rule(document: Document, name: str) -> dict[str, object]:
    return document.section("call", name)
