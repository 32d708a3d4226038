"""Carries calls and leads from phone systems onto the right CRM record, once."""
