"""Under what a run was made: settings, versions, commit, machine, costs."""

from __future__ import annotations

import platform
import re
import subprocess
import sys
from collections.abc import Mapping
from importlib import metadata
from os import cpu_count
from pathlib import Path

from rag import __version__
from rag.chat.faults import Endpoint
from rag.config import Settings
from rag.retrieve.calibration import Calibration
from rag.retrieve.calibration_file import identity

LIBRARIES = (
    "faiss-cpu", "ir-measures", "numpy", "openai", "opencc", "sentence-transformers", "tantivy",
    "tokenizers",
)  # fmt: skip
"""What an answer or a figure may depend on."""
GIT_S = 5.0
"""Seconds that git is given."""
MB = 1 << 20
_USER = re.compile(r"(?<=//)[^/@\s]*@")


def settings_texts(settings: Settings) -> dict[str, str]:
    """Every setting as text; passwords, keys and what stands before an @ in an address masked, of
    the endpoint's the host alone: its path and query may carry a token as well."""
    texts = {
        name: _USER.sub("**********@", str(getattr(settings, name)))
        for name in sorted(type(settings).model_fields)
    }
    return texts | {"base_url": host(settings) if settings.base_url.strip() else ""}


def host(settings: Settings) -> str:
    """The endpoint's host and port; OpenAI's where the settings name none."""
    address = settings.base_url.strip()
    if not address:
        from rag.chat.client import OPENAI_URL

        address = OPENAI_URL
    return Endpoint(address, "").host


def answering(settings: Settings, calibration: Calibration | None) -> dict[str, str]:
    """The settings and, where the user's own calibration refused, which: two runs that differ in it
    are not two runs of one system."""
    texts = settings_texts(settings)
    return texts if calibration is None else texts | {"calibration": identity(calibration)}


def versions() -> dict[str, str]:
    """Versions by name, from the packages' metadata: nothing is imported."""
    found = {"python": platform.python_version(), "yinju": __version__}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def commit(folder: Path = Path(__file__).parent.parent) -> str:
    """The commit of this code, with "+" where tracked files differ from it; "" where ``folder``
    is not part of a repository or there is no git."""
    if _git(folder, "ls-files", "--error-unmatch", "__init__.py") is None:
        return ""  # installed into somebody else's repository
    return _git(folder, "describe", "--always", "--exclude=*", "--abbrev=40", "--dirty=+") or ""


def _git(folder: Path, *args: str) -> str | None:
    """What git says, None where it fails or takes too long."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *args],
            capture_output=True, text=True, timeout=GIT_S, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def machine() -> str:
    """One line: system, processor, cores. No name of the machine."""
    return f"{platform.system()} {platform.machine()}, {_processor()}{cpu_count()} cores"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    names = (text.partition(":")[2] for text in lines if text.startswith("model name"))
    name = " ".join(next(names, "").split())
    return f"{name}, " if name else ""


def peak_mb() -> float:
    """The most memory (MiB) that this process has held so far."""
    import resource  # not on every system

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (MB if sys.platform == "darwin" else 1024)


def rounded(costs: Mapping[str, float]) -> dict[str, float]:
    """Costs to three places, a price to six."""
    return {name: round(value, 6 if name == "cost" else 3) for name, value in costs.items()}
