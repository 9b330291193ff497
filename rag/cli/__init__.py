"""The command line: reads arguments and settings, runs one command, turns faults into one line.

Each command is a module of its own, imported when it is called: the cold start of `rag ask` must
not pay for what `rag chat` or `rag train-embedder` need.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from rag.errors import YinjuError

INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit code: 0 done, 1 failed, 2 wrong usage, 130 Ctrl-C."""
    from rag.cli.parser import parse

    _utf8()
    args = None
    try:
        args = parse(sys.argv[1:] if argv is None else argv)
        from rag.config import load

        given = {name: getattr(args, name, None) for name in ("docs", "index", "host", "port")}
        run = import_module(args.module).run
        code = int(run(args, load(**given)))
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        _say("interrupted")
        return INTERRUPTED
    except BrokenPipeError:  # the reader has what it wanted: `rag ask --batch … | head`
        _drop_output()
        return 0
    except YinjuError as error:
        if getattr(args, "debug", False):
            raise
        _say(str(error))
        return error.exit_code
    except Exception as error:
        if getattr(args, "debug", False):
            raise
        _drop_output()
        about = " ".join(f"{type(error).__name__}: {error}".split())
        _say(f"{about}; run it again with --debug to see where")
        return 1


def _say(line: str) -> None:
    """One line on stderr, where there still is one."""
    with contextlib.suppress(OSError):
        print(f"rag: {line}", file=sys.stderr, flush=True)


def _utf8() -> None:
    """Text in and out is UTF-8 whatever the locale; what cannot be written is shown escaped."""
    for stream, errors in (
        (sys.stdin, "replace"),
        (sys.stdout, "backslashreplace"),
        (sys.stderr, "backslashreplace"),
    ):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors=errors)


def _drop_output() -> None:
    """Nothing more can be written: else Python complains of it again when it ends."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)


__all__ = ["main"]
