"""What is said when something is refused (REST API Developer Guide, "Status Codes
and Error Responses"; the three shapes an error can have)."""

from collections.abc import Iterable
from dataclasses import dataclass

NOT_FOUND, BAD_REQUEST = 404, 400


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one record."""

    code: str
    message: str
    fields: tuple[str, ...] = ()

    def as_item(self) -> dict[str, object]:
        """Return it as it stands among the errors of an item of a collection."""
        return {
            "statusCode": self.code,
            "message": self.message,
            "fields": list(self.fields),
        }

    def as_top(self) -> dict[str, object]:
        """Return it as it stands in the answer to a request for one record."""
        return {
            "message": self.message,
            "errorCode": self.code,
            "fields": list(self.fields),
        }


class FaultyValueError(Exception):
    """One value of a record cannot be stored."""

    def __init__(self, code: str, message: str, *fields: str) -> None:
        """Say what is wrong in the CRM's words."""
        super().__init__(message)
        self.fault = Fault(code, message, fields)


class RowRefusedError(Exception):
    """One record is refused; others of its collection are not concerned."""

    def __init__(self, faults: Iterable[Fault], status: int = BAD_REQUEST) -> None:
        """``status`` is that of a request for this record alone."""
        self.faults = tuple(faults)
        self.status = status
        super().__init__(self.faults)


class RequestRefusedError(Exception):
    """The whole request is refused and nothing of it was done."""

    def __init__(self, status: int, code: str, message: str) -> None:
        """Say why, with the HTTP status."""
        super().__init__(message)
        self.status = status
        self.body = [{"message": message, "errorCode": code}]


class UnknownNameError(RequestRefusedError):
    """A query names something that isn't there; where it stands is told as well."""

    def __init__(self, code: str, name: str, message: str) -> None:
        """``name`` is the part of a path that means nothing."""
        super().__init__(BAD_REQUEST, code, message)
        self.code = code
        self.name = name
        self.message = message


def bad_request(code: str, message: str) -> RequestRefusedError:
    """Build a refusal with status 400."""
    return RequestRefusedError(BAD_REQUEST, code, message)


def not_found(
    message: str = "The requested resource does not exist",
) -> RequestRefusedError:
    """Build a refusal with status 404."""
    return RequestRefusedError(NOT_FOUND, "NOT_FOUND", message)


def no_such_selection(name: str, entity: str) -> RequestRefusedError:
    """Build the refusal of a query that names a field that the object lacks."""
    message = (
        f"No such column '{name}' on entity '{entity}'. If you are attempting to use"
        " a custom field, be sure to append the '__c' after the custom field name."
        " Please reference your WSDL or the describe call for the appropriate names."
    )
    return UnknownNameError("INVALID_FIELD", name, message)


def no_such_relationship(name: str) -> RequestRefusedError:
    """Build the refusal of a query that follows what is no relationship."""
    message = (
        f"Didn't understand relationship '{name}' in field path. If you are attempting"
        " to use a custom relationship, be sure to append the '__r' after the custom"
        " relationship name. Please reference your WSDL or the describe call for the"
        " appropriate names."
    )
    return UnknownNameError("INVALID_FIELD", name, message)


def no_such_object(name: str) -> RequestRefusedError:
    """Build the refusal of a query for records of what is no object."""
    message = (
        f"sObject type '{name}' is not supported. If you are attempting to use a"
        " custom object, be sure to append the '__c' after the entity name. Please"
        " reference your WSDL or the describe call for the appropriate names."
    )
    return UnknownNameError("INVALID_TYPE", name, message)


def no_such_column(name: str, object_name: str) -> RequestRefusedError:
    """Build the refusal of a field that the object doesn't have."""
    message = f"No such column '{name}' on sobject of type {object_name}"
    return bad_request("INVALID_FIELD", message)
