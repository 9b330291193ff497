"""Settings: where they come from, which wins, what is refused, what is never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.config import Settings, load
from rag.errors import ConfigError

SECRET = "sk-canary-58c1"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(text: str) -> None:
    Path("rag.toml").write_text(text, encoding="utf-8")


def test_defaults_need_no_file_and_no_environment() -> None:
    settings = load()
    assert (settings.docs, settings.index) == (Path("seeds"), Path("index"))
    assert (settings.embedder, settings.mode, settings.host) == ("builtin", "auto", "127.0.0.1")
    assert settings.llm_configured is False


def test_command_line_beats_environment_beats_file_beats_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write("k = 11\nmax_answer = 111\nchunk_size = 400\n")
    monkeypatch.setenv("RAG_K", "12")
    monkeypatch.setenv("RAG_MAX_ANSWER", "112")
    settings = load(k=13, docs=None)
    assert (settings.k, settings.max_answer, settings.chunk_size) == (13, 112, 400)
    assert settings.docs == Path("seeds")


def test_unknown_name_in_the_file_is_refused_with_the_known_ones() -> None:
    write('embeder = "x"\n')
    with pytest.raises(ConfigError) as caught:
        load()
    assert "'embeder' in rag.toml" in str(caught.value)
    assert "embedder" in caught.value.do


def test_unknown_name_in_the_environment_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_FOO", "1")
    with pytest.raises(ConfigError, match="unknown setting RAG_FOO in the environment"):
        load()


@pytest.mark.parametrize(
    ("name", "value"),
    [("RAG_K", "0"), ("RAG_K", "many"), ("RAG_MODE", "magic"), ("RAG_PORT", "70000"),
     ("RAG_FALSE_REFUSALS", "1.5"), ("RAG_CHUNK_SIZE", "5")],
)  # fmt: skip
def test_bad_value_is_refused_by_the_setting_s_name(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=name[4:].lower()):
        load()


def test_file_that_is_not_toml_is_one_line() -> None:
    write("k = = 3\n")
    with pytest.raises(ConfigError) as caught:
        load()
    assert "rag.toml cannot be read" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_K", "")
    assert load().k == 16


def test_openai_variables_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    settings = load()
    assert settings.base_url == "http://127.0.0.1:9/v1"
    assert settings.api_key.get_secret_value() == SECRET
    assert settings.llm_configured is True


def test_own_settings_stand_above_openai_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://openai.invalid")
    monkeypatch.setenv("OPENAI_API_KEY", "theirs")
    monkeypatch.setenv("RAG_API_KEY", SECRET)
    write('base_url = "http://127.0.0.1:8/v1"\n')
    settings = load()
    assert settings.base_url == "http://127.0.0.1:8/v1"
    assert settings.api_key.get_secret_value() == SECRET


def test_secrets_are_masked_wherever_the_settings_are_shown() -> None:
    settings = load(api_key=SECRET, password=SECRET)
    shown = [repr(settings), str(settings), str(settings.model_dump()), settings.model_dump_json()]
    assert [SECRET in text for text in shown] == [False] * 4


def test_bad_secret_is_not_shown_in_the_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_API_KEY", SECRET)
    monkeypatch.setenv("RAG_PORT", "x")
    with pytest.raises(ConfigError) as caught:
        load()
    assert SECRET not in str(caught.value)


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load().k = 3  # type: ignore[misc]


def test_every_setting_says_what_it_is_for() -> None:
    assert [n for n, field in Settings.model_fields.items() if not field.description] == []


def test_a_password_in_the_endpoints_address_is_not_shown() -> None:
    settings = load(base_url="https://user:canary@127.0.0.1:8000/v1?token=canary2")
    assert "canary" not in repr(settings) + str(settings)
    assert "https://127.0.0.1:8000/v1" in repr(settings)
