"""The classifier on a BERT encoder: the mean of all tokens, not the first one. (torch)

In: an encoder; token ids with their mask. Out: one logit per label. `to_native` writes it as an ordinary
BertForSequenceClassification that any program opens. Knows nothing of labels' names beyond the encoder's config.

Sentence encoders were trained so that the mean of their token vectors means something; BERT's own classifier reads the
first token. Here: mean -> LayerNorm without weights -> dense + tanh -> dropout -> linear.
"""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch import Tensor, nn
from transformers import BertForSequenceClassification
from transformers.modeling_outputs import SequenceClassifierOutput

# The powers of two by which `to_native` scales: exact in any number format, and within half precision's range.
_DAMP, _LIFT = 2.0**-8, 2.0**10


class MeanPooledClassifier(nn.Module):
    """`encoder` is a BertModel without pooler (or one with an adapter round it); its config names the labels."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        config: Any = encoder.config
        self.encoder = encoder
        self.eps = float(config.layer_norm_eps)
        self.dense = nn.Linear(config.hidden_size, config.hidden_size)
        self.dropout = nn.Dropout(config.hidden_dropout_prob)
        self.classifier = nn.Linear(config.hidden_size, config.num_labels)
        self._initialise(float(config.initializer_range))

    def _initialise(self, spread: float) -> None:
        with torch.no_grad():
            nn.init.eye_(self.dense.weight)  # the first steps already see the encoder's own geometry
            self.dense.bias.zero_()
            self.classifier.weight.normal_(0, spread)
            self.classifier.bias.zero_()

    @property
    def config(self) -> Any:
        """The encoder's transformers config."""
        return self.encoder.config

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> SequenceClassifierOutput:
        """Logits (rows, labels) for ids and mask (rows, tokens)."""
        pooled = self.dropout(self.pooled(input_ids, attention_mask))
        return SequenceClassifierOutput(logits=self.classifier(pooled))

    def pooled(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """What the last layer reads: (rows, width) for ids and mask (rows, tokens)."""
        tokens = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mean = mean_of_tokens(tokens, attention_mask).to(self.dense.weight.dtype)
        return torch.tanh(self.dense(nn.functional.layer_norm(mean, mean.shape[-1:], eps=self.eps)))


def mean_of_tokens(tokens: Tensor, attention_mask: Tensor) -> Tensor:
    """The mean over unmasked tokens: (rows, tokens, width) and (rows, tokens) -> (rows, width)."""
    weights = attention_mask.unsqueeze(-1).to(tokens.dtype)
    return (tokens * weights).sum(1) / weights.sum(1).clamp(min=1)


def to_native(model: MeanPooledClassifier) -> BertForSequenceClassification:
    """The same function as an ordinary BertForSequenceClassification with one more layer. Give it a plain encoder
    (adapters merged); it is copied, never changed.

    The extra layer's queries and keys are zero, so its attention gives every unmasked token the same weight and its
    context is the mean. Its residual would add the token itself: the last real layer's output is scaled by 2^-8,
    values undo that, and the context is multiplied by 2^10, so that the token weighs 2^-18 of the mean; the LayerNorm
    behind takes the scale out again. The feed-forward part is zero. BERT's pooler then is our dense + tanh.
    """
    source: Any = model.encoder
    config = copy.deepcopy(source.config)
    config.num_hidden_layers += 1
    config.architectures = ["BertForSequenceClassification"]
    native: Any = BertForSequenceClassification(config)
    missing = native.bert.load_state_dict(source.state_dict(), strict=False)
    assert not missing.unexpected_keys
    with torch.no_grad():
        last = native.bert.encoder.layer[-2].output.LayerNorm
        last.weight.mul_(_DAMP)
        last.bias.mul_(_DAMP)
        _make_mean(native.bert.encoder.layer[-1])
        native.bert.pooler.dense.load_state_dict(model.dense.state_dict())
        native.classifier.load_state_dict(model.classifier.state_dict())
    native.eval()
    assert isinstance(native, BertForSequenceClassification)
    return native


def _make_mean(layer: Any) -> None:
    for parameter in layer.parameters():
        parameter.zero_()
    layer.attention.self.value.weight.fill_diagonal_(1 / _DAMP)
    layer.attention.output.dense.weight.fill_diagonal_(_LIFT)
    for norm in (layer.attention.output.LayerNorm, layer.output.LayerNorm):
        norm.weight.fill_(1)
