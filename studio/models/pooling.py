"""The vector of a text: what a sentence encoder makes of it, of length 1. (torch)

In: an encoder's network, token ids with their mask. Out: (texts, width) vectors, so that the inner product of two is
their cosine. Knows nothing of prefixes, passages or losses.
"""

from __future__ import annotations

from torch import Tensor, nn

from studio.models.head import mean_of_tokens
from studio.models.sentence import Pooling


def text_vectors(net: nn.Module, input_ids: Tensor, attention_mask: Tensor, pooling: Pooling) -> Tensor:
    """Vectors in 32-bit for ids and mask (texts, tokens); `net` gives `.last_hidden_state`."""
    hidden = net(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
    return pooled(hidden, attention_mask, pooling)


def pooled(hidden: Tensor, attention_mask: Tensor, pooling: Pooling) -> Tensor:
    """One vector of length 1 for each text, from its (texts, tokens, width) states, in 32-bit."""
    states = hidden.float()
    found = mean_of_tokens(states, attention_mask) if pooling == "mean" else states[:, 0]
    return nn.functional.normalize(found, dim=-1)
