"""What several operations take: times, addresses, and who is written to or called."""

from collections.abc import Iterator, Mapping
from typing import Final

from connector.systems.multisender.operations.section import Part
from connector.transport.jsontext import Json
from connector.transport.operation import Param, Place, Rule, Values

WEEKDAYS: Final = (
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
)
_DAY: Final = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_CLOCK: Final = r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d"
_E164: Final = r"\+[1-9]\d{1,14}"


def texts(*names: str) -> tuple[Param, ...]:
    """Return optional texts."""
    return tuple(Param(name=name) for name in names)


def moment(name: str, *, required: bool = False) -> Param:
    """Return a date with a time."""
    refusal = "{name}: {value} is not of the format YYYY-MM-DD HH:MM:SS"
    fits = f"{_DAY} {_CLOCK}"
    return Param(name=name, required=required, fits=fits, refusal=refusal)


def clock(name: str) -> Param:
    """Return a required time of day."""
    refusal = "{name}: {value} is not of the format HH:MM:SS"
    return Param(name=name, required=True, fits=_CLOCK, refusal=refusal)


def address(name: str) -> Param:
    """Return the URL of a webhook."""
    return Param(name=name, fits=r"https?://\S+", refusal="{name} is not a URL")


def each(values: Values, name: str) -> Iterator[Mapping[str, Json]]:
    """Yield what is in a list; what is no object there, as an empty one."""
    found = values.get(name)
    for one in found if isinstance(found, list) else ():
        yield one if isinstance(one, Mapping) else {}


# ── who is written to ──────────────────────────────────────────────────────


def _one_of(keys: tuple[str, ...]) -> Rule:
    """Return the rule that each receiver has one of these, and nothing else."""
    refusal = f"receivers: Receiver can have either {_either(keys)}"
    return _receiver_rule(keys, 1, refusal)


def _any_of(keys: tuple[str, ...]) -> Rule:
    """Return the rule that each has some of these, and nothing else; ours.

    Of messages the document only has the example, which prints all of them.
    """
    refusal = f"receivers: each takes {_either(keys)}, and needs at least one of them"
    return _receiver_rule(keys, len(keys), refusal)


def _receiver_rule(keys: tuple[str, ...], most: int, refusal: str) -> Rule:
    def kept(values: Values) -> bool:
        return all(
            one.keys() <= set(keys)
            and 1 <= sum(one.get(key) not in (None, "") for key in keys) <= most
            for one in each(values, "receivers")
        )

    return Rule(name="receivers", kept=kept, refusal=refusal)


def _either(keys: tuple[str, ...]) -> str:
    return f"{', '.join(keys[:-1])} or {keys[-1]}"


def receivers(by: str) -> tuple[Part, ...]:
    """Return the receivers of a message: accounts, groups, or each ``by`` itself."""
    keys = ("accountId", "groupId", by)
    return (
        Param(name="receivers", kind="list"),
        *(Param(name=f"receivers[].{key}") for key in keys),
        _any_of(keys),
    )


def called(place: Place = "body") -> tuple[Part, ...]:
    """Return the receivers of a call: ``phone`` is in E.164 format."""
    phone = "{name}: {value} is not in E.164 format"
    return (
        Param(name="receivers", kind="list", place=place, required=True),
        Param(name="receivers[].accountId", place=place),
        Param(name="receivers[].groupId", place=place),
        Param(name="receivers[].phone", place=place, fits=_E164, refusal=phone),
        _one_of(("accountId", "groupId", "phone")),
    )


# ── when, and with which buttons ───────────────────────────────────────────


def _once_each(name: str, key: str) -> Rule:
    return Rule(
        name=name,
        kept=lambda values: _differ([one.get(key) for one in each(values, name)]),
        refusal=f"{name}: a {key} is there twice",
    )


def _differ(found: list[Json]) -> bool:
    return all(one not in found[:at] for at, one in enumerate(found))


ACTIVE: Final[tuple[Part, ...]] = (
    clock("activeFrom"),
    clock("activeTo"),
    Param(name="activeWeekdays", kind="list", required=True),
    Param(name="activeWeekdays[].weekday", required=True, choices=WEEKDAYS),
    Param(name="activeWeekdays[].active", required=True, choices=("1", "0")),
    _once_each("activeWeekdays", "weekday"),
)
BUTTONS: Final[tuple[Part, ...]] = (
    Param(name="actionButtons", kind="list", required=True),
    Param(
        name="actionButtons[].button",
        required=True,
        fits=r"\d",
        refusal="{name}: {value} is not valid. Valid buttons: 0-9",
    ),
    Param(
        name="actionButtons[].action",
        required=True,
        choices=("accept", "decline"),
        refusal="{name}: {value} is not valid. Valid actions: accept and decline",
    ),
    _once_each("actionButtons", "button"),
)
REDIALS_AND_META: Final[tuple[Part, ...]] = (
    Param(name="maxRedials", kind="integer", least=0),
    address("receiverWebhookUrl"),
    Param(name="meta", kind="object"),
)


def words_at_most(name: str, most: int) -> Rule:
    """Return the rule that a text has no more words than that."""
    return Rule(
        name=name,
        kept=lambda values: len(str(values.get(name, "")).split()) <= most,
        refusal=f"{name}: Maximum length is {most} words",
    )
