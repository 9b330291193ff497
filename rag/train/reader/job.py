"""`rag train-reader`: from a corpus and labelled questions to a reader's folder, in steps that a
kill does not lose."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from rag.embed.static import StaticEmbedder
from rag.errors import EmbedderError
from rag.retrieve.lexicon import DATA
from rag.train.corpus import read_articles
from rag.train.reader.asked import of_passages
from rag.train.reader.context import ContextVectors, context_vectors, load_context
from rag.train.reader.examples import ASKED, LABELLED, SQUAD, Example, load, save, style
from rag.train.reader.labelled import Row, of_rows, part, read_rows
from rag.train.reader.neighbours import neighbours
from rag.train.reader.parts import REPORTED, TRAINED
from rag.train.reader.passages import Passage, part_of, read_asked
from rag.train.reader.shape import Noise, Shape
from rag.train.reader.synthetic import Material, of_article

Progress = Callable[[str, int, int | None], None]
FORMAT = 3
"""To be raised with every change of the examples, the network, its loss or how it is trained: work
of another format is not taken up."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What the training does; stored beside the model. ``rate`` and
    ``tune_rate`` are the most of their stages; ``short`` is the most
    tokens of a window made from the corpus, ``tune_short`` of one of the labelled questions, which
    the second stage adds; ``tune_noise`` is what is kept from the network there."""

    steps: int = 8_000
    rate: float = 8e-4
    short: int = 104
    tune_steps: int = 8_000
    tune_rate: float = 5e-4
    tune_short: int = 170
    tune_noise: Noise = field(default_factory=lambda: Noise(drop=0.1, hidden=0.15))
    tune_rounds: int = 4
    batch: int = 64
    shard: int = 2_500
    seed: int = 1
    shape: Shape = field(default_factory=Shape)


@dataclass(frozen=True, slots=True)
class Sources:
    """What is trained on: a folder of articles; questions with passages, the SQuAD files among
    their sources; questions asked of printed passages (:mod:`rag.train.reader.asked`)."""

    corpus: Path
    passages: tuple[Path, ...] = ()
    squad: tuple[Path, ...] = ()
    asked: tuple[Path, ...] = ()


def train_reader(
    sources: Sources, out: Path, recipe: Recipe, progress: Progress, say: Callable[[str], None]
) -> dict[str, float]:
    """Writes the reader's folder ``out``; what a broken run of the same recipe over the same
    articles and questions did is found in ``out/work`` and taken up. ``say`` is told what of the
    sources is left out. Returns figures over the part ``REPORTED``, those of the asked questions by
    themselves, none where no question falls in it. Raises EmbedderError."""
    import torch

    from rag.train.reader.batches import Table
    from rag.train.reader.export import Over, export
    from rag.train.reader.loop import fit
    from rag.train.reader.measure import measure
    from rag.train.reader.network import Network

    rows = read_rows(sources.passages, sources.squad)
    asked = read_asked(sources.asked, sources.corpus, sources.squad, say)
    count = len(rows) + sum(len(passage.questions) for passage in asked)
    if not any(part(row) in TRAINED for row in rows) and not any(
        part_of(passage) in TRAINED for passage in asked
    ):
        raise EmbedderError(
            f"none of {count} questions with an answer is left to train on",
            "make more with `rag eval-set build --passages`",
        )
    work = out / "work"
    work.mkdir(parents=True, exist_ok=True)
    model = StaticEmbedder()
    material, shards, made_of = _examples(sources.corpus, model, work, recipe, progress)
    progress("context", 0, None)
    vectors = _context(material, work, recipe, made_of)
    table = Table(model, vectors)
    torch.manual_seed(recipe.seed)
    network = Network(recipe.shape)

    def of_corpus(i: int) -> Sequence[Example]:
        pair = [shards[(2 * i + j) % len(shards)] for j in range(min(2, len(shards)))]
        return [e for path in pair for e in load(path) if len(e.window) <= recipe.short]

    def examples(parts: Sequence[int], seed: int) -> list[Example]:
        return [*of_rows(rows, parts, material, seed), *of_passages(asked, parts, material, seed)]

    def tuning(i: int) -> Sequence[Example]:
        made = examples(TRAINED, recipe.seed + i % recipe.tune_rounds)
        return [e for e in made if len(e.window) <= recipe.tune_short]

    def both(i: int) -> Sequence[Example]:
        return [*of_corpus(i), *tuning(i)]

    def report(name: str, steps: int) -> Callable[[int, dict[str, float]], None]:
        return lambda step, parts: progress(
            f"{name}, " + ", ".join(f"{k} {v:.3f}" for k, v in parts.items()), step, steps
        )

    if not tuning(0):
        raise EmbedderError(
            f"none of {count} questions has a passage that holds its answer in one sentence, "
            f"in a window of at most {recipe.tune_short} tokens",
            "make more with `rag eval-set build --passages`",
        )
    learnt = _digest(
        made_of,
        vectors.digest(),
        recipe.steps,
        recipe.rate,
        recipe.short,
        recipe.batch,
        recipe.shape,
    )
    stages = (
        ("corpus", of_corpus, recipe.steps, recipe.rate, Noise(), learnt),
        ("questions", both, recipe.tune_steps, recipe.tune_rate, recipe.tune_noise,
         _digest(learnt, recipe, rows, asked)),
    )  # fmt: skip
    for name, source, steps, rate, noise, digest in stages:
        fit(
            network, table, source, steps, size=recipe.batch, rate=rate, noise=noise,
            seed=recipe.seed, checkpoint=work / f"{name}-{digest}.pt", report=report(name, steps),
        )  # fmt: skip
    held = of_rows(rows, REPORTED, material, recipe.seed)
    written = of_passages(asked, REPORTED, material, recipe.seed)
    bounded = _style(rows, asked)
    figures = measure(network, table, held, bounded) | {
        f"asked_{name}": value for name, value in measure(network, table, written, bounded).items()
    }
    about = {"recipe": asdict(recipe), "figures": {k: round(v, 4) for k, v in figures.items()}}
    export(network, Over(model.identity, table.scale, vectors), bounded, out, about)
    return figures


def _style(rows: Sequence[Row], asked: Sequence[Passage]) -> int:
    """How the reader is to bound answers, of what it is trained on: as the first set in SQuAD form,
    else as the asked questions, else as the labelled ones."""
    trained = {style(row.source) for row in rows if part(row) in TRAINED}
    if any(one >= SQUAD for one in trained):
        return min(one for one in trained if one >= SQUAD)
    return ASKED if any(part_of(passage) in TRAINED for passage in asked) else LABELLED


def _context(material: Material, work: Path, recipe: Recipe, made_of: str) -> ContextVectors:
    """Of the corpus; kept, since another processor may round otherwise."""
    path = work / f"context-{_digest(made_of, recipe.shape.context)}.npz"
    if not path.exists():
        size = recipe.shape.context
        context_vectors(material.articles, material.model, size, recipe.seed).save(path)
    return load_context(path)


def _examples(
    corpus: Path, model: StaticEmbedder, work: Path, recipe: Recipe, progress: Progress
) -> tuple[Material, list[Path], str]:
    """The shards of questions made from the corpus, with a digest of what they are made of; those
    that are there are kept."""
    articles = list(read_articles(corpus))
    if len(articles) < 50:
        raise EmbedderError(
            f"{len(articles)} articles are too few to train on", "give at least 50 (better 10,000)"
        )
    progress("neighbours", 0, None)
    material = Material(articles, neighbours(articles, model), model, _everyday())
    order = np.random.default_rng(recipe.seed).permutation(len(articles))
    made_of = _digest(FORMAT, model.identity, recipe.seed, recipe.shard, articles)
    made: list[Path] = []
    for start in range(0, len(order), recipe.shard):
        path = work / f"examples-{made_of}-{start // recipe.shard:03d}.npz"
        if not path.exists():
            found = [
                example
                for i in order[start : start + recipe.shard]
                for example in of_article(int(i), material, recipe.seed)
            ]
            if not found:
                continue
            fresh = path.with_suffix(".new.npz")
            save(fresh, found)
            fresh.replace(path)
        made.append(path)
        progress("examples", start, len(order))
    if not made:
        raise EmbedderError(
            "no sentence of the corpus holds a number, name or date to ask for",
            "train on articles in Chinese",
        )
    return material, made, made_of


def _digest(*parts: object) -> str:
    """What work is named by, so that none of another recipe, corpus or set is taken up."""
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _everyday() -> dict[str, list[str]]:
    """Everyday words for printed ones: the lexicon read backwards."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in ("colloquial.txt", "domains.txt"):
        for line in (DATA / name).read_text(encoding="utf-8").splitlines():
            said, _, printed = line.partition("\t")
            for word in printed.split() if not line.startswith("#") else ():
                found[word] += said.split("|")
    return dict(found)
