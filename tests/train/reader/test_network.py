"""The network that is trained: its attention, its dropout."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch.nn import functional

from rag.read.inputs import LONGEST
from rag.train.reader.batches import collate
from rag.train.reader.network import Layer, dropped
from rag.train.reader.network import Network as network_of
from tests.read.tiny import TINY, tiny_network
from tests.train.reader.made import examples, table


def test_attention_is_pytorch_s_own() -> None:
    torch.manual_seed(3)
    layer = Layer(TINY).eval()
    x, bias = torch.randn(2, 7, TINY.width), torch.randn(2, TINY.heads, 7, 7)
    bias[1, :, :, 5:] = -1e4  # the second row is two tokens shorter
    q, k, v = (
        layer.qkv(layer.norm_in(x)).view(2, 7, 3, TINY.heads, -1).permute(2, 0, 3, 1, 4).unbind()
    )
    mixed = functional.scaled_dot_product_attention(q, k, v, attn_mask=bias)
    y = x + layer.out(mixed.transpose(1, 2).reshape(2, 7, TINY.width))
    inner = functional.gelu(layer.up(layer.norm_mid(y)), approximate="tanh")
    torch.testing.assert_close(layer(x, bias, 0.0), y + layer.down(inner), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("share", [0.25, 0.5])
def test_dropped_components_are_dropped_in_all_tokens_of_a_row_and_the_rest_scaled(
    share: float,
) -> None:
    torch.manual_seed(3)
    found = dropped(torch.ones(3, 5, 400), share)
    assert torch.equal(found, found[:, :1].expand_as(found))
    assert sorted(set(found.flatten().tolist())) == pytest.approx([0.0, 1 / (1 - share)])
    assert (found[:, 0] == 0).float().mean() == pytest.approx(share, abs=0.05)
    assert not torch.equal(found[0], found[1])


def test_nothing_is_dropped_at_a_share_of_nought() -> None:
    x = torch.randn(2, 3, 4)
    assert dropped(x, 0.0) is x


def test_dropout_is_of_training_alone() -> None:
    network = tiny_network()
    batch = collate(examples(2)[:1], table())
    with torch.no_grad():
        plain = network(batch)[0]
        assert torch.equal(network(batch, 0.5)[0], plain)
        network.train()
        assert torch.equal(network(batch, 0.0)[0], plain)
        assert not torch.equal(network(batch, 0.5)[0], plain)


def test_a_span_is_weighed_by_its_first_token_its_last_both_together_and_its_length() -> None:
    network = tiny_network()
    torch.manual_seed(4)
    x, tokens = torch.randn(1, 60, TINY.width), torch.randn(1, 60, 3)
    with torch.no_grad():
        spans = network.spans(x, tokens)[0]
        first, last = network.bilinear(x)[0].split(TINY.bilinear, dim=-1)
        for i, j, reach in ((3, 3, 0), (3, 9, 6), (1, 58, LONGEST - 1)):
            both = float(first[i] @ last[j]) * TINY.bilinear**-0.5
            alone = float(tokens[0, i, 0] + tokens[0, j, 1])
            length = float(network.length.weight[reach, 0])
            assert float(spans[i, j]) == pytest.approx(both + alone + length, abs=1e-3)


def test_styles_begin_alike() -> None:
    fresh = network_of(TINY)
    batch = collate(examples(2)[:1], table())
    with torch.no_grad():
        found = [fresh.eval()(replace(batch, style=torch.tensor([s])))[0] for s in (0, 3, 7)]
    assert torch.equal(found[0], found[1]) and torch.equal(found[0], found[2])
