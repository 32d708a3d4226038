"""Every example of the documentation loads, and every word of the format is in it."""

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from connector.mapping import schema, schema_dial, schema_rules
from connector.mapping.answered import ANSWER
from connector.mapping.conditions import OPERATORS
from connector.mapping.load import World, load_text
from connector.mapping.names import FOUND_BY
from connector.mapping.rules import VERBS
from connector.mapping.schema_words import Section
from connector.mapping.target import CRM_TYPES

PAGE = Path(__file__).parents[2] / "docs" / "mapping-files.md"
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def completed(block: str, whole: str) -> str:
    """A part of a file, put into a whole one."""
    yaml = YAML(typ="safe", pure=True)
    part: dict[str, Any] = yaml.load(block)
    if "flow" in part:
        return block
    file: dict[str, Any] = yaml.load(whole)
    if "cron" in part:
        del file["every"]
    fields = file["fields"] | part.pop("fields", {})
    text = StringIO()
    yaml.dump(file | part | {"fields": fields}, text)
    return text.getvalue()


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_every_example_loads(number: int, example: str, world: World) -> None:
    flow = load_text(completed(BLOCKS[number], example), f"example-{number}", world)

    assert flow.name


def test_the_page_has_a_complete_file() -> None:
    assert BLOCKS[0].startswith("flow: ")
    assert len(BLOCKS) > 5


def words_of_the_format() -> set[str]:
    sections: tuple[type[Section], ...] = (
        schema.PushFile,
        schema.PushFrom,
        schema.PushTo,
        schema.RereadClock,
        schema.InternalCalls,
        schema.NeverLogged,
        schema.ExistingRecords,
        schema.IndexedObject,
        schema.DirectoryFile,
        schema_dial.DialFile,
        *schema_dial.SECTIONS.values(),
        schema_rules.Shaped,
        schema_rules.FindRule,
        schema_rules.CreateRule,
    )
    keys = {
        field.alias or name
        for section in sections
        for name, field in section.model_fields.items()
    }
    codes = {"KEY_BLANK", "KEY_TOO_LONG", "NOT_IN_MAP", "WRONG_TYPE"}
    types = set(CRM_TYPES.values()) | {"phone"}
    choices = {"newest", "priority", "create", "set aside", "skip", "log", "enrich"}
    return (
        keys
        | codes
        | types
        | choices
        | set(FOUND_BY)
        | set(OPERATORS)
        | set(VERBS)
        | {"recreate", "once"}
    )


@pytest.mark.parametrize("word", sorted(words_of_the_format()))
def test_every_word_of_the_format_is_documented(word: str) -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert re.search(rf"`([a-z]+[.:] ?)?{word}\b|\b{word}: ", page)


@pytest.mark.parametrize("name", [field.name for field in ANSWER])
def test_every_name_of_an_answer_is_documented(name: str) -> None:
    assert f"\n| `{name}` | " in PAGE.read_text(encoding="utf-8")
