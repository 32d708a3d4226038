"""What becomes of a lead that is converted (Salesforce Help, "Lead Conversion Field
Mapping"; SOAP API Developer Guide, "convertLead()")."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from connector.sandbox.salesforce.schema.shape import Row

CONVERTED_STATUS: Final = "Closed - Converted"
FIRST_STAGE: Final = "Prospecting"
MONTHS_OF_A_QUARTER: Final = 3

CONTACT: Final = {
    "Salutation": "Salutation",
    "FirstName": "FirstName",
    "LastName": "LastName",
    "Title": "Title",
    "Phone": "Phone",
    "MobilePhone": "MobilePhone",
    "Email": "Email",
    "City": "MailingCity",
    "Country": "MailingCountry",
    "LeadSource": "LeadSource",
    "Description": "Description",
    "DoNotCall": "DoNotCall",
    "OwnerId": "OwnerId",
}
ACCOUNT: Final = {
    "Company": "Name",
    "Phone": "Phone",
    "City": "BillingCity",
    "Country": "BillingCountry",
    "OwnerId": "OwnerId",
}
OPPORTUNITY: Final = {"Company": "Name", "OwnerId": "OwnerId"}
"""Fields of a lead, and those of the new record that they go to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """The ids of the records that a lead became."""

    contact: str
    account: str
    opportunity: str | None = None

    @property
    def on_lead(self) -> Row:
        """The fields of the lead that lead there."""
        return {
            "ConvertedContactId": self.contact,
            "ConvertedAccountId": self.account,
            "ConvertedOpportunityId": self.opportunity,
        }


def contact(lead: Row, account: str) -> Row:
    """Return the contact that a lead becomes."""
    return {**_mapped(lead, CONTACT), "AccountId": account}


def account(lead: Row) -> Row:
    """Return the account that a lead's company becomes."""
    return _mapped(lead, ACCOUNT)


def opportunity(lead: Row, account: str, today: date) -> Row:
    """Return the opportunity; it closes on the last day of the quarter."""
    named = _mapped(lead, OPPORTUNITY)
    close = _quarters_end(today).isoformat()
    rest: Row = {"AccountId": account, "StageName": FIRST_STAGE, "CloseDate": close}
    return named | rest


def moved(task: Row, converted: Converted) -> Row:
    """Return what a lead's task is tied to afterwards."""
    what = task.get("WhatId") or converted.opportunity or converted.account
    return {"WhoId": converted.contact, "WhatId": what}


def _mapped(lead: Row, names: dict[str, str]) -> Row:
    found = {new: lead.get(old) for old, new in names.items()}
    return {name: value for name, value in found.items() if value is not None}


def _quarters_end(today: date) -> date:
    months = MONTHS_OF_A_QUARTER
    last = (today.month - 1) // months * months + months
    year, after = today.year + last // 12, last % 12 + 1
    return date(year, after, 1) - timedelta(days=1)
