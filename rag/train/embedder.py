"""The built-in embedder's training: a static model by inverse-cloze pairs.

Each token has one vector, a text is their mean. A run of one to three clauses is drawn from an
article and must find the clauses around it among those of the rest of the batch (inverse cloze
task, Lee et al. 2019, arXiv:1906.00300; in-batch negatives with the loss of sentence-transformers,
MultipleNegativesRankingLoss). Everything random comes from the seed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from rag.embed.static import write_model
from rag.errors import EmbedderError
from rag.text.frequency import count as count_ngrams
from rag.train.corpus import (
    CLAUSE,
    ClauseCorpus,
    document_frequency,
    read_articles,
    tokenise,
    train_tokenizer,
)

if TYPE_CHECKING:
    from tokenizers import Tokenizer

LEAST = 50
"""Different articles below which a vocabulary and vectors would be those of a few texts."""
LARGEST = 127.0 * float(np.finfo(np.float16).max)
"""What a model folder can hold."""
Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What the training does; stored beside the model. ``vocab`` is the most tokens there may be: a
    small corpus gives fewer."""

    vocab: int = 40_000
    dimension: int = 256
    steps: int = 3_000
    batch: int = 1_024
    learning_rate: float = 0.02
    warmup: float = 0.1
    window: int = 96
    keep_query: float = 0.15
    tokenizer_articles: int = 20_000
    seed: int = 20261121


def draw_pairs(
    corpus: ClauseCorpus, rng: np.random.Generator, recipe: Recipe
) -> tuple[list[npt.NDArray[np.int32]], list[npt.NDArray[np.int32]]]:
    """``batch`` (query, passage) pairs of token ids, each from another article."""
    count = len(corpus.articles) - 1
    chosen = rng.choice(count, size=min(recipe.batch, count), replace=False)
    queries, passages = [], []
    for article in chosen:
        first, last = corpus.articles[article], corpus.articles[article + 1]
        length = int(rng.choice((1, 2, 3), p=(0.5, 0.3, 0.2)))
        start = int(rng.integers(first, max(first + 1, last - length)))
        end = min(last, start + length)
        query = corpus.ids[corpus.clauses[start] : corpus.clauses[end]]
        before = max(corpus.clauses[first], corpus.clauses[start] - rng.integers(recipe.window))
        after = min(corpus.clauses[last], corpus.clauses[end] + recipe.window)
        left = corpus.ids[before : corpus.clauses[start]]
        right = corpus.ids[corpus.clauses[end] : after]
        parts = [left, query, right] if rng.random() < recipe.keep_query else [left, right]
        passage = np.concatenate(parts)
        if 2 <= len(query) <= 60 and len(passage) >= 4:
            queries.append(query)
            passages.append(passage)
    if len(queries) < 2:  # nothing that a query could be taken for
        raise _too_short(f"{len(chosen)} articles gave {len(queries)} pairs")
    return queries, passages


def _check_enough(articles: Sequence[str]) -> None:
    """Raises EmbedderError for a corpus from which there is nothing to learn."""
    different = set(articles)
    if len(different) < LEAST:
        said = f"{len(articles)} articles"
        if len(different) < len(articles):
            said += f", {len(different)} of them different,"
        raise EmbedderError(
            f"{said} are too few to train on", f"give at least {LEAST} (better 10,000)"
        )
    long = (text for text in different if len(CLAUSE.findall(text)) > 1)
    able = sum(1 for _ in islice(long, LEAST))
    if able < LEAST:
        raise _too_short(f"{able} of {len(articles)} have more than one clause")


def _too_short(what: str) -> EmbedderError:
    return EmbedderError(
        f"the articles are too short to train on: {what}",
        f"give at least {LEAST} articles of several sentences",
    )


