"""The network that is trained: its attention, its dropout."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional

from rag.train.reader.network import Layer, dropped
from tests.read.tiny import TINY, tiny_network


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
    torch.manual_seed(3)
    given = (torch.randn(2, 6, TINY.vectors), torch.rand(2, 6, 6),
             torch.tensor([0, 1, 1, 2, 2, 2]), torch.ones(2, 6, dtype=torch.bool))  # fmt: skip
    with torch.no_grad():
        plain = network(*given)[0]
        assert torch.equal(network(*given, 0.5)[0], plain)
        network.train()
        assert torch.equal(network(*given, 0.0)[0], plain)
        assert not torch.equal(network(*given, 0.5)[0], plain)
