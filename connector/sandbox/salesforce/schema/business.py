"""Account, Case and Opportunity (Object Reference, the pages of those names)."""

from dataclasses import replace

from connector.sandbox.salesforce.schema.shape import (
    Field,
    Object,
    choice,
    fields,
    flag,
    number,
    owner,
    read_only,
    read_only_reference,
    reference,
)

ACCOUNT = (
    Field("Name", "Account Name", "string", 255, required=True),
    reference("ParentId", "Parent Account ID", "Account"),
    Field("Phone", "Account Phone", "phone", 40),
    Field("Fax", "Account Fax", "phone", 40),
    Field("Website", "Website", "url", 255),
    choice("Type", "Account Type", ("Prospect", "Customer", "Partner", "Other")),
    choice("Industry", "Industry", ("Education", "Finance", "Retail", "Technology")),
    Field("AnnualRevenue", "Annual Revenue", "currency"),
    number("NumberOfEmployees", "Employees", 8),
    Field("BillingCity", "Billing City", "string", 40),
    Field("BillingCountry", "Billing Country", "string", 80),
    Field("Description", "Account Description", "textarea", 32_000),
    owner("Owner ID"),
    read_only_reference("MasterRecordId", "Master Record ID", "Account"),
    Field(
        "Customer_Code__c",
        "Customer Code",
        "string",
        40,
        external_id=True,
        unique=True,
    ),
)

CASE = (
    read_only("CaseNumber", "Case Number", "string", 30),
    Field("Subject", "Subject", "string", 255),
    Field("Description", "Description", "textarea", 32_000),
    choice("Status", "Status", ("New", "Working", "Escalated", "Closed"), "New"),
    choice("Priority", "Priority", ("High", "Medium", "Low"), "Medium"),
    choice("Origin", "Case Origin", ("Phone", "Email", "Web")),
    Field("SuppliedPhone", "Phone", "phone", 40),
    reference("ContactId", "Contact ID", "Contact"),
    reference("AccountId", "Account ID", "Account"),
    owner("Owner ID", polymorphic=True),
    read_only("IsClosed", "Closed", "boolean"),
)

OPPORTUNITY = (
    Field("Name", "Name", "string", 120, required=True),
    replace(
        choice("StageName", "Stage", ("Prospecting", "Negotiation", "Closed Won")),
        required=True,
    ),
    Field("CloseDate", "Close Date", "date", required=True),
    Field("Amount", "Amount", "currency"),
    Field("Probability", "Probability (%)", "percent"),
    reference("AccountId", "Account ID", "Account"),
    owner("Owner ID"),
)

CONTACT_ROLE = (
    replace(reference("OpportunityId", "Opportunity ID", "Opportunity"), required=True),
    replace(reference("ContactId", "Contact ID", "Contact"), required=True),
    choice("Role", "Role", ("Decision Maker", "Business User", "Evaluator", "Other")),
    flag("IsPrimary", "Primary"),
)

OBJECTS = (
    Object("Account", "Account", "001", fields("Account", ACCOUNT), mergeable=True),
    Object("Case", "Case", "500", fields("Case", CASE), name_field="CaseNumber"),
    Object("Opportunity", "Opportunity", "006", fields("Opportunity", OPPORTUNITY)),
    Object(
        "OpportunityContactRole",
        "Opportunity Contact Role",
        "00K",
        fields("Contact Role", CONTACT_ROLE),
        name_field="",
    ),
)
