"""A training corpus as arrays: articles cut into clauses, clauses into token ids."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

from rag.errors import EmbedderError
from rag.text.normalise import fold_text

CLAUSE = re.compile(r"[^，。！？；：,;!?\n]+[，。！？；：,;!?\n]*")


@dataclass(frozen=True, slots=True)
class ClauseCorpus:
    """Token ids of all clauses in one row. Clause ``c`` of article ``a`` (``articles[a] <= c <
    articles[a + 1]``) has the ids ``ids[clauses[c]:clauses[c + 1]]``."""

    ids: npt.NDArray[np.int32]
    clauses: npt.NDArray[np.int64]
    articles: npt.NDArray[np.int64]


def read_articles(folder: Path) -> Iterator[str]:
    """The ``text`` of every record of the .jsonl and .jsonl.gz files of a folder, by file name.

    Blank lines are no records. Raises EmbedderError where there is no file, or one cannot be read.
    """
    files = sorted([*folder.glob("*.jsonl"), *folder.glob("*.jsonl.gz")])
    if not files:
        raise EmbedderError(
            f"no .jsonl or .jsonl.gz in {folder}", "give --corpus a folder of {id, text} records"
        )
    for path in files:
        for line in text_lines(path):
            text = _text(line, path) if line.strip() else ""
            if text.strip():
                yield fold_text(text)


def text_lines(path: Path) -> Iterator[str]:
    """The lines of a UTF-8 file, packed by gzip where its name ends so. Raises EmbedderError."""
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8") as lines:
            yield from lines
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise EmbedderError(
            f"{path.name} cannot be read ({error})", "give UTF-8 text, packed by gzip or not"
        ) from None


def article_texts(wanted: Collection[str], folder: Path) -> Iterator[tuple[str, str]]:
    """("news/ID", text) of the articles of a folder that are ``wanted``, as they are printed.
    Raises EmbedderError where a file cannot be read."""
    if not any(source.startswith("news/") for source in wanted):
        return
    for path in sorted([*folder.glob("*.jsonl"), *folder.glob("*.jsonl.gz")]):
        for line in text_lines(path):
            try:
                record = json.loads(line) if line.strip() else {}
                source = f"news/{record.get('id')}"
            except (ValueError, AttributeError):
                continue  # what is no record is told where the corpus is read as a whole
            if source in wanted:
                yield source, str(record.get("text") or "")


def _text(line: str, path: Path) -> str:
    try:
        record = json.loads(line)
        return str(record.get("text") or "")
    except (ValueError, AttributeError):
        raise EmbedderError(
            f"{path.name} holds a line that is no record: {line[:40]!r}",
            "a corpus is {id, text} records, one a line",
        ) from None


def train_tokenizer(articles: Sequence[str], vocab: int) -> Tokenizer:
    """A unigram tokenizer (Kudo 2018, arXiv:1804.10959) over folded text; digits stand alone."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Whitespace(),
            pre_tokenizers.Punctuation(),
            # Left to itself the trainer glues it on: 公司的 would be a word beside 公司.
            pre_tokenizers.Split("的", "isolated"),
            pre_tokenizers.Digits(individual_digits=False),
        ]
    )
    trainer = trainers.UnigramTrainer(
        vocab_size=vocab,
        unk_token="[UNK]",
        special_tokens=["[UNK]"],
        max_piece_length=6,
        show_progress=False,
    )
    lines = (clause for text in articles for clause in CLAUSE.findall(text))
    try:
        tokenizer.train_from_iterator(lines, trainer)
    except Exception as error:  # the tokenizers library raises bare Exception
        raise EmbedderError(
            f"no vocabulary of {vocab} tokens can be made of this corpus ({error})",
            "give a larger --vocab",
        ) from error
    return tokenizer


def read_tokenizer(path: Path) -> Tokenizer:
    """A tokenizer.json; raises EmbedderError where it is none."""
    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises bare Exception
        raise EmbedderError(f"{path} is no tokenizer ({error})", "give a tokenizer.json") from None


def tokenise(articles: Sequence[str], tokenizer: Tokenizer, batch: int = 2000) -> ClauseCorpus:
    """All clauses of all articles as token ids."""
    ids: list[npt.NDArray[np.int32]] = []
    lengths: list[int] = []
    counts: list[int] = []
    for start in range(0, len(articles), batch):
        clauses: list[str] = []
        for text in articles[start : start + batch]:
            found = CLAUSE.findall(text)
            counts.append(len(found))
            clauses += found
        for encoding in tokenizer.encode_batch_fast(clauses, add_special_tokens=False):
            row = np.asarray(encoding.ids, dtype=np.int32)
            ids.append(row)
            lengths.append(len(row))
    return ClauseCorpus(
        np.concatenate(ids),
        np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
    )


def document_frequency(corpus: ClauseCorpus, vocab: int) -> npt.NDArray[np.int64]:
    """In how many articles each token stands; (vocab,)."""
    frequency = np.zeros(vocab, dtype=np.int64)
    for article in range(len(corpus.articles) - 1):
        first, last = corpus.articles[article], corpus.articles[article + 1]
        frequency[np.unique(corpus.ids[corpus.clauses[first] : corpus.clauses[last]])] += 1
    return frequency
