"""The CRMs behind the port ``Crm``."""
