"""The error tree. Whatever reaches a user is one of these, as one line.

YinjuError                 something failed; the message says what happened and what to do
├── UsageError             the command or the question was wrong; nothing was tried (exit 2)
├── ConfigError            a setting is unknown or has a bad value
├── LoadError              one input cannot be read; the rest goes on (a row in the report)
│   ├── EmptyInput         there is no text in it
│   ├── UnsupportedInput   it is not of a format that is read
│   └── TooLarge           it is over a cap on size, pages or expansion
├── EmbedderError          the embedder, the reranker or the verifier cannot be loaded or gave
│                          unusable values
├── IndexError_            the index cannot be used
│   ├── IndexMissing       there is none yet
│   ├── IndexDamaged       a file of it is missing or its checksum differs
│   ├── IndexMismatch      it was built by another embedder or with other settings
│   └── IndexBusy          another process is building it (retryable)
├── ModelError             the language model gave no usable answer
│   ├── ModelUnreachable   connection, time-out, 429 or 5xx (retryable)
│   ├── ModelRefusedKey    401 or 403
│   └── ModelBroken        the reply was empty, cut off or not understood
│                          (CutOff and ContextOverflow, in rag.chat.faults, tell two apart)
└── EvaluationError        a question set or a run file cannot be used
"""

from __future__ import annotations


class YinjuError(Exception):
    """Base of all errors of this package.

    ``what`` says what happened, ``do`` what the user can do about it; ``retryable`` is true where
    the same call may succeed later.
    """

    retryable: bool = False
    exit_code: int = 1

    def __init__(self, what: str, do: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.do = do

    def __str__(self) -> str:
        """One line: what happened; what to do."""
        line = f"{self.what}; {self.do}" if self.do else self.what
        return " ".join(line.split())


class UsageError(YinjuError):
    """The command or the question was wrong; nothing was tried."""

    exit_code = 2


class ConfigError(YinjuError):
    """A setting is unknown or has a bad value."""


class LoadError(YinjuError):
    """One input cannot be read; the rest goes on."""


class EmptyInput(LoadError):
    """There is no text in the input."""


class UnsupportedInput(LoadError):
    """The input is not of a format that is read."""


class TooLarge(LoadError):
    """The input is over a cap on size, pages or expansion."""


class EmbedderError(YinjuError):
    """The embedder or the reranker cannot be loaded or gave unusable values."""


class IndexError_(YinjuError):
    """The index cannot be used. (The underscore keeps the built-in name free.)"""


class IndexMissing(IndexError_):
    """There is no index yet."""


class IndexDamaged(IndexError_):
    """A file of the index is missing or its checksum differs."""


class IndexMismatch(IndexError_):
    """The index was built by another embedder or with other settings."""


class IndexBusy(IndexError_):
    """Another process is building the index."""

    retryable = True


class ModelError(YinjuError):
    """The language model gave no usable answer."""


class ModelUnreachable(ModelError):
    """Connection refused or reset, time-out, 429 or 5xx."""

    retryable = True


class ModelRefusedKey(ModelError):
    """The endpoint answered 401 or 403."""


class ModelBroken(ModelError):
    """The reply was empty, cut off or not understood."""


class EvaluationError(YinjuError):
    """A question set or a run file cannot be used."""
