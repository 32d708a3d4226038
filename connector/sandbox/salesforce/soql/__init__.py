"""SOQL, as much of it as integrations use; anything else is refused by name."""
