"""The two real starters, where set-up has prepared them."""

from __future__ import annotations

import pytest
import torch

from studio.config import paths
from studio.models.gate import check_folder
from studio.models.head import MeanPooledClassifier, to_native
from studio.models.load import load_base, load_model
from tests.models.test_load import CPU, settled

# The user's own folder, read before a test moves STUDIO_HOME.
CHAT, SENTENCES = paths.models() / "SmolLM2-135M-Instruct", paths.models() / "all-MiniLM-L6-v2"
TEXTS = [
    "My card has not arrived.",
    "ok",
    "Why was I charged twice for the same transfer, and when is it paid back? " * 4,
]


@pytest.mark.starters
@pytest.mark.skipif(not CHAT.is_dir(), reason="the starter is not prepared")
@torch.no_grad()
def test_smollm2_knows_the_capital_of_france() -> None:
    from transformers import AutoTokenizer

    assert check_folder(CHAT).parameters == 134_515_008
    tokenizer = AutoTokenizer.from_pretrained(CHAT)
    question = [{"role": "user", "content": "What is the capital of France?"}]
    asked = tokenizer.apply_chat_template(question, add_generation_prompt=True, return_tensors="pt", return_dict=True)
    net = load_base(CHAT, kind="causal", device=CPU).net
    ids, attention = asked["input_ids"], asked["attention_mask"]
    for _ in range(12):
        likeliest = net(input_ids=ids, attention_mask=attention).logits[:, -1:].argmax(-1)
        ids, attention = torch.cat([ids, likeliest], 1), torch.cat([attention, torch.ones_like(likeliest)], 1)
    assert "Paris" in tokenizer.decode(ids[0, asked["input_ids"].shape[1] :])


@pytest.mark.starters
@pytest.mark.skipif(not SENTENCES.is_dir(), reason="the starter is not prepared")
@torch.no_grad()
def test_minilm_as_plain_bert_gives_the_same_logits() -> None:
    from transformers import AutoTokenizer

    labels = tuple(f"label {n}" for n in range(20))
    model = load_model(SENTENCES, labels=labels, config=settled("full"), device=CPU)
    assert isinstance(model.net, MeanPooledClassifier)
    model.net.eval()
    torch.manual_seed(0)
    model.net.classifier.weight.normal_(0, 0.2)
    rows = AutoTokenizer.from_pretrained(SENTENCES)(TEXTS, padding=True, return_tensors="pt")
    ids, attention = rows["input_ids"], rows["attention_mask"]
    expected = model.net(ids, attention).logits
    found = to_native(model.net)(input_ids=ids, attention_mask=attention).logits
    torch.testing.assert_close(found, expected, atol=1e-3, rtol=0)
    assert torch.equal(found.argmax(-1), expected.argmax(-1))
