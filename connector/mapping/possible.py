"""Whether a dialer would ever place a call, by its own rules.

What is read from the record has a sample in its place.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import combinations

from connector.model import Call, CallValue, Objection, Parameter

Objects = Callable[[Call], Objection | None]
Known = Mapping[str, Parameter]

_PHONE = "+14155550123"
_SAMPLE = "1"


def sample(parameter: Parameter) -> CallValue:
    """Return what a record may well have for a parameter."""
    if parameter.kind == "list":
        return (_SAMPLE,)
    if parameter.choices:
        return parameter.choices[0]
    return _PHONE if parameter.kind == "phone" else _SAMPLE


def against_value(
    parameter: Parameter, text: str, known: Known, objects: Objects
) -> str:
    """Say what the dialer has against a value, rather than against any other."""
    call = {each.name: sample(each) for each in known.values()}
    value = (text,) if parameter.kind == "list" else text
    found = objects({**call, parameter.name: value})
    return "" if found is None or found == objects(call) else found.words


def against_all(
    call: Call, blank: Collection[str], known: Known, objects: Objects
) -> Iterator[tuple[str | None, str]]:
    """Yield why no call can be placed, or none that has one of its parameters.

    ``blank``: those that are left out where a record has nothing. Each comes with the
    parameter to blame, None where it is one that is missing.
    """
    found = objects(call)
    useless = _useless(call, blank, objects) if found else ()
    if found is None or not useless:
        return
    ever = len(useless) < len(call)
    about = useless[0] if ever else found.parameter
    yield next((name for name in call if _is(name, about)), None), found.words
    more = [] if ever else [name for name in known if _is_part(name, about)]
    for name in more:
        with_it = {**call, name: sample(known[name])}
        if name not in call and objects(with_it) != found:
            yield from against_all(with_it, blank, known, objects)
            return


def _useless(call: Call, blank: Collection[str], objects: Objects) -> tuple[str, ...]:
    """Return the parameters that no call can have that is placed."""
    useful: set[str] = set()
    for count in range(len(blank) + 1):
        for left_out in combinations(blank, count):
            kept = {name: call[name] for name in call if name not in left_out}
            if objects(kept) is None:
                useful |= kept.keys()
    return tuple(name for name in call if name not in useful)


def _is(name: str, about: str) -> bool:
    return about in (name, name.rpartition(".")[2])


def _is_part(name: str, about: str) -> bool:
    return name == about or name.startswith(f"{about}.")
