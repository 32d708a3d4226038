"""Contact, Lead and User (Object Reference, the pages of those names)."""

from dataclasses import replace

from connector.sandbox.salesforce.schema.calling import CALL_KEY
from connector.sandbox.salesforce.schema.calling import USER as CALL_FIELDS
from connector.sandbox.salesforce.schema.shape import (
    Field,
    Object,
    choice,
    fields,
    flag,
    lasting,
    owner,
    read_only,
    read_only_reference,
    reference,
)

SALUTATIONS = ("Mr.", "Ms.", "Mrs.", "Dr.", "Prof.")
SOURCES = ("Web", "Phone Inquiry", "Partner Referral", "Purchased List", "Other")

NAME = (
    Field("LastName", "Last Name", "string", 80, required=True),
    Field("FirstName", "First Name", "string", 40),
    read_only("Name", "Full Name", "string", 121),
)

CONTACT = (
    *NAME,
    choice("Salutation", "Salutation", SALUTATIONS),
    reference("AccountId", "Account ID", "Account"),
    Field("Phone", "Business Phone", "phone", 40),
    Field("MobilePhone", "Mobile Phone", "phone", 40),
    Field("HomePhone", "Home Phone", "phone", 40),
    Field("OtherPhone", "Other Phone", "phone", 40),
    Field("AssistantPhone", "Asst. Phone", "phone", 40),
    Field("Email", "Email", "email", 80),
    Field("Title", "Title", "string", 128),
    Field("Department", "Department", "string", 80),
    Field("MailingCity", "Mailing City", "string", 40),
    Field("MailingCountry", "Mailing Country", "string", 80),
    choice("LeadSource", "Lead Source", SOURCES),
    Field("Description", "Contact Description", "textarea", 32_000),
    flag("DoNotCall", "Do Not Call"),
    owner("Owner ID"),
    read_only_reference("MasterRecordId", "Master Record ID", "Contact"),
    CALL_KEY,
    Field("Legacy_Id__c", "Legacy ID", "string", 40, external_id=True),
)

LEAD = (
    *NAME,
    choice("Salutation", "Salutation", SALUTATIONS),
    Field("Company", "Company", "string", 255, required=True),
    Field("Title", "Title", "string", 128),
    Field("Phone", "Phone", "phone", 40),
    Field("MobilePhone", "Mobile Phone", "phone", 40),
    Field("Email", "Email", "email", 80),
    Field("City", "City", "string", 40),
    Field("Country", "Country", "string", 80),
    choice(
        "Status",
        "Status",
        (
            "Open - Not Contacted",
            "Working - Contacted",
            "Closed - Converted",
            "Closed - Not Converted",
        ),
        "Open - Not Contacted",
    ),
    choice("LeadSource", "Lead Source", SOURCES),
    choice("Rating", "Rating", ("Hot", "Warm", "Cold")),
    Field("Description", "Description", "textarea", 32_000),
    flag("DoNotCall", "Do Not Call"),
    owner("Owner ID", polymorphic=True),
    read_only("IsConverted", "Converted", "boolean"),
    read_only_reference("ConvertedContactId", "Converted Contact ID", "Contact"),
    read_only_reference("ConvertedAccountId", "Converted Account ID", "Account"),
    read_only_reference(
        "ConvertedOpportunityId", "Converted Opportunity ID", "Opportunity"
    ),
    read_only("ConvertedDate", "Converted Date", "date"),
    read_only_reference("MasterRecordId", "Master Record ID", "Lead"),
    CALL_KEY,
)

USER = (
    *NAME,
    Field("Username", "Username", "string", 80, required=True),
    Field("Email", "Email", "email", 128, required=True),
    Field("Phone", "Phone", "phone", 40),
    Field("MobilePhone", "Mobile", "phone", 40),
    Field("Extension", "Extension", "phone", 40),
    Field("EmployeeNumber", "Employee Number", "string", 20),
    Field("Title", "Title", "string", 80),
    Field("Department", "Department", "string", 80),
    Field("Country", "Country", "string", 80),
    replace(flag("IsActive", "Active"), default=True),
    *CALL_FIELDS,
)
"""Users are made inactive, never deleted or merged."""

OBJECTS = (
    Object("Contact", "Contact", "003", fields("Contact", CONTACT), mergeable=True),
    Object("Lead", "Lead", "00Q", fields("Lead", LEAD), mergeable=True),
    Object("User", "User", "005", lasting("User", USER), deletable=False),
)
