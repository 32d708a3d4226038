"""CCAI Platform: a contact centre whose calls belong to tickets of the CRM."""
