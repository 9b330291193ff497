"""Children measured from outside: their memory is their own, and none is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from rag.bench.processes import Child, ChildFailed, Overdue, environment, run

MODULES = {
    "small": "print('好')",
    "large": "x = b'x' * 200_000_000; print(len(x))",
    "failing": "import sys; print('first', file=sys.stderr); sys.exit('rag: what happened; what to do')",
    "silent": "import sys; sys.exit(3)",
    "slow": "import time; time.sleep(60)",
    "parent": (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(child.pid, flush=True); time.sleep(60)"
    ),
    "polite": "import signal, time; print('up', flush=True); time.sleep(60)",
}


@pytest.fixture(autouse=True)
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of the modules above under its name."""
    for name, source in MODULES.items():
        (tmp_path / f"{name}.py").write_text(source + "\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


def alive(pid: int) -> bool:
    """Whether the process runs; one that waits to be reaped does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")


def gone(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not alive(pid)


def test_a_child_gives_what_it_printed_and_what_it_took(tmp_path: Path) -> None:
    small, large = run(tmp_path, "small"), run(tmp_path, "large")
    assert (small.output, large.output) == ("好\n", "200000000\n")
    assert small.seconds > 0
    assert small.cpu_s > 0
    assert large.peak_mb > 200


def test_a_fault_is_told_with_the_last_line_that_the_child_wrote(tmp_path: Path) -> None:
    with pytest.raises(ChildFailed, match=r"^failing failed: what happened; what to do$"):
        run(tmp_path, "failing")
    with pytest.raises(ChildFailed, match=r"^silent failed: it ended with 3$"):
        run(tmp_path, "silent")


def test_a_child_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    with Child(tmp_path, "slow") as child, pytest.raises(Overdue, match="slow took over 0 s"):
        child.end(0.2)
    assert gone(child.pid)


def test_what_a_child_started_ends_with_it(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), Child(tmp_path, "parent") as child:
        grandchild = int(child.output.readline())
        assert child.runs()
        raise KeyboardInterrupt
    assert gone(child.pid)
    assert gone(grandchild)


def test_one_that_was_asked_to_end_is_no_fault(tmp_path: Path) -> None:
    with Child(tmp_path, "polite") as child:
        child.output.readline()
        child.terminate()
        assert child.end().peak_mb > 0
        assert not child.runs()


def test_children_get_none_of_the_users_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_K", "3")
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    given = environment()
    assert {
        name: value for name, value in given.items() if name.startswith(("RAG_", "OPENAI_"))
    } == {"RAG_MODE": "extractive"}


def test_the_measuring_process_holds_nothing_but_the_standard_library(tmp_path: Path) -> None:
    (tmp_path / "modules.py").write_text(
        "import sys\n"
        "before = set(sys.modules)\n"
        "import rag.bench.__main__\n"
        "print(*{name.split('.')[0] for name in set(sys.modules) - before})\n",
        encoding="utf-8",
    )
    loaded = set(run(tmp_path, "modules").output.split())
    assert loaded - sys.stdlib_module_names == {"rag"}


def test_an_interrupt_while_a_child_is_started_leaves_it_neither(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []

    class Slow(subprocess.Popen[str]):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            started.append(self.pid)
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(subprocess, "Popen", Slow)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, "slow")
    assert gone(*started)
