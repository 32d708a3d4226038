"""Trouble on purpose does what it says, over real connections."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connector.sandbox.faults import Fault, Faults, with_faults
from connector.sandbox.server import Server

BODY = {"written": "x" * 1000}


@dataclass
class System:
    """A tiny system that writes down what reaches it."""

    faults: Faults = field(default_factory=Faults)
    written: list[object] = field(default_factory=list)
    rows: list[object] = field(default_factory=list)
    wrote: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    async def write(self, request: Request) -> Response:
        self.written.append(await request.json())
        self.rows.append(request.scope.get("sandbox.rows"))
        self.wrote.set()
        return JSONResponse(BODY)


@pytest.fixture
def system() -> Iterator[System]:
    system = System()
    app = Starlette(routes=[Route("/things/{id}", system.write, methods=["POST"])])
    with Server(with_faults(app, system.faults)) as server:
        system.url = server.url
        yield system


@pytest.fixture
def client(system: System) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=system.url, trust_env=False) as client:
        yield client


def post(client: httpx.Client, path: str = "/things/1") -> httpx.Response:
    return client.post(path, json={"name": "a"})


def test_without_faults_the_system_answers_for_itself(
    system: System, client: httpx.Client
) -> None:
    answer = post(client)

    assert answer.json() == BODY
    assert system.written == [{"name": "a"}]


def test_a_fault_answers_in_place_of_the_system_and_is_gone(
    system: System, client: httpx.Client
) -> None:
    system.faults.add(
        Fault("things", status=503, headers={"retry-after": "7"}, body="busy")
    )

    hit, next_one = post(client), post(client)

    assert (hit.status_code, hit.headers["retry-after"], hit.text) == (503, "7", "busy")
    assert next_one.status_code == 200
    assert len(system.written) == 1


def test_a_body_alone_answers_with_200(system: System, client: httpx.Client) -> None:
    system.faults.add(
        Fault("things", body="<html>", headers={"Content-Type": "text/html"})
    )

    answer = post(client)

    assert (answer.status_code, answer.text) == (200, "<html>")
    assert answer.headers.get_list("content-type") == ["text/html"]


def test_a_fault_lets_some_requests_pass_and_hits_as_many_as_it_says(
    system: System, client: httpx.Client
) -> None:
    system.faults.add(Fault("things", skip=2, times=2, status=500))

    statuses = [post(client).status_code for _ in range(6)]

    assert statuses == [200, 200, 500, 500, 200, 200]


def test_a_fault_for_ever_ends_when_it_is_cleared(
    system: System, client: httpx.Client
) -> None:
    system.faults.add(Fault("things", times=-1, status=500))
    before = [post(client).status_code for _ in range(5)]

    system.faults.clear()

    assert before == [500] * 5
    assert post(client).status_code == 200


def test_a_fault_hits_only_its_method_and_path(
    system: System, client: httpx.Client
) -> None:
    system.faults.add(Fault(r"/things/2$", method="POST", status=500))
    system.faults.add(Fault("things", method="DELETE", status=500))

    assert post(client, "/things/1").status_code == 200
    assert post(client, "/things/2").status_code == 500


def test_a_connection_cut_before_leaves_nothing_written(
    system: System, client: httpx.Client
) -> None:
    system.faults.add(Fault("things", cut="before"))

    with pytest.raises(httpx.TransportError):
        post(client)

    assert system.written == []
    assert system.faults.requests[-1].status == 0


def test_a_connection_cut_after_leaves_the_write_applied(
    system: System, client: httpx.Client
) -> None:
    system.faults.add(Fault("things", cut="after"))

    with pytest.raises(httpx.TransportError):
        post(client)

    assert system.written == [{"name": "a"}]


def test_half_an_answer_says_200_and_ends_in_the_middle(
    system: System, client: httpx.Client
) -> None:
    system.faults.add(Fault("things", cut="half"))
    received: list[bytes] = []

    with client.stream("POST", "/things/1", json={"name": "a"}) as answer:
        parts = answer.iter_raw()
        with pytest.raises(httpx.TransportError):
            received.extend(parts)

    assert answer.status_code == 200
    assert len(b"".join(received)) == int(answer.headers["content-length"]) // 2
    assert system.written == [{"name": "a"}]


def test_a_delay_longer_than_the_client_waits_still_writes(
    system: System, client: httpx.Client
) -> None:
    system.faults.add(Fault("things", delay=0.2))

    with pytest.raises(httpx.ReadTimeout):
        client.post("/things/1", json={"name": "late"}, timeout=0.05)

    assert system.wrote.wait(5)
    assert system.written == [{"name": "late"}]


def test_rows_are_handed_to_the_system(system: System, client: httpx.Client) -> None:
    system.faults.add(Fault("things", rows={"3": "LOCKED"}))

    post(client)
    post(client)

    assert system.rows == [{"3": "LOCKED"}, None]


def test_every_request_is_counted_and_written_down(
    system: System, client: httpx.Client
) -> None:
    system.faults.add(Fault("2", status=418))

    post(client, "/things/1")
    post(client, "/things/2")
    client.get("/things/1")

    assert system.faults.counts == {
        ("POST", "/things/1"): 1,
        ("POST", "/things/2"): 1,
        ("GET", "/things/1"): 1,
    }
    assert [r.status for r in system.faults.requests] == [200, 418, 405]
    assert [r.size for r in system.faults.requests] == [12, 12, 0]
    starts = [r.started for r in system.faults.requests]
    assert starts == sorted(starts)


def test_latency_holds_every_request_back(system: System, client: httpx.Client) -> None:
    system.faults.latency = 0.05

    answers = [post(client) for _ in range(2)]

    assert all(a.elapsed.total_seconds() >= 0.05 for a in answers)


def test_another_process_can_make_trouble_and_count(
    system: System, client: httpx.Client
) -> None:
    armed = client.post(
        "/sandbox/faults", json={"path": "things", "times": 2, "status": 500}
    )
    struck = post(client).status_code
    cleared = client.delete("/sandbox/faults")

    assert (armed.status_code, cleared.status_code) == (204, 204)
    assert (struck, post(client).status_code) == (500, 200)
    assert client.get("/sandbox/requests").json() == {"POST /things/1": 2}


@pytest.mark.parametrize("fault", ['{"paths": "x"}', "{", "[]"])
def test_a_fault_that_cannot_be_read_is_refused(
    system: System, client: httpx.Client, fault: str
) -> None:
    assert client.post("/sandbox/faults", content=fault).status_code == 400


def test_a_stopped_server_drops_what_waits_and_frees_its_port() -> None:
    faults = Faults()
    faults.add(Fault(".", delay=60))
    seen = threading.Event()
    failed: list[httpx.TransportError] = []

    async def app(*_: object) -> None:
        raise AssertionError

    def ask() -> None:
        seen.set()
        try:
            httpx.get(server.url, trust_env=False)
        except httpx.TransportError as error:
            failed.append(error)

    server = Server(with_faults(app, faults))
    thread = threading.Thread(target=ask)
    thread.start()
    seen.wait()
    server.stop()
    thread.join()
    port = int(server.url.rpartition(":")[2])

    with Server(app, port=port) as again:
        assert again.url == server.url
    assert len(failed) == 1


def test_a_port_that_is_taken_is_refused_at_once() -> None:
    with Server(Response("here")) as first:
        port = int(first.url.rpartition(":")[2])

        with pytest.raises(OSError, match="in use"):
            Server(Response("me too"), port=port)
