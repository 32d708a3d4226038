"""Tokens to a query (SOQL Reference, "SOQL SELECT Syntax")."""

from collections.abc import Iterator
from typing import Final

from connector.sandbox.salesforce.moments import read_date, read_datetime
from connector.sandbox.salesforce.soql.lexer import Token, malformed, tokens, unquoted
from connector.sandbox.salesforce.soql.syntax import (
    Combination,
    Comparison,
    Condition,
    Negation,
    Order,
    Path,
    Select,
    TypeOf,
    Value,
)

COMPARATORS: Final = {"=", "!=", "<", "<=", ">", ">=", "LIKE"}
CONSTANTS: Final = {
    "NULL": Value("null", None),
    "TRUE": Value("boolean", value=True),
    "FALSE": Value("boolean", value=False),
}
HIGHEST_OFFSET: Final = 2000
LONGEST_STRING: Final = 4000
CLAUSES: Final = {"WHERE", "ORDER", "LIMIT", "OFFSET", "GROUP", "FOR", "ALL", "WITH"}


def parse(text: str) -> Select:
    """Read a query; refused with MALFORMED_QUERY."""
    return _Parser(tokens(text)).select()


class _Parser:
    def __init__(self, stream: Iterator[Token]) -> None:
        self._stream = stream
        self._next = next(stream)

    def select(self) -> Select:
        self._want("SELECT")
        fields = self._selected()
        self._want("FROM")
        name = self._name()
        where = self._condition() if self._take("WHERE") else None
        query = Select(
            fields=fields,
            object=".".join(name),
            where=where,
            order=self._order(),
            limit=self._whole() if self._take("LIMIT") else None,
            offset=self._whole() if self._take("OFFSET") else 0,
        )
        if self._next.kind != "end":
            raise self._unexpected()
        if query.offset > HIGHEST_OFFSET:
            raise malformed(f"Maximum SOQL offset allowed is {HIGHEST_OFFSET}")
        return query

    def _selected(self) -> tuple[Path | TypeOf, ...]:
        if self._next.word == "COUNT":
            self._advance()
            self._want("(")
            self._want(")")
            return ()
        selected = [self._one_selected()]
        while self._take(","):
            selected.append(self._one_selected())
        return tuple(selected)

    def _one_selected(self) -> Path | TypeOf:
        return self._type_of() if self._take("TYPEOF") else self._name()

    def _type_of(self) -> TypeOf:
        (relationship,) = self._name()
        cases = []
        while self._take("WHEN"):
            (name,) = self._name()
            self._want("THEN")
            cases.append((name, self._names()))
        otherwise = self._names() if self._take("ELSE") else ()
        self._want("END")
        if not cases:
            raise malformed("TYPEOF needs at least one WHEN")
        return TypeOf(relationship, tuple(cases), otherwise)

    def _names(self) -> tuple[Path, ...]:
        names = [self._name()]
        while self._take(","):
            names.append(self._name())
        return tuple(names)

    def _condition(self) -> Condition:
        """AND and OR may be mixed only with parentheses, as in the original."""
        parts = [self._factor()]
        joint = self._next.word
        while joint in {"AND", "OR"} and self._take(joint):
            parts.append(self._factor())
        if self._next.word in {"AND", "OR"}:
            raise self._unexpected()
        if len(parts) == 1:
            return parts[0]
        return Combination(joint == "AND", tuple(parts))

    def _factor(self) -> Condition:
        if self._take("NOT"):
            return Negation(self._factor())
        if self._take("("):
            inner = self._condition()
            self._want(")")
            return inner
        return self._comparison()

    def _comparison(self) -> Comparison:
        path, operator = self._name(), self._next.word
        if self._take("NOT"):
            self._want("IN")
            return Comparison(path, "NOT IN", self._values())
        if self._take("IN"):
            return Comparison(path, "IN", self._values())
        if operator not in COMPARATORS:
            raise self._unexpected()
        self._advance()
        return Comparison(path, operator, (self._value(like=operator == "LIKE"),))

    def _values(self) -> tuple[Value, ...]:
        self._want("(")
        values = [self._value()]
        while self._take(","):
            values.append(self._value())
        self._want(")")
        return tuple(values)

    def _value(self, *, like: bool = False) -> Value:
        token = self._advance()
        match token.kind:
            case "string":
                return Value("string", _short(unquoted(token.text, like=like)))
            case "number":
                return Value("number", float(token.text))
            case "date":
                return Value("date", _known(read_date(token.text), token))
            case "datetime":
                return Value("datetime", _known(read_datetime(token.text), token))
            case _:
                return _constant(token)

    def _order(self) -> tuple[Order, ...]:
        if not self._take("ORDER"):
            return ()
        self._want("BY")
        order = [self._one_order()]
        while self._take(","):
            order.append(self._one_order())
        return tuple(order)

    def _one_order(self) -> Order:
        """Nothing counts as less than anything, unless it is said otherwise."""
        path = self._name()
        descending = self._take("DESC")
        if not descending:
            self._take("ASC")
        nulls_first = not descending
        if self._take("NULLS"):
            nulls_first = self._take("FIRST")
            if not nulls_first:
                self._want("LAST")
        return Order(path, descending, nulls_first)

    def _whole(self) -> int:
        token = self._advance()
        if not token.text.isdigit():
            raise _unexpected(token)
        return int(token.text)

    def _name(self) -> Path:
        token = self._advance()
        if token.kind != "name" or token.word in CLAUSES:
            raise _unexpected(token)
        return tuple(token.text.split("."))

    def _take(self, word: str) -> bool:
        taken = self._next.kind != "string" and self._next.word == word
        if taken:
            self._advance()
        return taken

    def _want(self, word: str) -> None:
        if not self._take(word):
            raise self._unexpected()

    def _advance(self) -> Token:
        token = self._next
        if token.kind != "end":
            self._next = next(self._stream)
        return token

    def _unexpected(self) -> Exception:
        return _unexpected(self._next)


def _unexpected(token: Token) -> Exception:
    return malformed(f"unexpected token: '{token.text}' at column {token.at + 1}")


def _short(text: str) -> str:
    if len(text) > LONGEST_STRING:
        raise malformed(f"a string is longer than {LONGEST_STRING} characters")
    return text


def _constant(token: Token) -> Value:
    constant = CONSTANTS.get(token.word)
    if constant is None:
        raise _unexpected(token)
    return constant


def _known(moment: str | None, token: Token) -> str:
    if moment is None:
        raise _unexpected(token)
    return moment
