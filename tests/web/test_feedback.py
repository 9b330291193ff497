"""A vote becomes a line of a file: what is in it, and what no fault can do to it."""

from __future__ import annotations

import errno
import json
import os
import stat
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from rag.evaluate.feedback import FeedbackLine
from rag.types import Answer
from rag.web import feedback
from rag.web.feedback import (
    NOTE_LIMIT,
    FeedbackFull,
    FeedbackTooLong,
    append,
    line_of,
    rated,
    reasons,
)
from rag.web.talk import State, Talk, Turn
from tests.web.fake_service import DOC, QUOTES, TEXT, FakeService
from tests.web.payloads import PAYLOADS


def answer(question: str = "2025年？") -> Answer:
    return list(FakeService().stream([question]))[-1]


def talk(*questions: str, state: State = "done") -> Talk:
    turns = (Turn(n, question, state, answer(question)) for n, question in enumerate(questions))
    return Talk(tuple(turns))


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_a_line_holds_turns_answer_quotes_and_bold_texts_and_nothing_of_the_reader(
    tmp_path: Path,
) -> None:
    path = tmp_path / "new" / "feedback.jsonl"
    append(path, line_of(talk("北京呢？", "2025年？"), "down", "漏答", "  还有\n第三点 "))
    (line,) = lines(path)
    assert set(line) == {
        "id", "at", "kind", "verdict", "reason", "turns", "answer", "refused", "citations", "key",
        "note",
    }  # fmt: skip
    assert (line["verdict"], line["reason"], line["note"]) == ("down", "漏答", "还有 第三点")
    assert line["turns"] == ["北京呢？", "2025年？"]
    assert (line["answer"], line["refused"]) == ("".join(QUOTES[:2]), False)
    start = TEXT.index(QUOTES[0])
    assert line["citations"] == [
        {"doc": DOC, "start": start, "end": start + len(QUOTES[0]), "quote": QUOTES[0]},
        {"doc": DOC, "start": start + len(QUOTES[0]), "end": start + len(QUOTES[0] + QUOTES[1]),
         "quote": QUOTES[1]},
    ]  # fmt: skip
    assert line["key"] == ["2.5万亿元", "1.4万亿元"]
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def test_a_second_thought_has_the_id_of_the_first() -> None:
    first, second = line_of(talk("问"), "up"), line_of(talk("问"), "down", "答错")
    assert first.id == second.id != line_of(talk("别的"), "up").id


def test_a_refusal_can_only_be_a_miss() -> None:
    assert reasons(answer("火星的首都")) == ("漏答",)
    assert reasons(answer()) == ("引用不对", "该拒未拒", "漏答", "答错")
    with pytest.raises(ValueError, match="引用不对"):
        line_of(talk("火星的首都"), "down", "引用不对")


@pytest.mark.parametrize("state", ["queued", "running", "stopped", "failed"])
def test_only_a_whole_answer_can_be_rated(state: State) -> None:
    assert rated(talk("问", state=state)) is None
    assert rated(Talk()) is None
    with pytest.raises(ValueError, match="no whole answer"):
        line_of(talk("问", state=state), "up")


def test_a_long_note_is_cut_and_hidden_characters_leave_it() -> None:
    note = line_of(talk("问"), "down", "答错", "\u202e" + "长" * 900).note
    assert note.startswith("⟨U+202E⟩长") and len(note) == NOTE_LIMIT


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_breaks_out_of_its_line(tmp_path: Path, payload: str) -> None:
    path = tmp_path / "feedback.jsonl"
    for text in (payload, f"{payload}\n\r\u2028{payload}"):
        append(path, line_of(talk("问" + text), "down", "答错", text))
    assert path.read_bytes().count(b"\n") == 2
    assert [line["kind"] for line in lines(path)] == ["feedback", "feedback"]


def test_parallel_writers_keep_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "feedback.jsonl"
    made = [line_of(talk(f"问题{n}" + "长" * 3000), "up") for n in range(8)]

    def write(line: FeedbackLine) -> None:
        for _ in range(10):
            append(path, line)

    threads = [threading.Thread(target=write, args=(line,)) for line in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counts = [str(line["id"]) for line in lines(path)]
    assert {id: counts.count(id) for id in counts} == {line.id: 10 for line in made}


def test_a_line_left_open_by_an_editor_is_closed_first(tmp_path: Path) -> None:
    path = tmp_path / "feedback.jsonl"
    path.write_text('{"kind": "theirs"}', encoding="utf-8")
    append(path, line_of(talk("问"), "up"))
    assert [line["kind"] for line in lines(path)] == ["theirs", "feedback"]


def test_a_full_file_takes_no_more_and_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "feedback.jsonl"
    line = line_of(talk("问"), "up")
    append(path, line)
    before = path.read_bytes()
    with pytest.raises(FeedbackFull):
        append(path, line, limit=2 * len(before) - 1)
    assert path.read_bytes() == before
    append(path, line, limit=2 * len(before))


def test_a_line_over_its_cap_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "feedback.jsonl"
    with pytest.raises(FeedbackTooLong):
        append(path, replace(line_of(talk("问"), "up"), answer="长" * feedback.LINE_LIMIT))
    assert not path.exists()


def test_a_full_disk_is_an_error() -> None:
    with pytest.raises(OSError) as raised:
        append(Path("/dev/full"), line_of(talk("问"), "up"))
    assert raised.value.errno == errno.ENOSPC


def test_a_part_of_a_line_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "feedback.jsonl"
    append(path, line_of(talk("问"), "up"))
    before, write = path.read_bytes(), os.write
    monkeypatch.setattr(os, "write", lambda handle, data: write(handle, data[:10]))
    with pytest.raises(OSError, match="a part"):
        append(path, line_of(talk("问"), "up"))
    assert path.read_bytes() == before


def test_a_folder_that_is_a_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "eval").write_text("", encoding="utf-8")
    with pytest.raises(OSError):
        append(tmp_path / "eval" / "feedback.jsonl", line_of(talk("问"), "up"))