def train(
    folder: Path,
    out: Path,
    recipe: Recipe,
    progress: Progress,
    tokenizer: Tokenizer | None = None,
) -> dict[str, float]:
    """Trains on the articles of ``folder`` and writes the model folder ``out``.

    The unigram trainer of the tokenizers library is not deterministic; given a ``tokenizer`` (such
    as that of the model to be made again), all else is, and equal input gives an equal model.
    Returns figures for the card. Raises EmbedderError where the corpus is too small to train on, or
    the vectors do not converge.
    """
    articles = list(read_articles(folder))
    _check_enough(articles)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EmbedderError(
            f"{out} cannot be made a folder ({error})", "give another --out"
        ) from None
    rng = np.random.default_rng(recipe.seed)
    progress("tokenizer", 0, None)
    sample = rng.choice(len(articles), min(recipe.tokenizer_articles, len(articles)), replace=False)
    if tokenizer is None:
        tokenizer = train_tokenizer([articles[i] for i in sample], recipe.vocab)
    progress("tokenise", 0, None)
    corpus = tokenise(articles, tokenizer)
    frequency = document_frequency(corpus, tokenizer.get_vocab_size())
    weights, loss = _optimise(corpus, tokenizer, frequency, recipe, rng, progress)
    if not float(np.abs(weights).max()) < LARGEST:  # NaN is not less either
        raise EmbedderError(
            f"the training did not converge (loss {loss:g})",
            "give a larger corpus, or a lower learning rate in the recipe",
        )
    idf = np.log((len(articles) + 1) / (frequency + 0.5)).astype(np.float32)
    write_model(out, tokenizer, weights, idf, {"recipe": asdict(recipe), "articles": len(articles)})
    progress("n-grams", 0, None)
    np.save(out / "ngrams.npy", count_ngrams(articles))
    figures = {
        "articles": len(articles),
        "tokens": len(corpus.ids),
        "vocab": tokenizer.get_vocab_size(),
        "loss": loss,
    }
    (out / "training.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return figures


def _optimise(
    corpus: ClauseCorpus,
    tokenizer: object,
    frequency: npt.NDArray[np.int64],
    recipe: Recipe,
    rng: np.random.Generator,
    progress: Progress,
) -> tuple[npt.NDArray[np.float32], float]:
    """(vocab, d) float32 token vectors and the mean loss of the last tenth."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding

    torch.manual_seed(recipe.seed)
    static = StaticEmbedding(tokenizer, embedding_dim=recipe.dimension)
    with torch.no_grad():
        # A rare token says more than a frequent one: start from that, let training correct it.
        idf = np.log((frequency.max() + 1) / (frequency + 1)) + 0.1
        scale = torch.from_numpy((idf / idf.mean()).astype(np.float32))
        static.embedding.weight.mul_(0.1).mul_(scale[:, None])
    model = SentenceTransformer(modules=[static, Normalize()], device="cpu")
    loss_of = MultipleNegativesRankingLoss(model)
    optimiser = torch.optim.Adam(model.parameters(), lr=recipe.learning_rate)
    warm = max(1, int(recipe.steps * recipe.warmup))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser,
        lambda step: min((step + 1) / warm, (recipe.steps - step) / max(1, recipe.steps - warm)),
    )

    def features(rows: list[npt.NDArray[np.int32]]) -> dict[str, torch.Tensor]:
        lengths = np.asarray([0] + [len(row) for row in rows[:-1]])
        return {
            "input_ids": torch.from_numpy(np.concatenate(rows).astype(np.int64)),
            "offsets": torch.from_numpy(np.cumsum(lengths)),
        }

    losses: list[float] = []
    for step in range(recipe.steps):
        queries, passages = draw_pairs(corpus, rng, recipe)
        optimiser.zero_grad(set_to_none=True)
        loss = loss_of([features(queries), features(passages)], None)
        loss.backward()
        optimiser.step()
        schedule.step()
        losses.append(float(loss.detach()))
        if step % 25 == 0:
            progress(f"train, loss {np.mean(losses[-25:]):.3f}", step, recipe.steps)
    progress("train", recipe.steps, recipe.steps)
    return static.embedding.weight.detach().numpy(), float(np.mean(losses[-recipe.steps // 10 :]))
