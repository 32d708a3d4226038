"""What describe says, generated from the objects (REST API Developer Guide,
"sObject Describe" and "Describe Global")."""

from collections.abc import Iterable
from typing import Final

from connector.sandbox.salesforce.checks import WIRE_TYPES
from connector.sandbox.salesforce.schema.shape import Field, Object

PRECISION: Final = {"currency": 18, "double": 18, "percent": 18}
LOOKED_UP_BY: Final = {"id", "email"}
"""Types of fields that lookups find records by even without being a key."""


def describe_all(shapes: Iterable[Object], data: str) -> dict[str, object]:
    """Describe all objects in short; ``data`` is the version's path."""
    return {
        "encoding": "UTF-8",
        "maxBatchSize": 200,
        "sobjects": [_short(shape, data) for shape in shapes],
    }


def describe(shape: Object, data: str) -> dict[str, object]:
    """Describe one object with all its fields."""
    return {
        **_short(shape, data),
        "fields": [_field(shape, field) for field in shape.fields.values()],
        "childRelationships": [],
        "recordTypeInfos": [],
    }


def _short(shape: Object, data: str) -> dict[str, object]:
    base = f"{data}/sobjects/{shape.name}"
    return {
        "name": shape.name,
        "label": shape.label,
        "labelPlural": f"{shape.label}s",
        "keyPrefix": shape.prefix,
        "custom": shape.name.endswith("__c"),
        "createable": shape.createable,
        "updateable": shape.createable,
        "deletable": shape.deletable,
        "mergeable": shape.mergeable,
        "queryable": True,
        "retrieveable": True,
        "searchable": True,
        "urls": {
            "sobject": base,
            "describe": f"{base}/describe",
            "rowTemplate": f"{base}/{{ID}}",
        },
    }


def _field(shape: Object, field: Field) -> dict[str, object]:
    return {
        "name": field.name,
        "label": field.label,
        "type": field.type,
        "soapType": _soap_type(field),
        "length": field.length,
        "byteLength": field.length * 3,
        "digits": field.digits,
        "precision": PRECISION.get(field.type, 0),
        "scale": 2 if field.type in PRECISION else 0,
        "nameField": field.name == shape.name_field,
        **_rights(field),
        **_keys(field),
        "restrictedPicklist": field.restricted,
        "picklistValues": [_choice(field, value) for value in field.choices],
        "referenceTo": list(field.references),
        "relationshipName": field.relationship,
        "polymorphicForeignKey": field.polymorphic,
    }


def _rights(field: Field) -> dict[str, object]:
    given = field.name == "OwnerId" or field.auto_number
    defaulted = field.default is not None or given
    lasting = field.type in {"boolean", "id"} or field.auto_number
    nillable = not (field.required or lasting)
    return {
        "createable": field.createable,
        "updateable": field.updateable,
        "nillable": nillable,
        "defaultedOnCreate": defaulted,
        "defaultValue": field.default,
        "calculated": field.calculated,
        "autoNumber": field.auto_number,
        "custom": field.custom,
        "filterable": field.filterable,
        "sortable": field.filterable,
        "groupable": field.filterable,
    }


def _keys(field: Field) -> dict[str, object]:
    return {
        "externalId": field.external_id,
        "unique": field.unique,
        "caseSensitive": field.case_sensitive,
        "idLookup": field.external_id or field.type in LOOKED_UP_BY,
    }


def _choice(field: Field, value: str) -> dict[str, object]:
    return {
        "value": value,
        "label": value,
        "active": True,
        "defaultValue": value == field.default,
    }


def _soap_type(field: Field) -> str:
    if field.type in {"id", "reference"}:
        return "tns:ID"
    wire = WIRE_TYPES.get(field.type, "string")
    return f"xsd:{'dateTime' if wire == 'datetime' else wire}"
