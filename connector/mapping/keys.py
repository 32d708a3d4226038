"""What people are looked up by in the directory, as one kind of text.

A phone number is itself, as E.164; an address and the value of a field are the same
however they are cased, as the CRM compares text.
"""


def email_key(address: str) -> str:
    """Return what an e-mail address is looked up by."""
    return address.strip().lower()


def field_key(name: str, field: str, value: str) -> str:
    """Return what the value of a field of the object ``name`` is looked up by."""
    return f"{name}.{field}={value.strip().casefold()}"
