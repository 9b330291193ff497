"""A sentence-transformers model of a few kilobytes, saved as a user's model would be."""

from __future__ import annotations

from pathlib import Path

WORDS = ("北", "京", "上", "海", "天", "气", "经", "济", "数", "字")


def save_tiny_model(folder: Path, seed: int = 7) -> Path:
    """StaticEmbedding over single characters, then Normalize; 16 dimensions."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers

    vocabulary = {"[UNK]": 0, **{word: n for n, word in enumerate(WORDS, start=1)}}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    torch.manual_seed(seed)
    static = StaticEmbedding(tokenizer, embedding_dim=16)
    model = SentenceTransformer(modules=[static, Normalize()], device="cpu")
    model.save_pretrained(str(folder), create_model_card=False)
    return folder
