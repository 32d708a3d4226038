"""What the documents say is what the code does."""

import inspect
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import typer

from connector import errors
from connector.cli import app
from connector.crm.salesforce import outcomes as salesforce
from connector.crm.salesforce.budget import ELSEWHERE, PAUSE
from connector.engine.hold import LEASE
from connector.engine.nudging import BATCHES, FAILURES
from connector.engine.push import BATCH
from connector.engine.quarantine import RETRY_AFTER
from connector.mapping.flow import World
from connector.mapping.load import load_folder, load_text
from connector.model import Refused, StreamOption
from connector.service.resting import RESTS
from connector.service.schedule import WORKERS
from connector.settings import Settings
from connector.systems.callyzer.stream import CALL_LOGS
from connector.wiring import STREAMS
from connector.wiring.dialers import OBJECTIONS, PARAMETERS

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
WRITTEN = [*PAGES, ROOT / ".env.example", *sorted(ROOT.glob("mappings/*.yaml"))]

SETTING = re.compile(r"\b(?:CONNECTOR|SALESFORCE|CALLYZER)_[A-Z]+(?:_[A-Z]+)*\b")
LINK = re.compile(r"\]\((?!https?:)([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
COMMAND = re.compile(r"\bconnector ([a-z]+)(?: ([a-z]+)\b)?")
TARGET_SPAN = re.compile(r"\bmake ([a-z]+)")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def rows(page: str) -> Iterator[list[str]]:
    """The cells of every line of every table."""
    for line in text(page).splitlines():
        if line.startswith("|") and not line.startswith("|--"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def prose(page: str) -> str:
    return " ".join(text(page).split())


# ── settings ───────────────────────────────────────────────────────────────


def shown(default: object) -> str:
    """A default as a person writes it into the environment."""
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, float):
        return f"{default:g}"
    return "" if default is None else str(default)


DEFAULTS = {
    name.upper(): shown(field.default) for name, field in Settings.model_fields.items()
}
EXAMPLE = dict(re.findall(r"^#([A-Z_]+)=(.*)$", text(".env.example"), re.MULTILINE))


@pytest.mark.parametrize(("name", "default"), DEFAULTS.items())
def test_every_setting_is_documented_with_its_default(name: str, default: str) -> None:
    documented = {row[0]: row[1] for row in rows("docs/operations.md")}

    assert documented[f"`{name}`"] == (f"`{default}`" if default else "none")


def test_the_example_of_an_env_file_has_every_setting_with_its_default() -> None:
    assert EXAMPLE == DEFAULTS


@pytest.mark.parametrize("name", DEFAULTS)
def test_the_example_of_an_env_file_says_what_a_setting_means(name: str) -> None:
    meaning = Settings.model_fields[name.lower()].description

    assert f"# {meaning}\n#{name}=" in text(".env.example")


@pytest.mark.parametrize("path", WRITTEN, ids=named)
def test_every_setting_that_a_document_names_is_one(path: Path) -> None:
    found = set(SETTING.findall(path.read_text(encoding="utf-8")))

    assert {name.removesuffix("_FILE") for name in found} <= DEFAULTS.keys()


# ── commands ───────────────────────────────────────────────────────────────


def leaves(group: Any, *path: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  typer keeps click to itself
    """Every command that does something, by its full name."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from leaves(command, *path, name)
        else:
            yield " ".join((*path, name)), command


COMMANDS = dict(leaves(typer.main.get_command(app)))
DOCUMENTED = {
    match[1]: set(re.findall(r"--[a-z-]+", row[1]))
    for row in rows("docs/operations.md")
    if (match := re.match(r"`connector ([a-z ]+[a-z])", row[0]))
}


def test_the_documented_commands_are_those_that_there_are() -> None:
    assert DOCUMENTED.keys() == COMMANDS.keys()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_documented(name: str) -> None:
    options = {
        parameter.opts[0]
        for parameter in COMMANDS[name].params
        if parameter.param_type_name == "option"
    }

    assert DOCUMENTED[name] == options


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_every_command_that_a_page_names_is_one(path: Path) -> None:
    groups = {name.split()[0] for name in COMMANDS} - COMMANDS.keys()
    code = " ".join(CODE.findall(path.read_text(encoding="utf-8")))

    for first, second in COMMAND.findall(code):
        assert first in COMMANDS or first in groups
        assert first not in groups or not second or f"{first} {second}" in COMMANDS


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_every_make_target_that_a_page_names_is_one(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    spans = re.findall(r"`(make [^`]+)`|^(make .+)$", page, re.MULTILINE)
    targets = {name for span in spans for name in TARGET_SPAN.findall(" ".join(span))}

    assert targets <= set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))


# ── errors ─────────────────────────────────────────────────────────────────


CLASSES = [
    name
    for name, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, errors.ConnectorError)
]
VERDICTS = {row[0].strip("`"): row[1] for row in rows("docs/errors.md")}
ALWAYS = {
    code: said.strip("`")
    for code, said in VERDICTS.items()
    if re.fullmatch(r"`(retry|set aside|pause)`", said)
}
IN_CODE = sorted(salesforce._REMEDIES)  # noqa: SLF001  the table that the page repeats


@pytest.mark.parametrize("name", CLASSES)
def test_every_error_is_documented(name: str) -> None:
    assert name in VERDICTS


@pytest.mark.parametrize("code", IN_CODE)
def test_every_code_of_the_crm_that_we_know_is_documented(code: str) -> None:
    assert code in VERDICTS


@pytest.mark.parametrize(("code", "remedy"), ALWAYS.items())
def test_a_code_of_the_crm_is_treated_as_documented(code: str, remedy: str) -> None:
    refusal = {"statusCode": code, "message": "no", "fields": []}
    answer = [{"success": False, "errors": [refusal]}]

    (outcome,) = salesforce.outcomes(answer, salesforce.Sent(rows=[{"Subject": "x"}]))

    assert isinstance(outcome, Refused)
    assert outcome.remedy.value == remedy


def test_every_code_of_ours_is_documented() -> None:
    given = re.compile(r'\bcode="([A-Z_]+)"|^UNREADABLE = "([A-Z]+)"', re.MULTILINE)
    ours = {
        "".join(code)
        for folder in ("engine", "mapping", "systems", "crm")
        for path in (ROOT / "connector" / folder).rglob("*.py")
        for code in given.findall(path.read_text(encoding="utf-8"))
    }

    assert ours - {"UNKNOWN_ERROR"} <= VERDICTS.keys()


# ── figures ────────────────────────────────────────────────────────────────


def listed(waits: tuple[timedelta, ...], unit: timedelta) -> str:
    numbers = [str(wait // unit) for wait in waits]
    return f"{', '.join(numbers[:-1])} and {numbers[-1]}"


HOUR = timedelta(hours=1)
FIGURES: Mapping[str, Callable[[], str]] = {
    "rests": lambda: f"{listed(RESTS, timedelta(minutes=1))} minutes",
    "retries": lambda: (
        f"{listed(tuple(w for w in RETRY_AFTER if w <= HOUR), timedelta(minutes=1))} "
        f"minutes, then {listed(tuple(w for w in RETRY_AFTER if w > HOUR), HOUR)} hours"
    ),
    "lease": lambda: f"for {LEASE:g} seconds",
    "workers": lambda: f"Up to {WORKERS} flows",
    "elsewhere": lambda: f"less {ELSEWHERE} calls",
    "nudges": lambda: f"fetches up to {BATCHES * BATCH:,} such records",
    "failures": lambda: f"Where {FAILURES} were not answered",
    "pause": lambda: f"anything for {PAUSE // timedelta(minutes=1)} minutes",
}


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_of_the_operations_page_is_the_codes(figure: str) -> None:
    assert FIGURES[figure]() in prose("docs/operations.md")


@pytest.mark.parametrize("option", CALL_LOGS.options, ids=lambda option: option.name)
def test_every_option_of_a_stream_is_documented(option: StreamOption) -> None:
    assert f"`{option.name}`" in text("docs/callyzer.md")


# ── dependencies ───────────────────────────────────────────────────────────


def dependencies() -> Iterator[str]:
    project = tomllib.loads(text("pyproject.toml"))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    for requirement in (each for group in groups for each in group):
        yield re.split(r"[\[<>=;, ]", requirement, maxsplit=1)[0]


def test_every_dependency_has_a_line_and_every_line_a_dependency() -> None:
    lines = {row[0].strip("`") for row in rows("docs/adr/0001-dependencies.md")}

    assert lines - {"Dependency"} == set(dependencies())


# ── links and examples ─────────────────────────────────────────────────────


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as forges make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    kept = (re.sub(r"[^\w\- ]", "", heading).lower() for heading in headings)
    return {heading.replace(" ", "-") for heading in kept}


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_every_link_of_a_page_leads_somewhere(path: Path) -> None:
    for link in LINK.findall(path.read_text(encoding="utf-8")):
        file, _, anchor = link.partition("#")
        target = path.parent / file if file else path
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


WORLD = World(
    streams=STREAMS,
    zones={"callyzer": "Asia/Kolkata"},
    regions=("IN",),
    dialers=PARAMETERS,
    objections=OBJECTIONS,
)
MAPPINGS = re.findall(r"```yaml\n(flow:.*?)```", text("README.md"), re.DOTALL)


def test_the_readme_shows_a_mapping_file_that_loads() -> None:
    (block,) = MAPPINGS

    assert load_text(block, "README.md", WORLD).name == "callyzer-call-logs"


def test_the_mapping_files_that_ship_load() -> None:
    folder = load_folder(ROOT / "mappings", WORLD)

    assert folder.flows
    assert folder.dials
    assert folder.faults == ()
