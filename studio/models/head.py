"""The classifier on a BERT encoder: the mean of all tokens, not the first one. (torch)

In: an encoder; token ids with their mask. Out: one logit per label. `to_native` writes it as an ordinary
BertForSequenceClassification that any program opens. Knows nothing of labels' names beyond the encoder's config.

Sentence encoders were trained so that the mean of their token vectors means something; BERT's own classifier reads the
first token. Here: mean -> LayerNorm without weights -> dense + tanh -> dropout -> linear.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from transformers.modeling_outputs import SequenceClassifierOutput


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
        # Near the identity, so that the first steps already see the encoder's own geometry.
        with torch.no_grad():
            self.dense.weight.normal_(0, spread).add_(torch.eye(self.dense.in_features))
            self.dense.bias.zero_()
            self.classifier.weight.normal_(0, spread)
            self.classifier.bias.zero_()

    @property
    def config(self) -> Any:
        """The encoder's transformers config."""
        return self.encoder.config

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> SequenceClassifierOutput:
        """Logits (rows, labels) for ids and mask (rows, tokens)."""
        tokens = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        pooled = mean_of_tokens(tokens, attention_mask).to(self.dense.weight.dtype)
        pooled = nn.functional.layer_norm(pooled, pooled.shape[-1:], eps=self.eps)
        pooled = self.dropout(torch.tanh(self.dense(pooled)))
        return SequenceClassifierOutput(logits=self.classifier(pooled))


def mean_of_tokens(tokens: Tensor, attention_mask: Tensor) -> Tensor:
    """The mean over unmasked tokens: (rows, tokens, width) and (rows, tokens) -> (rows, width)."""
    weights = attention_mask.unsqueeze(-1).to(tokens.dtype)
    return (tokens * weights).sum(1) / weights.sum(1).clamp(min=1)
