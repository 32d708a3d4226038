"""Settings and mapping files of apps that are built, and run nothing."""

from pathlib import Path
from typing import Any, Final

from connector.settings import Settings
from connector.testing import ManualClock
from connector.wiring import App

DIALS: Final = """\
flow: click-to-call
from: {crm: Task, where: {Call_Request__c: {is: Requested}}}
request: {id: Call_Request_Id__c, at: Call_Requested_At__c}
claim: {object: Call_Dial__c, key: Request_Id__c}
every: 1 minute
expires: 2 minutes
call:
  dialer: newvoicemedia
  from.agentId: {from: Call_Agent_Id__c}
  to.telephoneNumber: {from: Call_Number__c, as: phone}
answer:
  placed: {Call_Request__c: {value: Placed}}
"""
PUSHES: Final = """\
flow: calls
from: {system: callyzer, stream: call_logs, since: 7 days}
every: 2 minutes
to: {object: Task, key: Call_Key__c}
fields:
  Call_Key__c: {from: id}
"""
NEWVOICEMEDIA: Final = {
    "newvoicemedia_url": "http://127.0.0.1:9",
    "newvoicemedia_account_key": "a1b2c3d4e5",
    "newvoicemedia_client_id": "the-app",
    "newvoicemedia_client_secret": "hush",
}
CALLYZER: Final = {"callyzer_url": "http://127.0.0.1:9", "callyzer_token": "hush"}


def app(folder: Path, *files: str, **settings: Any) -> App:  # noqa: ANN401  each setting has its own type
    """Build an app whose mapping folder has these files."""
    (folder / "mappings").mkdir(exist_ok=True)
    for number, text in enumerate(files):
        path = folder / "mappings" / f"{number}.yaml"
        path.write_text(text, encoding="utf-8")
    given = {
        "connector_state": folder / "connector.db",
        "connector_mappings": folder / "mappings",
        **settings,
    }
    return App(Settings.model_validate(given), ManualClock())
