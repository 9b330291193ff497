"""A sentence-transformers model of a few kilobytes, saved as a user's model would be."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

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


def save_tiny_bert(folder: Path, kind: str = "BertModel", labels: int = 1) -> Path:
    """A BERT of one layer and eight dimensions with a vocabulary of single characters, untrained;
    ``kind`` is the class of transformers that is saved."""
    import torch

    transformers: Any = import_module("transformers")  # its types lag behind what it takes
    folder.mkdir(parents=True)
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]
    (folder / "vocab.txt").write_text("\n".join(tokens), encoding="utf-8")
    transformers.BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    torch.manual_seed(7)
    config = transformers.BertConfig(
        vocab_size=len(tokens), hidden_size=8, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, max_position_embeddings=64, num_labels=labels,
    )  # fmt: skip
    getattr(transformers, kind)(config).save_pretrained(folder)
    return folder


def save_tiny_cross_encoder(folder: Path) -> Path:
    """A cross-encoder that has learnt by heart: 北京天气 and 上海经济 are each about themselves."""
    import torch
    from sentence_transformers import CrossEncoder

    save_tiny_bert(folder, "BertForSequenceClassification")
    model = CrossEncoder(str(folder), device="cpu", local_files_only=True)
    texts = ("北京天气", "上海经济")
    pairs = [(question, text) for question in texts for text in texts]
    wanted = torch.tensor([[4.0], [-4.0], [-4.0], [4.0]])
    torch.manual_seed(7)
    optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
    model.eval()
    for _ in range(150):
        optimiser.zero_grad()
        loss = (model(model.preprocess(pairs))["scores"] - wanted).square().mean()
        loss.backward()
        optimiser.step()
    model.save_pretrained(str(folder), create_model_card=False)
    return folder


def save_tiny_nli(folder: Path) -> Path:
    """A classifier of pairs that has learnt by heart: 北京天气 entails itself, contradicts 上海经济 and
    says nothing of 数字. Its labels are contradiction, entailment, neutral."""
    import torch
    from sentence_transformers import CrossEncoder

    save_tiny_bert(folder, "BertForSequenceClassification", labels=3)
    path = folder / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    labels = ("contradiction", "entailment", "neutral")
    config |= {
        "id2label": {str(at): label for at, label in enumerate(labels)},
        "label2id": {label: at for at, label in enumerate(labels)},
    }
    path.write_text(json.dumps(config), encoding="utf-8")
    model = CrossEncoder(str(folder), device="cpu", local_files_only=True)
    pairs = [("北京天气", claim) for claim in ("北京天气", "上海经济", "数字")]
    wanted = 8 * torch.eye(3)[[1, 0, 2]] - 4
    torch.manual_seed(7)
    optimiser = torch.optim.Adam(model.parameters(), lr=0.003)
    model.eval()
    for _ in range(600):
        optimiser.zero_grad()
        loss = (model(model.preprocess(pairs))["scores"] - wanted).square().mean()
        loss.backward()
        optimiser.step()
    model.save_pretrained(str(folder), create_model_card=False)
    return folder
