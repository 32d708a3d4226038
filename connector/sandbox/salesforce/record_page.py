"""The stand-in record page as HTML: fields, the Call panel, the record's calls."""

from collections.abc import Iterator
from html import escape
from itertools import islice
from typing import Final

from connector.sandbox.salesforce.button_script import SCRIPT
from connector.sandbox.salesforce.org import Org
from connector.sandbox.salesforce.schema.shape import Field, Row, Scalar
from connector.sandbox.salesforce.store import Table
from connector.sandbox.salesforce.target import ABOUT

LISTED: Final = 200
CALLS_SHOWN: Final = 10
SYSTEM: Final = {"Id", "IsDeleted", "CreatedById", "LastModifiedById", "SystemModstamp"}

STYLE: Final = """
:root { --ink: #16233a; --soft: #5b6b86; --line: #e3e8f0; --sky: #0b6bcb; }
* { box-sizing: border-box; }
body { margin: 0; font: 14px/1.45 system-ui, sans-serif; color: var(--ink);
  background: #f4f7fb; }
header { background: linear-gradient(100deg, #0b3a75, var(--sky)); color: #fff;
  padding: 16px 28px; }
header a { color: #cfe3fb; }
h1 { margin: 2px 0 0; font-size: 20px; }
main { display: grid; grid-template-columns: minmax(0, 2fr) minmax(280px, 1fr);
  gap: 20px; padding: 20px 28px; align-items: start; max-width: 1200px; }
@media (max-width: 760px) { main { grid-template-columns: 1fr; } #panel { order: -1; } }
section { background: #fff; border: 1px solid var(--line); border-radius: 10px;
  padding: 16px 18px; }
h2 { margin: 0 0 10px; font-size: 15px; }
dl + h2 { margin-top: 18px; }
dl { display: grid; grid-template-columns: minmax(110px, 200px) 1fr; gap: 6px 14px;
  margin: 0; }
@media (max-width: 760px) { dl { grid-template-columns: 1fr 2fr; } }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
ul { margin: 0; padding: 0; list-style: none; }
li { padding: 5px 0; border-bottom: 1px solid var(--line); }
li:last-child { border: 0; }
a { color: #0b4f98; }
label { display: block; padding: 4px 0; }
fieldset { border: 0; margin: 0; padding: 0; }
fieldset small, legend, label[for=by] { color: var(--soft); }
legend { padding: 0; }
input { vertical-align: -2px; }
select { width: 100%; padding: 6px; margin-bottom: 10px; font: inherit; }
button { width: 100%; margin-top: 12px; padding: 9px; border: 0; border-radius: 8px;
  font: 600 15px system-ui, sans-serif; color: #fff; background: var(--sky); }
button:disabled { background: #b9c4d4; }
#outcome { min-height: 22px; margin: 12px 0 0; font-weight: 600; }
#outcome[data-state=Placed] { color: #1b7a3d; }
#outcome[data-state=Refused], #outcome[data-state=Blocked],
#outcome[data-state=Expired], #outcome[data-state=Unknown] { color: #b0453c; }
.warning { color: #b0453c; margin: 8px 0 0; }
.soft { color: var(--soft); }
"""

FRAME: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><title>{title} · Sandbox CRM</title><style>{style}</style></head><body>
<header><a href="../">Sandbox CRM</a> / <a href="../list/{object}">{object}</a>
<h1>{title}</h1></header><main>{main}</main>{script}</body></html>
"""

PANEL: Final = """<section id="panel"><h2>Call</h2>
<label for="by">Pressed by</label><select id="by">{users}</select>
<p class="warning" id="problem" role="alert" hidden></p>
<fieldset id="phones" hidden><legend>Number</legend><div id="numbers"></div></fieldset>
<p class="warning" id="warning" role="alert" hidden></p>
<p id="outcome" role="status"></p>
<button id="call" disabled>Call</button></section>"""


def list_page(org: Org, object_name: str) -> str:
    """Return the page with an object's first records; KeyError if it is none."""
    with org.lock:
        table = org.store.tables[object_name]
        living = (r for r in table.rows.values() if not r.get("IsDeleted"))
        lines = [f"<li>{_link(table, row)}</li>" for row in islice(living, LISTED)]
    none = '<li class="soft">None yet.</li>'
    main = f"<section><ul>{''.join(lines) or none}</ul></section>"
    return _framed(object_name, object_name, main)


def record_page(org: Org, record_id: str) -> str:
    """Return a record's page; KeyError if there is no such record."""
    with org.lock:
        found = org.store.find(record_id)
        if found is None:
            raise KeyError(record_id)
        table, row = found
        details = f"<h2>Details</h2><dl>{''.join(_details(org, table, row))}</dl>"
        sections = f'<section id="details">{details}{_calls(org, row)}</section>'
        has_button = table.object.name in ABOUT and not row.get("IsDeleted")
        panel = PANEL.format(users=_users(org)) if has_button else ""
        title = _name(table, row)
    script = SCRIPT if has_button else ""
    return _framed(title, table.object.name, sections + panel, script)


def _framed(title: str, object_name: str, main: str, script: str = "") -> str:
    return FRAME.format(
        title=escape(title), style=STYLE, object=object_name, main=main, script=script
    )


def _name(table: Table, row: Row) -> str:
    return str(table.value(row, table.object.name_field) or row["Id"])


def _link(table: Table, row: Row) -> str:
    return f'<a href="../record/{row["Id"]}">{escape(_name(table, row))}</a>'


def _details(org: Org, table: Table, row: Row) -> Iterator[str]:
    for field in table.object.fields.values():
        value = table.value(row, field.name)
        if value is not None and field.name not in SYSTEM:
            shown = _shown(org, field, value)
            yield f"<dt>{escape(field.label)}</dt><dd>{shown}</dd>"


def _shown(org: Org, field: Field, value: Scalar) -> str:
    found = org.store.find(str(value)) if field.references else None
    return _link(*found) if found else escape(str(value))


def _calls(org: Org, row: Row) -> str:
    """Show the newest tasks by which somebody asked to call from here."""
    table, own = org.store.tables["Task"], row["Id"]
    asked = (t for t in reversed(table.rows.values()) if t.get("Call_Request__c"))
    here = (t for t in asked if own in {t["Id"], t.get("WhoId"), t.get("WhatId")})
    living = (task for task in here if not task.get("IsDeleted"))
    lines = [_call(table, task) for task in islice(living, CALLS_SHOWN)]
    return f"<h2>Calls from here</h2><ul>{''.join(lines)}</ul>" if lines else ""


def _call(table: Table, task: Row) -> str:
    message = task.get("Call_Message__c")
    parts = [task["Call_Request__c"], *([message] if message else ())]
    return f"<li>{_link(table, task)} — {escape(': '.join(map(str, parts)))}</li>"


def _users(org: Org) -> str:
    """The empty choice leaves it to the button who presses."""
    table = org.store.tables["User"]
    active = [row for row in table.rows.values() if table.value(row, "IsActive")]
    options = (
        f'<option value="{row["Id"]}">{escape(_name(table, row))}</option>'
        for row in active
    )
    return "".join(options)
