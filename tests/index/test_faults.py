"""A disk that fails and a process that dies at any step leave an index that answers."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rag.errors import IndexBusy, IndexError_
from rag.index import fill
from rag.index.reader import open_index
from tests.fakes.index import StepFiles, build_index

OLD = {"a.txt": "旧的消息。", "b.txt": "不变。"}
NEW = {"a.txt": "新的消息。", "b.txt": "不变。"}
ROOT = Path(__file__).resolve().parents[2]


def text(index_dir: Path) -> str:
    """What the current generation says, all parts of it asked."""
    with open_index(index_dir, "fake") as index:
        found = index.corpus.document("a.txt").text
        hits = index.lexical.search(["消息"], 5)
        assert [index.corpus.chunk(chunk)[0] for chunk, _ in hits] == ["a.txt"]
        assert index.lexical.contains("新") == found.startswith("新")
        return found


class LyingFiles(StepFiles):
    """Its Nth write stores half and reports the whole, as some file systems do."""

    def __init__(self, at: int) -> None:
        super().__init__(lambda step, operation: None)
        self.lie_at = at

    def _write(self, handle: int, data: memoryview) -> int:
        self.steps += 1
        if self.steps == self.lie_at:
            os.write(handle, data[: len(data) // 2])
            return len(data)
        return os.write(handle, data)


def failing(nth: int, kind: str) -> StepFiles:
    def at(step: int, operation: str) -> int | None:
        if step == nth and kind == "short":
            return 1
        if step == nth:
            raise OSError(getattr(errno, kind), os.strerror(getattr(errno, kind)))
        if step > nth and kind == "ENOSPC" and operation in ("open", "write", "mkdir", "copy"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))  # a full disk stays full
        return None

    return LyingFiles(nth) if kind == "lie" else StepFiles(at)


@pytest.mark.parametrize("kind", ["ENOSPC", "EIO", "short", "lie"])
@pytest.mark.parametrize("first", [True, False])
def test_the_nth_operation_failing_leaves_the_old_index_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, first: bool
) -> None:
    monkeypatch.setattr(fill, "SMALL", 0)  # the lexical index is copied and edited, not made new
    monkeypatch.setattr(fill, "DRIFT", 99.0)
    monkeypatch.setattr(fill, "CHANGED", 99.0)
    nth = 0
    while True:
        nth += 1
        index_dir = tmp_path / str(nth)
        if not first:
            build_index(index_dir, OLD)
        files = failing(nth, kind)
        try:
            build_index(index_dir, NEW, files=files)
        except IndexError_ as error:
            assert "\n" not in str(error) and "run `rag index` again" in str(error)
            if not first:
                assert text(index_dir)[:1] in ("旧", "新")
            build_index(index_dir, NEW)  # the disk is well again
            assert text(index_dir) == "新的消息。"
            names = os.listdir(index_dir / "generations")
            assert not [name for name in names if name.endswith(".part")]
            continue
        assert text(index_dir) == "新的消息。"
        if files.steps < nth:
            break
    assert nth > 15


LIMITED = """
import json, resource, sys
from pathlib import Path
from rag.errors import IndexError_
from rag.index import fill
from rag.index.reader import open_index
from tests.fakes.index import build_index
index_dir, limit = Path(sys.argv[1]), int(sys.argv[2])
texts = {f"{n}.txt": "".join(chr(0x4e00 + (n * 37 + i * 11) % 999) for i in range(30)) + "。"
         for n in range(400)}
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    report = build_index(index_dir, texts)
    print(json.dumps(["built", report.documents]))
except IndexError_ as error:
    print(json.dumps(["refused", str(error)]))
"""


@pytest.mark.parametrize("limit", [100, 3_000, 12_000, 25_000, 40_000, 80_000, 10_000_000])
def test_a_library_that_cannot_write_is_one_line_and_the_old_index_serves(
    tmp_path: Path, limit: int
) -> None:
    """A limit on the size of a file stops SQLite, tantivy and FAISS in their own writing."""
    build_index(tmp_path, OLD)
    process = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path), str(limit)],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    what, said = json.loads(process.stdout)
    if limit == 10_000_000:
        assert (what, said) == ("built", 400)
    else:
        assert what == "refused" and "run `rag index` again" in said
        assert text(tmp_path) == "旧的消息。"
        assert os.listdir(tmp_path / "generations") == ["000001"]


KILLED = """
import os, random, signal, sys, time
from pathlib import Path
from tests.fakes.index import StepFiles, build_index
from tests.index.test_faults import NEW, OLD, text

def forked(work):
    child = os.fork()  # cheap: the libraries are loaded, their threads are not yet started
    if not child:
        try:
            work()
            os._exit(0)
        except BaseException as error:
            print(repr(error), flush=True)
            os._exit(1)
    return child

def ended(child):
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

def well(work):
    assert ended(forked(work)) == 0, "see above"

def old_or_new(index_dir):
    assert text(index_dir) in ("旧的消息。", "新的消息。")

def healed(index_dir):
    build_index(index_dir, NEW)
    assert text(index_dir) == "新的消息。"
    assert not [name for name in os.listdir(index_dir / "generations") if name.endswith(".part")]

base = Path(sys.argv[1])
steps = 0
while True:
    steps += 1
    index_dir = base / f"step{steps}"
    def die(step, operation):
        if step == steps:
            os.kill(os.getpid(), signal.SIGKILL)
    well(lambda: build_index(index_dir, OLD))
    code = ended(forked(lambda: build_index(index_dir, NEW, files=StepFiles(die))))
    well(lambda: old_or_new(index_dir))
    well(lambda: healed(index_dir))
    if code == 0:
        break
    assert code == -signal.SIGKILL, code
chance = random.Random(3)
for number in range(int(sys.argv[2])):
    index_dir = base / f"time{number}"
    well(lambda: build_index(index_dir, OLD))
    child = forked(lambda: build_index(index_dir, NEW))
    time.sleep(chance.random() * 0.12)
    os.kill(child, signal.SIGKILL)
    ended(child)
    well(lambda: old_or_new(index_dir))
    well(lambda: healed(index_dir))
print(steps)
"""


def test_a_kill_at_every_step_and_at_random_times_leaves_an_index_that_answers(
    tmp_path: Path,
) -> None:
    process = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path), "20"],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert process.returncode == 0, process.stdout + process.stderr
    assert int(process.stdout) > 15


SLOW = """
import sys, time
from pathlib import Path
from tests.fakes.index import build_index
from tests.index.test_faults import NEW
def progress(stage, done, total):
    if stage == "embed":
        print("building", flush=True)
        time.sleep(60)
try:
    build_index(Path(sys.argv[1]), NEW, progress=progress)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


def test_another_process_is_told_to_wait_and_sigterm_tidies_up(tmp_path: Path) -> None:
    build_index(tmp_path, OLD)
    with subprocess.Popen(
        [sys.executable, "-c", SLOW, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "building\n"
        with pytest.raises(IndexBusy) as caught:
            build_index(tmp_path, NEW)
        assert "run `rag index` again" in str(caught.value)
        assert text(tmp_path) == "旧的消息。"
        process.terminate()
        assert process.stdout.readline() == "interrupted\n"
    assert os.listdir(tmp_path / "generations") == ["000001"]
    build_index(tmp_path, NEW)
    assert text(tmp_path) == "新的消息。"
