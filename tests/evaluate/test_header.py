"""Under what a run was made: nothing secret, nothing that fails."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from pydantic import SecretStr

from rag import __version__
from rag.config import Settings
from rag.evaluate import header
from rag.retrieve.calibration import Calibration


def git(folder: Path, *args: str) -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", str(folder), *args]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    (tmp_path / "__init__.py").write_text("")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one")
    return tmp_path


def test_every_setting_is_there_and_secrets_are_masked() -> None:
    settings = Settings(
        api_key=SecretStr("sk-canary"),
        password=SecretStr("canary"),
        base_url="https://user:canary@models.example/v1",
    )
    texts = header.settings_texts(settings)
    assert set(texts) == set(Settings.model_fields)
    assert "canary" not in str(texts)
    assert texts["base_url"] == "models.example"
    assert (texts["chunk_size"], texts["rerank"]) == ("320", "True")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", ""),
        ("http://127.0.0.1:8000/v1/?key=canary", "127.0.0.1:8000"),
        ("https://models.example/canary/v1", "models.example"),
        ("http://[canary", "base_url"),
    ],
)
def test_of_an_endpoint_the_host_alone_is_said(url: str, said: str) -> None:
    assert header.settings_texts(Settings(base_url=url))["base_url"] == said
    if not url:
        assert header.host(Settings()) == "api.openai.com"


def test_a_calibration_that_refuses_is_named_among_the_settings() -> None:
    settings = Settings()
    assert header.answering(settings, None) == header.settings_texts(settings)
    own = Calibration(1.0, 0.0, (0.5,), 0, "own", "ab", {})
    named = header.answering(settings, own)
    assert named.pop("calibration").startswith("own:")
    assert named == header.settings_texts(settings)


def test_versions_are_those_of_what_is_installed() -> None:
    found = header.versions()
    assert found["yinju"] == __version__
    assert {"python", "numpy", "faiss-cpu", "tantivy"} <= set(found)


def test_the_commit_ends_in_a_plus_where_the_tree_is_not_clean(repository: Path) -> None:
    head = git(repository, "rev-parse", "HEAD")
    assert header.commit(repository) == head
    (repository / "__init__.py").write_text("changed")
    assert header.commit(repository) == f"{head}+"


def test_code_outside_a_repository_or_unknown_to_it_has_no_commit(
    repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert header.commit(tmp_path_factory.mktemp("plain")) == ""
    (repository / "site-packages").mkdir()
    (repository / "site-packages" / "__init__.py").write_text("")
    assert header.commit(repository / "site-packages") == ""


def test_without_git_there_is_no_commit_and_no_fault(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    assert header.commit(repository) == ""


def test_git_that_hangs_is_not_waited_for(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang(*args: object, **more: object) -> None:
        raise subprocess.TimeoutExpired("git", header.GIT_S)

    monkeypatch.setattr(subprocess, "run", hang)
    assert header.commit(repository) == ""


def test_the_machine_is_one_line_without_its_name() -> None:
    import platform

    line = header.machine()
    assert "cores" in line and "\n" not in line
    assert platform.node() not in line.split()


def test_memory_is_counted_in_mebibytes() -> None:
    assert 10 < header.peak_mb() < 100_000
