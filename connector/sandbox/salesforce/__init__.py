"""A Salesforce org in small: its REST wire, its rules, and its words."""

from connector.sandbox.salesforce.conversion import Converted
from connector.sandbox.salesforce.sandbox import SalesforceSandbox

__all__ = ["Converted", "SalesforceSandbox"]
