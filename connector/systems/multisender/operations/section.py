"""How the operations of one part of the document are written down."""

import re
from dataclasses import dataclass

from connector.transport.operation import Operation, Param, Rule

Part = Param | Rule

_ID = re.compile(r"\{(\w+)\}")
_FITS = r"[\w-]+"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the document. Ids in a path are required.

    What creates something is sent ``once``: done twice there would be two.
    """

    name: str

    def get(self, name: str, path: str) -> Operation:
        """Show one, or all there are."""
        return self._operation(name, "GET", path)

    def post(self, name: str, path: str, *parts: Part, once: bool = True) -> Operation:
        """Create one."""
        return self._operation(name, "POST", path, *parts, once=once)

    def put(self, name: str, path: str, *parts: Part) -> Operation:
        """Change one; done twice it is as changed once."""
        return self._operation(name, "PUT", path, *parts)

    def delete(self, name: str, path: str, *parts: Part) -> Operation:
        """Delete one, or several."""
        return self._operation(name, "DELETE", path, *parts)

    def _operation(
        self, name: str, method: str, path: str, *parts: Part, once: bool = False
    ) -> Operation:
        ids = (
            Param(name=found, place="path", required=True, fits=_FITS)
            for found in _ID.findall(path)
        )
        return Operation(
            name=name,
            method=method,
            path=path,
            section=self.name,
            params=(*ids, *(part for part in parts if isinstance(part, Param))),
            rules=tuple(part for part in parts if isinstance(part, Rule)),
            once=once,
        )
