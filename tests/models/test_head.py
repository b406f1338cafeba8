"""The mean-pooled classifier, and the same function as a plain BERT classifier."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from transformers import AutoModelForSequenceClassification, BertConfig, BertForSequenceClassification, BertModel

from studio.config.config import Config
from studio.config.edit import change
from studio.models.head import LastTokenClassifier, MeanPooledClassifier, mean_of_tokens, to_native
from studio.models.load import load_model
from tests.models.families import made


def classifier(*, seed: int = 0, hidden: int = 32, activation: str = "gelu") -> MeanPooledClassifier:
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=50,
        hidden_size=hidden,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=64,
        initializer_range=0.2,
        hidden_act=activation,
        id2label={0: "a", 1: "b", 2: "c"},
        label2id={"a": 0, "b": 1, "c": 2},
    )
    return MeanPooledClassifier(BertModel(config, add_pooling_layer=False)).eval()


def batch(*lengths: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Random ids of these lengths, padded."""
    longest = max(lengths)
    attention = torch.tensor([[1] * n + [0] * (longest - n) for n in lengths])
    return torch.randint(1, 50, attention.shape) * attention, attention


@pytest.mark.parametrize("activation", ["gelu", "relu", "silu"])
@pytest.mark.parametrize("seed", range(3))
@torch.no_grad()
def test_plain_bert_gives_the_same_logits(seed: int, activation: str) -> None:
    model = classifier(seed=seed, activation=activation)
    model.classifier.weight.normal_(0, 1)  # as far apart as after training
    ids, attention = batch(1, 2, 30, 17, 64)
    expected = model(ids, attention).logits
    found = to_native(model)(input_ids=ids, attention_mask=attention).logits
    assert expected.std() > 0.5
    torch.testing.assert_close(found, expected, atol=1e-3, rtol=0)
    assert torch.equal(found.argmax(-1), expected.argmax(-1))


@torch.no_grad()
def test_padding_changes_nothing() -> None:
    model = classifier()
    ids, attention = batch(5, 40)
    alone = model(ids[:1, :5], attention[:1, :5]).logits
    torch.testing.assert_close(model(ids, attention).logits[:1], alone, atol=1e-5, rtol=0)


@torch.no_grad()
def test_a_saved_plain_bert_opens_with_its_labels(tmp_path: Path) -> None:
    model = classifier()
    ids, attention = batch(7, 9)
    to_native(model).save_pretrained(tmp_path)
    opened = AutoModelForSequenceClassification.from_pretrained(tmp_path)
    assert isinstance(opened, BertForSequenceClassification)
    assert opened.config.id2label == {0: "a", 1: "b", 2: "c"}
    assert opened.config.num_hidden_layers == 3
    expected = model(ids, attention).logits
    torch.testing.assert_close(opened(ids, attention_mask=attention).logits, expected, atol=1e-3, rtol=0)


@torch.no_grad()
def test_the_original_stays_as_it_is() -> None:
    model = classifier()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    to_native(model)
    assert model.config.num_hidden_layers == 2
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


@torch.no_grad()
def test_half_precision_stays_in_range() -> None:
    model = classifier()
    ids, attention = batch(7, 30)
    found = to_native(model).half()(input_ids=ids, attention_mask=attention).logits
    torch.testing.assert_close(found.float(), model(ids, attention).logits, atol=0.02, rtol=0)


def test_the_mean_leaves_out_what_is_masked() -> None:
    tokens = torch.tensor([[[1.0], [3.0], [100.0]]])
    assert mean_of_tokens(tokens, torch.tensor([[1, 1, 0]])).item() == 2


@pytest.mark.parametrize("kind", ["gpt2", "llama", "qwen2", "gemma", "phi", "mistral"])
def test_a_causal_classifier_reads_the_last_token_of_each_text_whatever_fills_it_up(tmp_path: Path, kind: str) -> None:
    """As transformers does alone, but told by the mask: here the filling is a token that texts hold as well."""
    config = change(change(Config(), "model.method", "full"), "task.several", "one")
    model = load_model(
        made("causal", kind, tmp_path / kind), labels=("a", "b", "c"), config=config, device=torch.device("cpu")
    )
    assert isinstance(model.net, LastTokenClassifier)
    net = model.net.eval()
    rows = [[3, 4, 5, 6], [7, 8], [9, 5]]
    ids = torch.tensor([row + [5] * (4 - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (4 - len(row)) for row in rows])
    with torch.no_grad():
        together = net(input_ids=ids, attention_mask=mask).logits
        for row, logits in zip(rows, together, strict=True):
            alone = net.native(input_ids=torch.tensor([row])).logits[0]
            torch.testing.assert_close(logits, alone, rtol=1e-4, atol=1e-5)
