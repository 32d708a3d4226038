"""Who would be made, for previews: once a number, and nobody is made."""

from collections.abc import Mapping

from connector.engine.linker import Recipe
from connector.engine.pretending import NEW, Newcomer, Pretender
from connector.errors import RecordError
from connector.mapping.faults import Place
from connector.mapping.flow import Making
from connector.model import Payload

NUMBER, OTHER = "+919988776655", "+14155550100"


def payload(fields: Mapping[str, object]) -> Payload:
    """A lead's fields, from a call."""
    if fields["name"] == "too long":
        raise RecordError("LastName: 99 characters, 80 fit")
    return {"FirstName": "Ada", "LastName": str(fields["name"])}


def pretender(key: str | None = None) -> Pretender:
    making = Making(object="Lead", place=Place(1, 1), key=key, fields=())
    return Pretender(recipe=Recipe(making=making, phone=None, payload=payload))


def test_somebody_is_named_who_would_be_made_with_the_key() -> None:
    maker = pretender("Key__c")

    made = maker.make({NUMBER: {"name": "Rao"}})

    person = made.people[NUMBER]
    assert (person.crm_id, person.object, person.name) == (NEW, "Lead", "Ada Rao")
    fields: Payload = {"FirstName": "Ada", "LastName": "Rao", "Key__c": NUMBER}
    assert maker.newcomer(NUMBER) == Newcomer(object="Lead", fields=fields)


def test_a_number_is_told_once_and_as_its_first_call_has_it() -> None:
    maker = pretender()
    maker.make({NUMBER: {"name": "first"}, OTHER: {"name": "other"}})
    maker.make({NUMBER: {"name": "second"}})

    told = [maker.newcomer(number) for number in (NUMBER, NUMBER, OTHER)]

    names = [each and each.fields["LastName"] for each in told]
    assert names == ["first", None, "other"]


def test_who_could_not_be_made_is_told_with_the_reason() -> None:
    made = pretender().make({NUMBER: {"name": "too long"}, OTHER: {"name": "Rao"}})

    assert made.refused == {NUMBER: "LastName: 99 characters, 80 fit"}
    assert [*made.people] == [OTHER]
