"""The org's objects as plain data tables."""

from connector.sandbox.salesforce.schema.activity import OBJECTS as ACTIVITY
from connector.sandbox.salesforce.schema.business import OBJECTS as BUSINESS
from connector.sandbox.salesforce.schema.calling import OBJECTS as CALLING
from connector.sandbox.salesforce.schema.people import OBJECTS as PEOPLE

OBJECTS = (*PEOPLE, *BUSINESS, *ACTIVITY, *CALLING)
"""Every object of a new org."""
