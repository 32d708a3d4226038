"""Accounts, who are the people to write to and call; filters of them; groups."""

from collections.abc import Callable, Mapping
from typing import Final

from connector.systems.multisender.operations.params import each, texts
from connector.systems.multisender.operations.section import Part, Section
from connector.transport.jsontext import Json
from connector.transport.operation import Operation, Param, Rule, Values

OPERATORS: Final = ("==", "!=", ">", "<", ">=", "<=", "in", "contains")
_WRITABLE: Final = (
    *("firstName", "lastName", "nickName", "phone", "email", "address", "zip"),
    *("city", "companyName", "website", "note", "area", "gender"),
)
FIELDS: Final = ("accountId", *_WRITABLE, "yearOfBirth", "updatedAt", "createdAt")
"""Of an account; all but ``yearOfBirth`` are strings."""

_ACCOUNT: Final[tuple[Param, ...]] = (
    *texts(*_WRITABLE),
    Param(name="yearOfBirth", kind="integer"),
)


def _all(test: Callable[[Mapping[str, Json]], bool], refusal: str) -> Rule:
    """Return a rule that each filter keeps."""

    def kept(values: Values) -> bool:
        return all(test(one) for one in each(values, "filters"))

    return Rule(name="filters", kept=kept, refusal=f"filters: {refusal}")


def _has_value(one: Mapping[str, Json]) -> bool:
    return isinstance(one.get("value"), str | int | float | list)


def _list_for_in(one: Mapping[str, Json]) -> bool:
    return isinstance(one.get("value"), list) == (one.get("operator") == "in")


def _text_for_contains(one: Mapping[str, Json]) -> bool:
    is_text = isinstance(one.get("value"), str) and one.get("field") != "yearOfBirth"
    return is_text or one.get("operator") != "contains"


_FILTERS: Final[tuple[Part, ...]] = (
    Param(name="filters", kind="list", required=True),
    Param(name="filters[].field", required=True, choices=FIELDS),
    Param(
        name="filters[].operator",
        required=True,
        choices=OPERATORS,
        refusal=f"{{name}}: Allowed operators are {', '.join(OPERATORS)}",
    ),
    _all(_has_value, "Each object must have field, operator and value properties"),
    _all(_list_for_in, "in-operator requires array value, and no other takes one"),
    _all(_text_for_contains, "contains-operator only operates on string fields"),
)
_GROUP: Final = (
    Param(name="name", required=True),
    Param(name="description", required=True),
)

_accounts, _filters, _groups = (
    Section("Accounts"),
    Section("Filters"),
    Section("Groups"),
)

OPERATIONS: Final[tuple[Operation, ...]] = (
    _accounts.get("list_accounts", "accounts"),
    _accounts.get("get_account", "accounts/{accountId}"),
    _accounts.post("create_account", "accounts", *_ACCOUNT),
    _accounts.put("update_account", "accounts/{accountId}", *_ACCOUNT),
    _accounts.delete("delete_account", "accounts/{accountId}"),
    # One operation with two parameters. They are kept apart, so that nobody deletes
    # all accounts by leaving something out.
    _accounts.delete("delete_all_accounts", "accounts?all"),
    _accounts.delete(
        "delete_filtered_accounts",
        "accounts",
        Param(name="filterId", kind="integer", place="query", required=True),
    ),
    _filters.post("create_account_filter", "accounts/filters", *_FILTERS),
    _filters.get("list_account_filters", "accounts/filters"),
    _filters.get("get_account_filter", "accounts/filters/{filterId}"),
    _filters.delete("delete_account_filter", "accounts/filters/{filterId}"),
    _groups.get("list_group_accounts", "groups/{groupId}/accounts"),
    _groups.post(
        "add_group_accounts",
        "groups/{groupId}/accounts",
        Param(name="accountIds", kind="list", place="whole", required=True),
        Param(name="accountIds[].accountId", place="whole", required=True),
        once=False,  # "Accounts already in the group will be ignored"
    ),
    _groups.delete("remove_group_account", "groups/{groupId}/{accountId}"),
    _groups.get("list_groups", "groups"),
    _groups.get("get_group", "groups/{groupId}"),
    _groups.post("create_group", "groups", *_GROUP),
    _groups.put("update_group", "groups/{groupId}", *_GROUP),
    _groups.delete("delete_group", "groups/{groupId}"),
)
