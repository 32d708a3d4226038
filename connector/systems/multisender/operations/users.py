"""Who may use the API: logging in, and subusers."""

from typing import Final

from connector.systems.multisender.operations.params import texts
from connector.systems.multisender.operations.section import Section
from connector.transport.operation import Operation, Param

# The document says nothing of what is sent: this is what comes back, but for what
# Multisender makes itself.
_SUBUSER: Final = texts(
    "username", "email", "firstName", "lastName", "company", "phone"
)

_login, _subusers = Section("Login"), Section("Subusers")

OPERATIONS: Final[tuple[Operation, ...]] = (
    _login.post(
        "log_in",
        "login",
        Param(name="email", required=True),
        Param(name="password", required=True),
        once=False,
    ),
    _subusers.get("list_subusers", "subusers"),
    _subusers.get("get_subuser", "subusers/{subuserId}"),
    _subusers.post("create_subuser", "subusers", *_SUBUSER),
    _subusers.put("update_subuser", "subusers/{subuserId}", *_SUBUSER),
    _subusers.delete("delete_subuser", "subusers/{subuserId}"),
)
