"""What is shown a record at a time: predictions, and one record set aside."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from rich.text import Text

from connector.engine.comparing import Change
from connector.engine.pretending import NEW, Newcomer
from connector.engine.preview import Prediction
from connector.model import Link
from connector.service.tables import cell, counted, printable, write

STYLES: Mapping[str, str] = {
    "create": "green",
    "change": "yellow",
    "leave": "dim",
    "skip": "dim",
    "set aside": "red",
}
"""Actions of a prediction, in the order of the summary."""

INDENT = "    "


def show_predictions(predictions: Iterable[Prediction]) -> None:
    """Print what would become of each record as it is predicted, then the sums."""
    sums: Counter[str] = Counter()
    for prediction in predictions:
        sums[prediction.action] += 1
        _show_prediction(prediction)
    parts = [f"{sums[action]} {action}" for action in STYLES if sums[action]]
    total = counted(sums.total(), "record")
    write(f"{total}: {', '.join(parts)}" if parts else "No records.")
    write("Nothing was written.")


def _show_prediction(prediction: Prediction) -> None:
    action = prediction.action
    line = Text.assemble(
        (f"{action:<9}", STYLES[action]), f"  {cell(prediction.record_id)}"
    )
    if prediction.crm_id:
        line.append(f"  {prediction.crm_id}")
    write(line)
    if prediction.reason:
        write(INDENT + cell(prediction.reason))
    known = prediction.crm_id is not None
    longest = max((len(change.field) for change in prediction.changes), default=0)
    for change in prediction.changes:
        write(f"{INDENT}{change.field:<{longest}}  {_words(change, known=known)}")
    for name, link in prediction.links.items():
        write(f"{INDENT}{link_words(name, link)}")
    for newcomer in prediction.makes:
        _show_newcomer(newcomer)


def _show_newcomer(newcomer: Newcomer) -> None:
    write(f"{INDENT}and makes a {newcomer.object}:")
    longest = max(map(len, newcomer.fields), default=0)
    for name, value in newcomer.fields.items():
        write(f"{INDENT}{INDENT}{name:<{longest}}  {_value(value)}")


def link_words(name: str, link: Link) -> str:
    """Say whom a field points to, and why."""
    who = f"{link.who} ({link.id})" if link.who and link.id else link.id or "nobody"
    if link.id == NEW:
        who = f"a new {link.who}"
    among = f" (of {', '.join(link.among)})" if link.among else ""
    return f"{name} → {cell(who)}: {cell(link.why)}{cell(among)}"


def _words(change: Change, *, known: bool) -> str:
    after = _value(change.after)
    return f"{_value(change.before)} → {after}" if known else after


def _value(value: object) -> str:
    return "nothing" if value in (None, "") else repr(value)


def show_entry(details: Mapping[str, Any]) -> None:
    """Print one quarantine entry, and the record as the vendor showed it."""
    payload = details["payload"]
    about = {name: value for name, value in details.items() if name != "payload"}
    longest = max(map(len, (*about, *payload)))
    _show_values(about, longest)
    write("")
    write(Text("The record, as the vendor showed it:", style="bold"))
    _show_values(payload, longest)


def _show_values(values: Mapping[str, object], longest: int) -> None:
    for name, value in values.items():
        first, *more = _lines(value) or [""]
        write(f"{name:>{longest}}  {first}".rstrip())
        for line in more:
            write(f"{'':>{longest}}  {line}")


def _lines(value: object) -> list[str]:
    """A value as it is, over as many lines as it has."""
    if isinstance(value, str):
        return printable(value).splitlines()
    if isinstance(value, list | tuple):
        return [cell(", ".join(map(str, value)))]
    return [cell(value)]
