"""``python -m rag.bench OPTIONS``: the light process that measures; the options are JSON.

`rag bench` becomes this process. Standard library alone: see the package.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from rag.bench.commands import rows
from rag.bench.figures import load, machine, markdown
from rag.bench.options import Options
from rag.bench.processes import ChildFailed, interruptible, run
from rag.bench.result import write_json
from rag.bench.scale import Say, measure
from rag.bench.table import tables
from rag.errors import YinjuError

INTERRUPTED = 130


def main(argument: str) -> int:
    """0 done, 1 failed, 130 interrupted; faults are one line on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    interruptible()
    options = Options.read(argument)
    try:
        Path(options.out).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="rag-bench-") as folder:
            job = _scale if options.scale else _commands
            job(options, Path(folder))
        return 0
    except KeyboardInterrupt:
        print("rag: interrupted", file=sys.stderr)
        return INTERRUPTED
    except YinjuError as error:
        print(f"rag: {error}", file=sys.stderr)
        return error.exit_code
    except OSError as error:
        print(f"rag: the benchmark cannot go on: {error}", file=sys.stderr)
        return 1


def _commands(options: Options, folder: Path) -> None:
    """The table of the commands."""
    docs, started = Path(options.docs), load()
    found = []
    for row in rows(docs, Path(options.questions), options.repeat, folder, _progress()):
        found.append(row)
        record = {"machine": machine(), "load": started, "rows": [asdict(one) for one in found]}
        write_json(Path(options.out) / "commands.json", record)
    written = {
        "zh": f"{machine()}。开始时系统负载 {started:g}。\n\n"
        + markdown([["项目", "实测", "目标"], *(row.cells(docs.name, "zh") for row in found)]),
        "en": f"{machine()}. Load average {started:g} at the start.\n\n"
        + markdown([["what", "measured", "goal"], *(row.cells(docs.name, "en") for row in found)]),
    }
    _write(options, "commands", written)
    print(json.dumps(record, ensure_ascii=False) if options.json else written["zh"])


def _scale(options: Options, folder: Path) -> None:
    """Several sizes: the JSON after every step, tables and plot at the end."""
    path = Path(options.out) / "scale.json"
    say = _progress()
    scale = measure(options, folder, lambda found: found.save(path), say)
    written = {"zh": tables(scale, "zh"), "en": tables(scale, "en")}
    _write(options, "scale", written)
    stem = Path(options.out) / "scale"
    told = json.dumps({"result": str(path), "stem": str(stem)})
    try:
        run(folder, "rag.bench.plot", told)
    except ChildFailed as error:
        say(f"没有画图：{error.what}")
    print(json.dumps(asdict(scale), ensure_ascii=False) if options.json else written["zh"])
    say(f"写入 {options.out}")


def _write(options: Options, name: str, written: dict[str, str]) -> None:
    for language, text in written.items():
        suffix = "" if language == "en" else f".{language}"
        path = Path(options.out) / f"{name}{suffix}.md"
        path.write_text(text.rstrip() + "\n", encoding="utf-8")


def _progress() -> Say:
    """One line a step on stderr."""
    began = time.monotonic()

    def say(step: str) -> None:
        print(f"[{time.monotonic() - began:5.0f} 秒] {step}", file=sys.stderr, flush=True)

    return say


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
