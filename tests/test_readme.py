"""The READMEs against the code: settings, command lines, make targets, links, counts, languages."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from pathlib import Path

import pytest
from pydantic import SecretStr

from rag.cli.parser import parse
from rag.config import PREFIX, Settings
from rag.errors import UsageError
from rag.evaluate.sets import read_set
from rag.load.registry import READERS

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh-CN.md")

_FENCE = re.compile(r"^```(?:bash|sh)\n(.*?)^```", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"`((?:[A-Z_]+=\S+ )*(?:rag|make) [^`\n]+)`")
_ROW = re.compile(r"^\| `(\w+)` \| (.*?) \| (.*?) \| `(RAG_\w+)` \|$", re.MULTILINE)
_KIND = re.compile(r"^\| `(\w+)` \| (\d[^|]*) \| (\d[^|]*) \| (\d[^|]*) \| ", re.MULTILINE)
_LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
_VARIABLE = re.compile(r"[A-Z_]+=.*")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def settings_rows() -> list[tuple[str, str, str, str]]:
    """(name, default, meaning, variable) as the English table has them."""
    rows = []
    for name, field in Settings.model_fields.items():
        value = field.get_default()
        if isinstance(value, SecretStr):
            value = value.get_secret_value()
        shown = str(value).lower() if isinstance(value, bool) else str(value)
        shown = shown.removesuffix(".0")
        rows.append((name, f"`{shown}`" if shown else "empty", field.description or "",
                     f"{PREFIX}{name.upper()}"))  # fmt: skip
    return rows


def command_lines(readme: str) -> list[str]:
    """Every line of the shell blocks that runs `rag` or `make`, without comment and variables."""
    found = []
    for block in _FENCE.findall(text(readme)):
        for line in block.splitlines():
            words = shlex.split(line, comments=True)
            while words and _VARIABLE.fullmatch(words[0]):
                words.pop(0)
            if words and words[0] in ("rag", "make"):
                found.append(shlex.join(words))
    return found


def mentions(readme: str) -> list[str]:
    """Commands named in running text."""
    return [" ".join(w for w in span.split() if not _VARIABLE.fullmatch(w))
            for span in _SPAN.findall(text(readme))]  # fmt: skip


def test_the_settings_table_is_what_the_settings_are() -> None:
    assert _ROW.findall(text("README.md")) == settings_rows()


def test_both_readmes_have_the_same_settings_with_the_same_defaults() -> None:
    english, chinese = ([row[:2] + row[3:] for row in _ROW.findall(text(n))] for n in READMES)
    assert [(n, d.replace("empty", "空"), v) for n, d, v in english] == chinese
    assert all(re.search("[一-鿿]", row[2]) for row in _ROW.findall(text(READMES[1])))


def test_both_readmes_show_the_same_commands() -> None:
    english, chinese = map(command_lines, READMES)
    assert english == chinese
    shown = {line.split()[1] for line in english if line.startswith("rag ")}
    assert shown == {"index", "search", "ask", "verify", "chat", "eval", "doctor",
                     "train-embedder", "train-ranker", "train-reader", "bench"}  # fmt: skip


@pytest.mark.parametrize("readme", READMES)
def test_every_command_line_is_one_that_the_parser_takes(readme: str) -> None:
    lines = [line for line in command_lines(readme) if line.startswith("rag ")]
    assert len(lines) >= 12
    for line in lines:
        words = shlex.split(line)[1:]
        cut = [n for n, word in enumerate(words) if word in ("|", ">", "<")]
        try:
            parse(words[: cut[0]] if cut else words)
        except UsageError as error:
            pytest.fail(f"{line}: {error}")


@pytest.mark.parametrize("readme", READMES)
def test_every_command_that_the_text_names_is_there(
    readme: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for line in mentions(readme):
        _, name, *options = line.split()
        if line.startswith("make "):
            assert re.search(rf"^{name}:", text("Makefile"), re.MULTILINE), line
            continue
        with pytest.raises(SystemExit) as ended:
            parse([name, "--help"])
        assert ended.value.code == 0
        known = capsys.readouterr().out
        assert all(option in known for option in options if option.startswith("--")), line


@pytest.mark.parametrize("readme", READMES)
def test_every_make_target_shown_is_in_the_makefile(readme: str) -> None:
    for line in command_lines(readme):
        if line.startswith("make "):
            assert re.search(rf"^{line.split()[1]}:", text("Makefile"), re.MULTILINE), line


@pytest.mark.parametrize("readme", READMES)
def test_every_link_leads_to_a_file_and_every_format_is_named(readme: str) -> None:
    for target in _LINK.findall(text(readme)):
        assert (ROOT / target).exists(), target
    assert [suffix for suffix in READERS if f"`{suffix}`" not in text(readme)] == []


@pytest.mark.parametrize("name", ["seeds.jsonl", "seeds_more.jsonl", "seeds_test.jsonl"])
def test_the_counts_of_the_question_sets_are_those_of_the_files(name: str) -> None:
    cases = read_set(ROOT / "eval" / name)
    yes, turns = sum(c.answerable for c in cases), sum(len(c.turns) > 1 for c in cases)
    page = text("eval/README.md")
    assert f"| `{name}` | {len(cases)} | {yes} | {len(cases) - yes} | {turns} |" in page
    column = 1 + ["seeds.jsonl", "seeds_more.jsonl", "seeds_test.jsonl"].index(name)
    counted = {r[0]: int(r[column].split()[0]) for r in _KIND.findall(page)}
    assert counted == Counter(c.kind for c in cases)
    for readme in READMES:
        line = next(x for x in text(readme).splitlines() if x.startswith(f"| `eval/{name}`"))
        assert [int(n) for n in re.findall(r"\d+", line)[:2]] == [yes, len(cases) - yes]
