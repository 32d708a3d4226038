"""The use cases. They know ports, mapping and model, and nothing outside."""
