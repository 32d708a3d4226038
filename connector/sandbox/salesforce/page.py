"""A page for people: the newest calls that arrived in the org."""

from collections.abc import Callable
from heapq import nlargest
from html import escape
from typing import Final

from connector.sandbox.salesforce.org import Org
from connector.sandbox.salesforce.schema.shape import Row, Scalar

NEWEST: Final = 50
COUNTED: Final = {
    "Task": "Tasks",
    "Lead": "Leads",
    "Contact": "Contacts",
    "Account": "Accounts",
    "Case": "Cases",
    "Opportunity": "Opportunities",
    "Call_Dial__c": "Dials",
}
"""Objects with a tile, which leads to their records, and what it says."""
DESCRIPTION_SHOWN: Final = 90

FRAME: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="refresh" content="3">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><title>Sandbox CRM</title>
<style>
:root {{ --ink: #16233a; --soft: #5b6b86; --line: #e3e8f0; --sky: #0b6bcb; }}
* {{ box-sizing: border-box; }}
body {{ margin: 0; font: 14px/1.45 system-ui, sans-serif; color: var(--ink);
  background: #f4f7fb; }}
header {{ background: linear-gradient(100deg, #0b3a75, var(--sky)); color: #fff;
  padding: 20px 28px; }}
h1 {{ margin: 0; font-size: 20px; }}
header p {{ margin: 2px 0 0; opacity: .85; }}
main {{ padding: 20px 28px; }}
ul {{ display: flex; flex-wrap: wrap; gap: 12px; margin: 0 0 20px; padding: 0;
  list-style: none; }}
li {{ background: #fff; border: 1px solid var(--line); border-radius: 10px;
  padding: 10px 18px; min-width: 110px; }}
li b {{ display: block; font-size: 22px; font-variant-numeric: tabular-nums; }}
li span {{ color: var(--soft); }}
a {{ color: #0b4f98; }}
.wide {{ overflow-x: auto; background: #fff; border: 1px solid var(--line);
  border-radius: 10px; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ text-align: left; padding: 8px 9px; border-bottom: 1px solid var(--line); }}
th, .tag, .date {{ white-space: nowrap; }}
th {{ color: var(--soft); font-weight: 600; background: #fafcff; }}
tr:last-child td {{ border-bottom: 0; }}
.number {{ text-align: right; font-variant-numeric: tabular-nums; }}
.key {{ font-family: ui-monospace, monospace; font-size: 12px; color: var(--soft);
  max-width: 150px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }}
.comments {{ min-width: 180px; overflow-wrap: anywhere; }}
.tag {{ padding: 1px 8px; border-radius: 9px; background: #eaf2fd; color: #0b4f98; }}
.none {{ color: #b0453c; }}
.empty {{ padding: 40px; text-align: center; color: var(--soft); }}
</style></head><body>
<header><h1>Sandbox CRM</h1><p>A small copy of a Salesforce org. The newest calls
come first; the page looks again every three seconds.</p></header>
<main><ul>{tiles}</ul><div class="wide">{tasks}</div></main>
</body></html>
"""

Cell = Callable[[Org, Row], str]


def page(org: Org) -> str:
    """Return the page as HTML."""
    with org.lock:
        return FRAME.format(tiles=_tiles(org), tasks=_tasks(org))


def _tiles(org: Org) -> str:
    usage = f"{org.usage.used:,} / {org.usage.limit:,}"
    counts = [
        (_count(org, name), f'<a href="list/{name}">{label}</a>')
        for name, label in COUNTED.items()
    ]
    tiles = [*counts, (usage, "API calls")]
    return "".join(f"<li><b>{n}</b><span>{what}</span></li>" for n, what in tiles)


def _count(org: Org, name: str) -> str:
    rows = org.store.tables[name].rows.values()
    return f"{sum(not row.get('IsDeleted') for row in rows):,}"


def _tasks(org: Org) -> str:
    table = org.store.tables["Task"]
    living = (row for row in table.rows.values() if not row.get("IsDeleted"))
    newest = nlargest(NEWEST, living, key=lambda row: str(row["Id"]))
    if not newest:
        return '<p class="empty">No calls yet.</p>'
    head = "".join(f"<th>{title}</th>" for title in COLUMNS)
    full = [table.full(row) for row in newest]
    body = "".join(f"<tr>{_line(org, row)}</tr>" for row in full)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _line(org: Org, row: Row) -> str:
    return "".join(cell(org, row) for cell in COLUMNS.values())


def _text(value: Scalar, style: str = "") -> str:
    shown = "" if value is None else escape(str(value))
    return f'<td class="{style}">{shown}</td>'


def _tag(value: Scalar) -> str:
    return (
        f'<td><span class="tag">{escape(str(value))}</span></td>'
        if value
        else (_text(None))
    )


def _duration(seconds: Scalar) -> str:
    if not isinstance(seconds, int):
        return _text(None)
    return _text(f"{seconds // 60}:{seconds % 60:02}", "number")


def _name(org: Org, record_id: Scalar, otherwise: str) -> str:
    found = org.store.find(str(record_id))
    if found is None:
        return _text(otherwise, "none")
    return _link(record_id, found[1].get("Name"))


def _link(record_id: Scalar, shown: Scalar) -> str:
    return (
        f'<td><a href="record/{record_id}">{escape(str(shown or record_id))}</a></td>'
    )


def _start(value: Scalar) -> str:
    text = str(value or "")
    cut = len(text) > DESCRIPTION_SHOWN
    return _text(text[:DESCRIPTION_SHOWN] + "…" * cut, "comments")


COLUMNS: Final[dict[str, Cell]] = {
    "Subject": lambda _, row: _link(row["Id"], row["Subject"]),
    "Type": lambda _, row: _tag(row["CallType"]),
    "Duration": lambda _, row: _duration(row["CallDurationInSeconds"]),
    "Date": lambda _, row: _text(row["ActivityDate"], "date"),
    "Assigned to": lambda org, row: _name(org, row["OwnerId"], "nobody"),
    "Name": lambda org, row: _name(org, row["WhoId"], "not linked"),
    "Status": lambda _, row: _tag(row["Status"]),
    "Call": lambda _, row: _tag(row.get("Call_Request__c")),
    "Key": lambda _, row: _text(row.get("Call_Key__c"), "key"),
    "Comments": lambda _, row: _start(row["Description"]),
}
