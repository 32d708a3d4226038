"""The sandbox's Callyzer over HTTP: its operations, and its administration."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Protocol

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connector.sandbox.callyzer.answers import Answer
from connector.sandbox.callyzer.gate import Gate, asked, refused
from connector.sandbox.callyzer.operations import Operation
from connector.sandbox.callyzer.rules import RefusedError, attributes
from connector.sandbox.callyzer.webhooks import Failure

Records = Iterable[Mapping[str, object]]


class Administered(Protocol):
    """What another process may do to the sandbox, without being let in."""

    def add_all(self, records: Records) -> None:
        """Add calls."""

    def add_lead(self, record: Mapping[str, object]) -> object:
        """Add a lead."""

    def add_employee(self, record: Mapping[str, object]) -> object:
        """Add an employee."""

    def subscribe(
        self, url: str, secret: str, *, header: str = ..., hmac: bool = ...
    ) -> object:
        """Have calls posted."""

    @property
    def failures(self) -> list[Failure]:
        """What could not be posted."""


def routes(
    prefix: str, gate: Gate, answers: Mapping[Operation, Answer], account: Administered
) -> Starlette:
    """Serve the operations under ``prefix``, the administration under /sandbox."""
    return Starlette(
        routes=[
            *(
                _route(prefix, operation, answer, gate)
                for operation, answer in answers.items()
            ),
            *_administration(account),
        ]
    )


def _route(prefix: str, operation: Operation, answer: Answer, gate: Gate) -> Route:
    async def endpoint(request: Request) -> Response:
        refusal = gate.refusal(request)
        if refusal is not None:
            return refusal
        try:
            body = attributes(await asked(request), operation.parameters)
            return Response(answer(body), media_type="application/json")
        except RefusedError as error:
            return refused(400, str(error))

    return Route(prefix + operation.path, endpoint, methods=[operation.method])


def _administration(account: Administered) -> list[Route]:
    async def subscribe(request: Request) -> Response:
        account.subscribe(**await request.json())
        return Response(status_code=204)

    async def failures(_: Request) -> Response:
        return JSONResponse([asdict(failure) for failure in account.failures])

    return [
        _adding("calls", account.add_all),
        _adding("leads", lambda leads: [account.add_lead(lead) for lead in leads]),
        _adding("employees", lambda them: [account.add_employee(e) for e in them]),
        Route("/sandbox/webhooks", subscribe, methods=["POST"]),
        Route("/sandbox/webhooks", failures, methods=["GET"]),
    ]


def _adding(what: str, add: Callable[[Records], object]) -> Route:
    async def endpoint(request: Request) -> Response:
        add(await request.json())
        return Response(status_code=204)

    return Route(f"/sandbox/{what}", endpoint, methods=["POST"])
