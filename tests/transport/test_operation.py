"""Operations as data: what is sent, and what is refused before it is."""

from typing import Any

import pytest

from connector.errors import RefusedError
from connector.transport.operation import Operation, Param, Rule
from connector.transport.request import Request, Upload

CALL = Operation(
    name="call",
    method="POST",
    path="v1/{account}/calls/",
    section="Calls",
    params=(
        Param(name="account", place="path", required=True),
        Param(name="from.agentId", fits=r"\d{1,11}", refusal="Agent Id exceeds"),
        Param(name="from.groups", kind="list", most=2),
        Param(name="to", kind="object", required=True, missing="{name}: who?"),
        Param(name="to.number", most=30),
        Param(name="tags[].name", required=True),
        Param(name="lang", choices=("en", "fi"), any_case=True),
        Param(name="page", kind="integer", least=1, most=9, place="query"),
        Param(name="dry", kind="boolean", place="query"),
        Param(name="ids", kind="list", place="query"),
        Param(name="since[from]", fits=r"\d+", place="query"),
        Param(name="id[]", kind="list", most=2, place="query"),
    ),
    rules=(
        Rule(
            name="from",
            kept=lambda v: bool(v["from"].get("groups")) != ("agentId" in v["from"]),
            refusal="Either agent or groups",
        ),
    ),
    once=True,
)
GOOD: dict[str, Any] = {
    "account": "a/b",
    "from": {"agentId": "12"},
    "to": {"number": "0207"},
}


def test_values_go_where_the_document_has_them() -> None:
    more = {"page": 2, "dry": True, "ids": ["x", "y"], "lang": "EN"}

    assert CALL.request(GOOD | more) == Request(
        method="POST",
        path="v1/a%2Fb/calls/",
        query=(("page", "2"), ("dry", "true"), ("ids", "x"), ("ids", "y")),
        json={"from": {"agentId": "12"}, "to": {"number": "0207"}, "lang": "EN"},
        once=True,
    )


@pytest.mark.parametrize(
    ("change", "parameter", "words"),
    [
        ({"from": {"agentId": "12a"}}, "from.agentId", "Agent Id exceeds"),
        ({"from": {"groups": ["1", "2", "3"]}}, "from.groups", "at most 2 items"),
        ({"to": None}, "to", "to: who?"),
        ({"to": {"number": 5}}, "to.number", "must be text"),
        ({"to": {"number": "5" * 31}}, "to.number", "at most 30 characters"),
        ({"tags": [{"name": "a"}, {"name": ""}]}, "tags[].name", "is required"),
        ({"lang": "sv"}, "lang", "one of en, fi"),
        ({"page": 0}, "page", "1 to 9"),
        ({"page": True}, "page", "must be integer"),
        ({"colour": "red"}, "colour", "has no parameter colour"),
        ({"from": {}}, "from", "Either agent or groups"),
        ({"account": ""}, "account", "account is required"),
        ({"since[from]": "x"}, "since[from]", "not as documented"),
        ({"id[]": ["1", "2", "3"]}, "id[]", "at most 2 items"),
    ],
)
def test_what_the_vendor_would_refuse_is_refused_before_it_leaves(
    change: dict[str, Any], parameter: str, words: str
) -> None:
    with pytest.raises(RefusedError, match=words) as caught:
        CALL.request(GOOD | change)

    assert (caught.value.parameter, caught.value.status) == (parameter, None)


def test_the_brackets_of_a_querys_names_are_sent_as_they_are() -> None:
    request = CALL.request(GOOD | {"since[from]": "5", "id[]": ["1", "2"]})

    assert request.query == (("since[from]", "5"), ("id[]", "1"), ("id[]", "2"))


def test_what_is_inside_an_object_that_is_not_given_is_not_missed() -> None:
    inside = Param(name="regarding.reference", required=True)

    assert list(inside.refusals({})) == []
    assert list(inside.refusals({"regarding": {}})) == [
        "regarding.reference is required"
    ]


def test_one_parameter_can_be_the_whole_body() -> None:
    add = Operation(
        name="add",
        method="POST",
        path="groups",
        section="",
        params=(Param(name="accounts", kind="list", place="whole", required=True),),
    )

    assert add.request({"accounts": [{"accountId": "1"}]}).json == [{"accountId": "1"}]


def test_a_form_has_fields_and_files() -> None:
    upload = Operation(
        name="upload",
        method="POST",
        path="voice_files",
        section="",
        params=(
            Param(name="name", place="form", required=True),
            Param(name="file", kind="file", place="file", required=True),
        ),
    )
    file = Upload(filename="a.mp3", content=b"...", content_type="audio/mpeg")

    request = upload.request({"name": "Hello", "file": file})

    assert (request.form, request.files, request.json) == (
        {"name": "Hello"},
        {"file": file},
        None,
    )


def test_a_body_that_may_be_empty_is_sent_as_an_object() -> None:
    find = Operation(
        name="find", method="POST", path="x", section="", params=(Param(name="a"),)
    )

    assert find.request({}).json == {}
