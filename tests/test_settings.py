"""Settings: the environment, files and ``.env``; wrong ones are named, all at once."""

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from connector.settings import Settings, load_settings
from tests.given import GIVEN, NAMES, SECRETS, forget, give, value


@pytest.fixture(autouse=True)
def nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forget(tmp_path, monkeypatch)


# ── where they come from ───────────────────────────────────────────────────


def test_every_setting_is_tried_here() -> None:
    assert set(NAMES) == {name.upper() for name in Settings.model_fields}


def test_without_any_there_are_the_defaults() -> None:
    settings = load_settings()

    for name, field in Settings.model_fields.items():
        assert getattr(settings, name) == field.default


@pytest.mark.parametrize("name", NAMES)
def test_each_is_read_from_the_environment(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(monkeypatch)

    assert value(load_settings(), name) == GIVEN[name][1]


@pytest.mark.parametrize("name", NAMES)
def test_each_is_read_from_a_file_that_is_named(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "it").write_text(GIVEN[name][0] + "\n", encoding="utf-8")
    give(monkeypatch, without=name, **{f"{name}_FILE": str(tmp_path / "it")})

    assert value(load_settings(), name) == GIVEN[name][1]


@pytest.mark.parametrize("name", NAMES)
def test_each_is_read_from_the_env_file(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    give(monkeypatch, without=name)
    (tmp_path / ".env").write_text(f"{name}='{GIVEN[name][0]}'\n", encoding="utf-8")

    assert value(load_settings(), name) == GIVEN[name][1]


def test_the_env_file_may_name_a_file_too(tmp_path: Path) -> None:
    (tmp_path / "it").write_text("8081\n", encoding="utf-8")
    (tmp_path / ".env").write_text("CONNECTOR_PORT_FILE=it\n", encoding="utf-8")

    assert load_settings().connector_port == 8081


def test_the_environment_goes_before_a_file_and_both_before_the_env_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("CONNECTOR_PORT=1\n", encoding="utf-8")
    assert load_settings().connector_port == 1

    (tmp_path / "it").write_text("2", encoding="utf-8")
    monkeypatch.setenv("CONNECTOR_PORT_FILE", "it")
    assert load_settings().connector_port == 2

    monkeypatch.setenv("CONNECTOR_PORT", "3")
    assert load_settings().connector_port == 3


@pytest.mark.parametrize("name", NAMES)
def test_empty_is_the_same_as_not_given(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "empty").write_text("\n", encoding="utf-8")
    (tmp_path / ".env").write_text(f"{name}=\n", encoding="utf-8")
    monkeypatch.setenv(name, "")
    default = Settings.model_fields[name.lower()].default

    assert value(load_settings(), name) == default

    monkeypatch.setenv(f"{name}_FILE", "")
    assert value(load_settings(), name) == default

    monkeypatch.setenv(f"{name}_FILE", "empty")
    assert value(load_settings(), name) == default


def test_spaces_around_a_value_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, CALLYZER_URL=" https://x/api ")
    monkeypatch.setenv("CALLYZER_TOKEN", " hush-calls\n")

    settings = load_settings()

    assert settings.callyzer_token == SecretStr("hush-calls")
    assert settings.callyzer_url == "https://x/api"


# ── what they are ──────────────────────────────────────────────────────────


def test_they_cannot_be_changed() -> None:
    settings = load_settings()

    with pytest.raises(ValidationError, match="frozen"):
        settings.connector_port = 1


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_never_shown(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch)

    settings = load_settings()

    assert GIVEN[name][0] not in f"{settings!r}{settings}{settings.model_dump()}"
    assert GIVEN[name][0] not in settings.model_dump_json()


def test_what_is_made_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch)

    settings = load_settings()

    assert settings.regions == ("IN", "US")
    assert settings.callyzer_timezone == "Europe/Rome"


@pytest.mark.parametrize("token", ["a/b", "a b", "a?b", "%2F", "ü"])
def test_a_secret_of_a_path_must_be_able_to_be_in_one(token: str) -> None:
    with pytest.raises(ValidationError, match="it is in a path"):
        Settings.model_validate({"multisender_webhook_token": token})
