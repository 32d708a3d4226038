"""The document's examples: accounts, filters, groups, login and subusers."""

from tests.systems.multisender.example import (
    PHONE,
    STAMPS,
    Example,
    Json,
    deleted,
)

NEW: Json = {
    "firstName": "Aino",
    "lastName": "Virtanen",
    "nickName": "Ainu",
    "phone": PHONE,
    "email": "aino@virtanen.example",
    "address": "Katu 1",
    "zip": "00100",
    "city": "Helsinki",
    "companyName": "Virtanen Oy",
    "website": "http://virtanen.example",
    "note": "Calls back",
    "area": "south",
    "gender": "female",
    "yearOfBirth": 1980,
}
ACCOUNT = {"accountId": "1", **NEW, **STAMPS}
FILTERS = [
    {"field": "firstName", "operator": "contains", "value": "somestring"},
    {"field": "zip", "operator": ">=", "value": "00001"},
    {"field": "zip", "operator": "<=", "value": "100000"},
    {"field": "city", "operator": "in", "value": ["city", "town", "village"]},
]
FILTER = {"filterId": 1, "filters": FILTERS, **STAMPS}
VIP = {"name": "VIP", "description": "Best"}
GROUP = {"groupId": "1", **VIP, **STAMPS, "numberOfAccounts": 0}
MEMBER = {"groupId": "1", "accountId": "2", "firstName": "Aino", **STAMPS}
USER = {
    "username": "kim",
    "email": "kim@sandbox.example",
    "firstName": "Kim",
    "lastName": "Laine",
    "company": "Sandbox",
    "phone": PHONE,
}
SUBUSER = {"subuserId": 1, **USER, "authToken": "123xyz", **STAMPS}

ACCOUNTS = (
    Example(
        name="list_accounts",
        call=lambda client: client.list_accounts(),
        sent=("GET", "accounts", None),
        answer=[ACCOUNT, ACCOUNT],
    ),
    Example(
        name="get_account",
        call=lambda client: client.get_account(1),
        sent=("GET", "accounts/1", None),
        answer=ACCOUNT,
    ),
    Example(
        name="create_account",
        call=lambda client: client.create_account(NEW),
        sent=("POST", "accounts", NEW),
        status=201,
        answer=ACCOUNT,
    ),
    Example(
        name="update_account",
        call=lambda client: client.update_account("1", NEW),
        sent=("PUT", "accounts/1", NEW),
        answer=ACCOUNT,
    ),
    deleted("delete_account", "accounts/1", lambda client: client.delete_account("1")),
    deleted(
        "delete_all_accounts",
        "accounts?all",
        lambda client: client.delete_all_accounts(),
    ),
    deleted(
        "delete_filtered_accounts",
        "accounts?filterId=1",
        lambda client: client.delete_filtered_accounts(1),
    ),
)
ACCOUNT_FILTERS = (
    Example(
        name="create_account_filter",
        call=lambda client: client.create_account_filter({"filters": FILTERS}),
        sent=("POST", "accounts/filters", {"filters": FILTERS}),
        status=201,
        answer=FILTER,
    ),
    Example(
        name="list_account_filters",
        call=lambda client: client.list_account_filters(),
        sent=("GET", "accounts/filters", None),
        answer=[FILTER, FILTER],
    ),
    Example(
        name="get_account_filter",
        call=lambda client: client.get_account_filter(1),
        sent=("GET", "accounts/filters/1", None),
        answer=FILTER,
    ),
    Example(
        name="delete_account_filter",
        call=lambda client: client.delete_account_filter(1),
        sent=("DELETE", "accounts/filters/1", None),
        status=201,
        answer=FILTER,
        gives=None,
    ),
)
GROUPS = (
    Example(
        name="list_group_accounts",
        call=lambda client: client.list_group_accounts(1),
        sent=("GET", "groups/1/accounts", None),
        answer=[MEMBER, MEMBER],
    ),
    Example(
        name="add_group_accounts",
        call=lambda client: client.add_group_accounts(1, ["2", 3]),
        sent=("POST", "groups/1/accounts", [{"accountId": "2"}, {"accountId": "3"}]),
        status=201,
        answer=[
            {"groupId": "1", "accountId": "2"},
            {"groupId": "1", "accountId": "3"},
        ],
    ),
    deleted(
        "remove_group_account",
        "groups/1/2",
        lambda client: client.remove_group_account(1, 2),
    ),
    Example(
        name="list_groups",
        call=lambda client: client.list_groups(),
        sent=("GET", "groups", None),
        answer=[GROUP, GROUP],
    ),
    Example(
        name="get_group",
        call=lambda client: client.get_group(1),
        sent=("GET", "groups/1", None),
        answer=GROUP,
    ),
    Example(
        name="create_group",
        call=lambda client: client.create_group(VIP),
        sent=("POST", "groups", VIP),
        status=201,
        answer=GROUP,
    ),
    Example(
        name="update_group",
        call=lambda client: client.update_group(1, VIP),
        sent=("PUT", "groups/1", VIP),
        answer=GROUP,
    ),
    deleted("delete_group", "groups/1", lambda client: client.delete_group(1)),
)
USERS = (
    Example(
        name="log_in",
        call=lambda client: client.log_in("a@b.example", "guess"),
        sent=("POST", "login", {"email": "a@b.example", "password": "guess"}),
        status=201,
        answer={"authToken": "123xyz"},
        gives="123xyz",
    ),
    Example(
        name="list_subusers",
        call=lambda client: client.list_subusers(),
        sent=("GET", "subusers", None),
        answer=[SUBUSER, SUBUSER],
    ),
    Example(
        name="get_subuser",
        call=lambda client: client.get_subuser(1),
        sent=("GET", "subusers/1", None),
        answer=SUBUSER,
    ),
    Example(
        name="create_subuser",
        call=lambda client: client.create_subuser(USER),
        sent=("POST", "subusers", USER),
        status=201,
        answer=SUBUSER,
    ),
    Example(
        name="update_subuser",
        call=lambda client: client.update_subuser(1, USER),
        sent=("PUT", "subusers/1", USER),
        answer=SUBUSER,
    ),
    deleted("delete_subuser", "subusers/1", lambda client: client.delete_subuser(1)),
)
PEOPLE = (*ACCOUNTS, *ACCOUNT_FILTERS, *GROUPS, *USERS)
