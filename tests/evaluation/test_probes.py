"""Probes measure what training needs to know, the same way as everywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from studio.evaluation import probe_answers
from studio.evaluation.asked import Asked
from studio.evaluation.probes import probes
from studio.tokens.collate import collate
from studio.tokens.rows import encode_rows
from tests.evaluation.parts import CPU, LABELS, answer_cells, dataset, label_cells, no, read_dataset, tiny


def test_labels_are_scored_as_the_loss_counts_them(tmp_path: Path) -> None:
    model, tokenizer, task, config = tiny(tmp_path / "m", "classify", "full")
    data = dataset(tmp_path, label_cells(60), labels=LABELS)
    examples = [task.example(row) for row in data.rows("watching")]
    watching = list(encode_rows(tokenizer, examples, config, labels=LABELS, max_tokens=96))
    asked = probes(Asked(task, tokenizer, data, watching, config, ("my parcel is late",), no))
    batch = collate(watching, pad_id=tokenizer.pad_id, device=CPU)
    with torch.no_grad():
        logits = model.net(input_ids=batch.ids, attention_mask=batch.attention).logits
    loss = float(torch.nn.functional.cross_entropy(logits, batch.labels))
    right = float((logits.argmax(-1) == batch.labels).float().mean())
    assert asked.score(model) == (pytest.approx(loss, rel=1e-4), pytest.approx(right))
    ((prompt, label, share),) = asked.sample(model)
    assert (prompt, label in LABELS) == ("my parcel is late", True)
    assert share is not None
    assert 1 / 3 <= share <= 1


def test_answers_are_scored_by_loss_and_closeness_and_stop_at_once(tmp_path: Path) -> None:
    model, tokenizer, task, config = tiny(tmp_path / "m", "answer", "lora")
    data = dataset(tmp_path, answer_cells(60), test=24)
    examples = [task.example(row) for row in data.rows("watching")]
    watching = list(tokenizer.encode_many(examples, max_tokens=96))
    asked = probes(Asked(task, tokenizer, data, watching, config, ("what is item 3",), no))
    found = asked.score(model)
    assert found is not None
    assert found[0] > 0
    assert 0 <= found[1] <= 1
    assert asked.score(model) == found
    assert [(prompt, share) for prompt, _, share in asked.sample(model)] == [("what is item 3", None)]
    assert probes(Asked(task, tokenizer, data, watching, config, (), lambda: True)).score(model) is None


def test_answers_from_a_text_are_scored_by_their_words_and_no_answer_counts_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, tokenizer, task, config = tiny(tmp_path / "m", "read", "lora")
    data = read_dataset(tmp_path)
    examples = [task.example(row) for row in data.rows("watching")]
    watching = list(tokenizer.encode_many(examples, max_tokens=96))
    assert all(row.cut for row in watching)
    asked = probes(Asked(task, tokenizer, data, watching, config, ("what size\nA box of size 3.",), no))

    def written(*_: object, **__: object) -> Iterator[tuple[int, str]]:
        """The first, fourth, … row of the twelve has no answer in its text."""
        return ((n, "The text does not say." if n < 6 else "size 3") for n in range(12))

    monkeypatch.setattr(probe_answers, "complete", written)
    found = asked.score(model)
    assert found is not None
    none_right = [n for n, row in enumerate(data.rows("watching")) if not row.target and n < 6]
    shared = [n for n, row in enumerate(data.rows("watching")) if row.target and n >= 6]
    assert found[1] == pytest.approx((len(none_right) + 0.5 * len(shared)) / 12)
