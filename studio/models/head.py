"""The classifier on a BERT encoder: the mean of all tokens, not the first one. (torch)

In: an encoder; token ids with their mask. Out: one logit per label. `to_native` writes it as an ordinary
BertForSequenceClassification that any program opens. Knows nothing of labels' names beyond the encoder's config.

Sentence encoders were trained so that the mean of their token vectors means something; BERT's own classifier reads the
first token. Here: mean -> LayerNorm without weights -> dense + tanh -> dropout -> linear.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
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

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor | None = None
    ) -> SequenceClassifierOutput:
        """Logits (rows, labels) for ids, mask and token types (rows, tokens)."""
        pooled = self.dropout(self.pooled(input_ids, attention_mask, token_type_ids))
        return SequenceClassifierOutput(logits=self.classifier(pooled))

    def pooled(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor | None = None) -> Tensor:
        """What the last layer reads: (rows, width) for ids, mask and token types (rows, tokens)."""
        types = {} if token_type_ids is None else {"token_type_ids": token_type_ids}
        tokens = self.encoder(input_ids=input_ids, attention_mask=attention_mask, **types).last_hidden_state
        mean = mean_of_tokens(tokens, attention_mask).to(self.dense.weight.dtype)
        return torch.tanh(self.dense(nn.functional.layer_norm(mean, mean.shape[-1:], eps=self.eps)))


class LastTokenClassifier(nn.Module):
    """A causal model that sorts: it reads the last token, which has seen all others. `native` is the library's own
    classifier, body (perhaps with an adapter round it) and `score` layer. The last token is told by the mask, where the
    library goes by the id that fills rows up, which may also end a text."""

    def __init__(self, native: Any) -> None:
        super().__init__()
        self.native = native

    @property
    def config(self) -> Any:
        """The model's transformers config."""
        return self.native.config

    @property
    def body(self) -> nn.Module:
        """What is below the head."""
        found = getattr(self.native, self.native.base_model_prefix)
        assert isinstance(found, nn.Module)
        return found

    @property
    def classifier(self) -> nn.Linear:
        """The last layer; it has no bias."""
        assert isinstance(self.native.score, nn.Linear)
        return self.native.score

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> SequenceClassifierOutput:
        """Logits (rows, labels) for ids and mask (rows, tokens), filled up at the right."""
        return SequenceClassifierOutput(logits=self.classifier(self.pooled(input_ids, attention_mask)))

    def pooled(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """What the last layer reads: (rows, width) for ids and mask (rows, tokens)."""
        tokens = self.body(input_ids=input_ids, attention_mask=attention_mask, use_cache=False).last_hidden_state
        last = attention_mask.sum(1) - 1
        found = tokens[torch.arange(len(last), device=last.device), last]
        assert isinstance(found, Tensor)
        return found.to(self.classifier.weight.dtype)


def last_layer(net: nn.Module) -> nn.Linear:
    """The linear layer that gives the logits of a network for labels or a number, whichever family it is of."""
    if isinstance(net, MeanPooledClassifier | LastTokenClassifier):
        return net.classifier
    body = f"{net.base_model_prefix}."  # some families name their head first
    own = (layer for name, layer in net.named_modules() if not name.startswith(body))
    return [layer for layer in own if isinstance(layer, nn.Linear)][-1]


def last_features(net: nn.Module, inputs: Mapping[str, Tensor]) -> Tensor:
    """What the last layer reads of a batch: (sequences, width)."""
    if isinstance(net, MeanPooledClassifier | LastTokenClassifier):
        return net.pooled(**inputs)
    kept: list[Tensor] = []
    watch = last_layer(net).register_forward_pre_hook(lambda _, given: kept.append(given[0]))
    try:
        net(**inputs)
    finally:
        watch.remove()
    return kept[0]


def fold_number(net: nn.Module, mean: float, spread: float) -> None:
    """Let the last layer of a network with one output give `mean` + `spread` times what it gave."""
    last = last_layer(net)
    assert last.bias is not None
    with torch.no_grad():
        last.weight.mul_(spread)
        last.bias.mul_(spread).add_(mean)


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
