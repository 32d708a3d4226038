"""The dials in the state: at what cost, by many at once, in a file of before."""

import multiprocessing
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from sqlite_utils import Database

from connector.clock import SystemClock
from connector.model import DialState
from connector.state.migrations import migrations
from connector.state.store import Store
from connector.testing import ManualClock
from tests.state.dialled import AGENT, FLOW, NOW, NUMBER, dial, forget, near, put

QUESTIONS: dict[str, Callable[[Store], object]] = {
    "dial": lambda store: store.dial("1"),
    "latest of a record": lambda store: store.latest_dial("00T1"),
    "latest of a record without one": lambda store: store.latest_dial("00T2"),
    "latest": lambda store: store.dials(limit=5),
    "left": lambda store: store.dials_left(FLOW, NOW),
    "to show": lambda store: store.dials_to_show(FLOW, NOW, 5),
    "near": lambda store: near(store, NUMBER, AGENT),
    "near nothing": near,
    "forget": lambda store: forget(store, NOW),
}


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A state with many dials of the same number, agent and record, long over."""
    path = tmp_path_factory.mktemp("full") / "state.db"
    placed = replace(dial(), state=DialState.PLACED, dialled_at=NOW, shown=True)
    old = replace(placed, number=NUMBER, agent=AGENT)
    with Store(path, ManualClock(NOW)) as store:
        put(store, *(replace(old, request_id=f"{n}") for n in range(3000)))
        put(store, dial("left"), replace(dial("to show"), state=DialState.EXPIRED))
        yield store


@pytest.mark.parametrize("question", QUESTIONS)
def test_old_dials_cost_nothing(full: Store, question: str) -> None:
    """Counted in steps of SQLite's machine: one row that is looked at takes several."""
    steps: Counter[str] = Counter()
    connection: sqlite3.Connection = full.db.conn
    connection.set_progress_handler(lambda: steps.update([question]), 1)

    QUESTIONS[question](full)

    connection.set_progress_handler(None, 0)
    assert 0 < steps[question] < 1000


TIMES = 40


def _press(path: Path, worker: str) -> None:
    """Take each request that nobody has taken, as the engine does."""
    with Store(path, SystemClock()) as store:
        for each in range(TIMES):
            with store.writing(durable=True) as tx:
                if tx.dial(f"{each}") is None:
                    tx.put_dial(replace(dial(f"{each}"), worker=worker))
            with store.writing() as tx:
                taken = tx.dial(f"{each}") or dial()
                tx.put_dial(replace(taken, attempts=taken.attempts + 1))


def test_threads_and_processes_at_once_take_a_request_once(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    context = multiprocessing.get_context("spawn")
    workers: list[threading.Thread | BaseProcess] = [
        *(context.Process(target=_press, args=(path, f"p{n}")) for n in range(2)),
        *(threading.Thread(target=_press, args=(path, f"t{n}")) for n in range(2)),
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    with Store(path, SystemClock()) as store:
        found = store.dials()
    assert sorted(each.request_id for each in found) == sorted(
        f"{each}" for each in range(TIMES)
    )
    assert {each.attempts for each in found} == {4}
    assert all(each.worker for each in found)


def test_a_file_from_before_dials_gets_their_table_and_keeps_the_rest(
    tmp_path: Path,
) -> None:
    path = tmp_path / "state.db"
    connection = sqlite3.connect(path, isolation_level=None)
    migrations.apply(Database(connection), stop_before="click_to_call")
    connection.execute("insert into cursors values (?, 'here', 0)", [FLOW])
    tables = connection.execute("select name from sqlite_master").fetchall()
    connection.close()

    for _ in range(2):
        with Store(path, ManualClock(NOW)) as store:
            put(store, dial())
            assert store.dial("r1") == replace(dial(), noted_at=NOW)
            assert store.cursor(FLOW) == "here"
    assert ("dials",) not in tables
