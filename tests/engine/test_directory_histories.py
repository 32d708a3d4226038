"""Whatever happened before, the directory is as one that was loaded afresh."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)
from typing_extensions import override

from connector.engine import directory, stamps
from connector.errors import UnavailableError
from connector.mapping.flow import DirectoryFlow
from connector.model import Run, Unlinked
from connector.state import enlisting
from connector.state.store import Store
from connector.testing import ManualClock, PeopleCrm
from tests.e2e.mortal import Death, Fate, MortalStore, When
from tests.engine.registry import (
    CONTACT,
    LACKS,
    LEAD,
    USER,
    Registry,
    content,
    flow,
    indexed,
    shape,
)

NUMBERS = ("099887 76655", "+14155550100", "415 555 0100", "98765 43210", "n/a", None)
PLACES = ("India", "United States", None)
FILES: tuple[DirectoryFlow, ...] = (
    flow(CONTACT, LEAD, USER),
    flow(CONTACT, LEAD),
    flow(indexed("Contact", phones=("Phone",), country=None), LEAD, USER),
    flow(CONTACT, replace(LEAD, where=()), regions=("US",)),
    flow(replace(USER, keys=("Code__c",)), CONTACT),
)
NAMES = st.sampled_from(["Contact", "Lead", "User"])
IDS = st.sampled_from("abcde")
NUMBER = st.sampled_from(NUMBERS)
LATE = st.integers(0, 9)
WHEN: st.SearchStrategy[When] = st.sampled_from(["before", "after"])
WANTED: dict[str, dict[str, Any]] = {
    "Contact": {},
    "Lead": {"IsConverted": False},
    "User": {"IsActive": True},
}
GONE: dict[str, dict[str, Any]] = {
    "Contact": {"IsDeleted": True},
    "Lead": {"IsConverted": True, "ConvertedContactId": "0039"},
    "User": {"IsActive": False},
}
LEARNED = "+919988776655"


class Histories(RuleBasedStateMachine):
    """Anything that may happen to people, to the file and to whoever refreshes."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.clock = ManualClock()
        self.theirs = ManualClock()
        shapes = {name: shape(name) for name in LACKS}
        self.crm = PeopleCrm(shapes=shapes, clock=self.theirs)
        self.flow = FILES[0]

    @override
    def teardown(self) -> None:
        try:
            self.a_clean_refresh_makes_all_right()
        finally:
            self._folder.cleanup()

    @initialize(off=st.integers(-500, 500), tells=st.booleans())
    def the_crms_clock_is_wrong_or_ours_is(self, off: int, *, tells: bool) -> None:
        self.theirs.time += timedelta(minutes=off)
        self.crm.tells = tells

    # ── what people do ─────────────────────────────────────────────────────

    def _put(self, name: str, who: str, late: int = 0, **fields: Any) -> None:  # noqa: ANN401  passed on
        crm_id = f"{name}-{who}"
        known = self.crm.people.get(name, {})
        given = {} if crm_id in known else WANTED[name] | {"Name": crm_id}
        ago = timedelta(minutes=late)
        self.crm.put(name, crm_id, ago=ago, **(given | fields))

    @rule(
        name=NAMES,
        who=IDS,
        phones=st.tuples(NUMBER, NUMBER),
        place=st.sampled_from(PLACES),
        late=LATE,
    )
    def somebody_comes_or_changes(
        self,
        name: str,
        who: str,
        phones: tuple[str | None, str | None],
        place: str | None,
        late: int,
    ) -> None:
        phone, mobile = phones
        fields = {"Phone": phone, "MobilePhone": mobile, "Country": place}
        self._put(name, who, late, **fields)

    @rule(name=NAMES, who=IDS, code=st.sampled_from(["7", "x Y", None]))
    def somebody_gets_another_name_or_key(
        self, name: str, who: str, code: str | None
    ) -> None:
        self._put(name, who, Code__c=code, Email=code and f"{code}@X.com", Name=code)

    @rule(name=NAMES, who=IDS, late=LATE)
    def somebody_goes(self, name: str, who: str, late: int) -> None:
        self._put(name, who, late, **GONE[name])

    @rule(name=NAMES, who=IDS)
    def somebody_comes_back(self, name: str, who: str) -> None:
        self._put(name, who, IsDeleted=False, **WANTED[name])

    @rule(winner=IDS, loser=IDS)
    def two_are_merged(self, winner: str, loser: str) -> None:
        self._put("Contact", loser, IsDeleted=True)
        self._put("Contact", winner, IsDeleted=False, Phone=NUMBERS[1])

    @rule(count=st.integers(4, 12), number=NUMBER)
    def many_are_imported(self, count: int, number: str | None) -> None:
        for at in range(count):
            self._put("Contact", f"import-{at}", Phone=number)

    @rule(minutes=st.sampled_from([0, 1, 4, 9, 11, 60, 20_000, 22_000]))
    def time_passes(self, minutes: int) -> None:
        for clock in (self.clock, self.theirs):
            clock.time += timedelta(minutes=minutes)

    @rule(file=st.sampled_from(FILES))
    def the_file_is_edited(self, file: DirectoryFlow) -> None:
        self.flow = file

    # ── who refreshes ──────────────────────────────────────────────────────

    @rule()
    def it_is_refreshed(self) -> None:
        self._refresh(Fate())

    @rule(commit=st.integers(1, 14), when=WHEN)
    def it_dies(self, commit: int, when: When) -> None:
        self._refresh(Fate(commit=commit, when=when))

    @rule(after=st.integers(1, 9))
    def the_crm_goes_down_in_the_middle(self, after: int) -> None:
        self._during(after, self._down)
        self._refresh(Fate())

    @rule(after=st.integers(1, 9))
    def it_is_told_to_stop_in_the_middle(self, after: int) -> None:
        self._during(after, self._told_to_stop)
        self._refresh(Fate())

    @rule(after=st.integers(1, 9), name=NAMES, who=IDS, number=NUMBER)
    def somebody_changes_in_the_middle(
        self, after: int, name: str, who: str, number: str | None
    ) -> None:
        self._during(after, lambda: self._put(name, who, Phone=number))
        self._refresh(Fate())

    def _told_to_stop(self) -> None:
        self.registry.runner.stop.set()

    def _down(self) -> None:
        raise UnavailableError(retry_after=3600)

    def _during(self, after: int, act: Any) -> None:  # noqa: ANN401  whatever it returns
        left = after

        def during() -> None:
            nonlocal left
            left -= 1
            if not left:
                act()

        self.crm.during = during

    def _refresh(self, fate: Fate) -> Run | None:
        """Refresh in a process of its own, a minute later; None where it died."""
        self.time_passes(1)
        try:
            with suppress(Death), self._opened(fate) as self.registry:
                return self.registry.refresh()
        finally:
            self.crm.during = lambda: None
        return None

    @contextmanager
    def _opened(self, fate: Fate) -> Iterator[Registry]:
        path = Path(self._folder.name) / "state.db"
        with MortalStore(path, self.clock, fate) as store:
            yield self._registry(store)

    def _registry(self, store: Store) -> Registry:
        return Registry(
            store=store,
            crm=self.crm,
            clock=self.clock,
            theirs=self.theirs,
            flow=self.flow,
        )

    # ── the truth ──────────────────────────────────────────────────────────

    @rule()
    def a_clean_refresh_makes_all_right(self) -> None:
        with self._opened(Fate()) as registry:
            row = Unlinked(key="call", field="WhoId", value=LEARNED)
            with registry.store.writing() as tx:
                tx.settled("Task", [("call", "WhoId")])
                tx.unlinked("Task", "calls", [row], tx.generation())
                before = LEARNED in tx.known([LEARNED])
        run = self._refresh(Fate())
        assert run
        assert run.outcome == "done"

        with self._opened(Fate()) as registry:
            found = content(registry.store)
            learned = bool(registry.store.known([LEARNED])) and not before
            assert not learned or registry.store.due("Task", "calls", "", 1)
            assert registry.store.loadings().keys() == {
                each.name for each in self.flow.objects
            }
        assert found == self._afresh()

    def _afresh(self) -> list[dict[str, Any]]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "state.db"
            with Store(path, self.clock) as store:
                assert self._registry(store).refresh().outcome == "done"
                return content(store)


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "CHUNK", 2)
    monkeypatch.setattr(stamps, "PAGE", 4)
    monkeypatch.setattr(enlisting, "STRUCK_AT_ONCE", 2)


def test_who_went_while_a_load_without_progress_began_anew_is_gone() -> None:
    history = Histories()
    history.the_crms_clock_is_wrong_or_ours_is(off=-82, tells=False)
    history.it_dies(commit=14, when="before")
    history.somebody_comes_back(name="Contact", who="a")
    history.many_are_imported(count=12, number="099887 76655")
    history.it_dies(commit=10, when="before")
    history.two_are_merged(loser="a", winner="b")

    history.teardown()


@pytest.mark.timeout(60)
def test_after_any_history_a_refresh_makes_the_directory_as_one_loaded_afresh() -> None:
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
