"""Where a sentence-transformers model may come from, and what its folder may bring: tensors, no code.

The rules of the embedder, the reranker and the verifier. The library is called with ``trust_remote_code=False``:
a class that a configuration maps to a file of the folder (``auto_map``) is not run, and where the
model cannot do without it loading fails. Weights in pickles (``.bin``) are read by the library with
``weights_only=True``, which refuses whatever is more than tensors.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

from rag.errors import EmbedderError

ALLOWED = ("sentence_transformers.",)
"""A model folder names its modules; only the library's own are loaded."""
_SAID = 200
"""Characters of a library's own message that are repeated."""


@dataclass(frozen=True, slots=True)
class Source:
    """A model that a setting names: ``kind`` is the setting, ``name`` a folder or a hub id."""

    kind: str
    name: str
    download: bool = False

    @property
    def is_folder(self) -> bool:
        return Path(self.name).is_dir()

    @property
    def arguments(self) -> dict[str, Any]:
        """What the library's model classes are called with."""
        return {
            "device": "cpu",
            "local_files_only": not self.download,
            "trust_remote_code": False,
        }

    def fault(self, what: str, do: str = "use another model") -> EmbedderError:
        """The error that this model ``what``."""
        return EmbedderError(f"the {self.kind} {self.name!r} {what}", do)


@contextmanager
def loading(source: Source) -> Iterator[None]:
    """Around the library's import and the construction of the model. Whatever fails is raised as
    EmbedderError; nothing is fetched unless ``source.download``."""
    _check_place(source)
    if not source.download:
        # Read at import by the hub's client; without it an offline machine waits a minute.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        # Read there too: the bars are of weights being read, once a model and for a second.
        os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    try:
        import torch

        with torch.random.fork_rng(devices=[]):
            # Weights that the folder lacks (a pooling layer that nobody uses) are drawn: they
            # must be the same ones each time, as the identity is that of all weights.
            torch.manual_seed(0)
            yield
    except EmbedderError:
        raise
    except Exception as error:
        raise _explained(source, error) from error


def check_vocabulary(source: Source, model: Any) -> None:
    """Raises EmbedderError where the tokenizer knows special tokens only: the library makes such a
    one where its files are missing, and every text would be the same to the model."""
    tokenizer = getattr(model, "tokenizer", None)
    if tokenizer is None:
        return
    count = getattr(tokenizer, "get_vocab_size", None)
    size = count() if count else len(tokenizer)
    if size <= max(1, len(set(getattr(tokenizer, "all_special_ids", ())))):
        raise source.fault("has no vocabulary", "its tokenizer files are missing: get all of them")


def fingerprint(model: Any) -> str:
    """Of the weights and of the prompts, 16 hexadecimal digits: equal means equal results."""
    digest = hashlib.sha256()
    digest.update(json.dumps(model.prompts, sort_keys=True).encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.float().cpu().numpy().tobytes())
    return digest.hexdigest()[:16]


def _check_place(source: Source) -> None:
    name = source.name
    if source.is_folder:
        _check_modules(source)
    elif name.startswith((".", "/", "~")) or name.count("/") > 1:
        raise EmbedderError(
            f"there is no model folder {name}", f"check the setting `{source.kind}`"
        )


def _check_modules(source: Source) -> None:
    """Refuses a folder whose modules are not the library's own: they would run its code."""
    path = Path(source.name) / "modules.json"
    if not path.is_file():
        return
    try:
        types = [str(module["type"]) for module in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EmbedderError(f"{path} cannot be read ({error})", "check the folder") from error
    foreign = [t for t in types if not t.startswith(ALLOWED)]
    if foreign:
        raise _foreign(source, ", ".join(foreign))


def _foreign(source: Source, what: str) -> EmbedderError:
    return source.fault(
        f"brings code of its own ({what})",
        "use another model: only the classes of sentence-transformers and transformers are run",
    )


def _explained(source: Source, error: Exception) -> EmbedderError:
    said = str(error).strip()
    if isinstance(error, UnpicklingError):
        return source.fault(
            "has weights in a pickle that holds more than tensors, or is damaged; it was not read",
            "use a model with .safetensors weights",
        )
    if "trust_remote_code" in said:  # the library's argument: it names it wherever it is needed
        return _foreign(source, "auto_map or modules of files in it")
    first = (said.splitlines() or [""])[0][:_SAID]
    return source.fault(
        f"cannot be loaded ({type(error).__name__}: {first})",
        "check the folder"
        if source.is_folder
        else "put the model on this machine and give its folder, or set embedder_download = true",
    )
