"""Texts of one label are drawn together, long ones by the mean of their parts (in pieces: test_head_families.py)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from studio.tokens.collate import collate
from studio.training.loss import number_format
from studio.training.objectives.pairs import TEMPERATURE, PairLoss, contrast
from tests.training.parts import CPU, config_for, label_model, label_rows

ROWS = label_rows(8)


def test_the_error_is_that_of_the_paper() -> None:
    vectors = torch.tensor([[2.0, 0.0], [0.6, 0.8], [0.0, 3.0]])
    labels = torch.tensor([1, 1, 0])
    near, far, between = 0.6 / TEMPERATURE, 0.0, 0.8 / TEMPERATURE
    first = -near + torch.logsumexp(torch.tensor([near, far]), 0)
    second = -near + torch.logsumexp(torch.tensor([near, between]), 0)
    assert contrast(vectors, labels).tolist() == pytest.approx([float(first), float(second), 0.0], rel=1e-3)


def test_mates_that_lie_together_have_less_error() -> None:
    labels = torch.tensor([0, 0, 1, 1])
    apart = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 0.1], [0.1, 1.0]])
    assert contrast(apart[[0, 2, 1, 3]], labels).sum() < contrast(apart, labels).sum()


def test_texts_with_several_labels_are_mates_as_far_as_they_share_them() -> None:
    vectors = torch.tensor([[2.0, 0.0], [0.6, 0.8], [0.0, 3.0], [1.0, 1.0]])
    one = torch.tensor([1, 1, 0, 2])
    alone = torch.tensor([[0.0, 1, 0], [0, 1, 0], [1, 0, 0], [0, 0, 1]])
    torch.testing.assert_close(contrast(vectors, alone), contrast(vectors, one))
    shared = torch.tensor([[1.0, 1, 0], [0, 1, 0], [1, 1, 1], [0, 0, 0]])
    cosines = torch.tensor([0.6, 0.0, 0.5**0.5]) / TEMPERATURE
    first = -(cosines.log_softmax(0) * torch.tensor([1 / 2, 2 / 3, 0.0])).sum() / (1 / 2 + 2 / 3)
    found = contrast(vectors, shared)
    assert float(found[0]) == pytest.approx(float(first), rel=1e-4)
    assert float(found[3]) == 0  # it shares none


def test_a_text_in_several_parts_is_the_mean_of_them(tmp_path: Path) -> None:
    model = label_model(tmp_path, config_for("classify", "full", approach="contrastive"))
    model.net.eval()
    long = replace(ROWS[0], beside=(ROWS[2], ROWS[4]))
    loss = PairLoss(model)
    with torch.no_grad():
        vectors = loss._vectors(collate([long, *ROWS[1:4]], pad_id=0, device=CPU))
        parts = loss._vectors(collate([ROWS[0], ROWS[2], ROWS[4]], pad_id=0, device=CPU))
    assert vectors.shape == (4, parts.shape[1])
    torch.testing.assert_close(vectors[0], parts.mean(0))


def test_a_pair_of_texts_is_told_apart_by_its_types(tmp_path: Path) -> None:
    model = label_model(tmp_path, config_for("classify", "full", approach="contrastive"))
    model.net.eval()
    rows = [replace(row, types=(0, *(1 for _ in row.ids[1:]))) for row in ROWS]
    loss = PairLoss(model)
    with torch.no_grad():
        typed, plain = (loss._vectors(collate(some, pad_id=0, device=CPU)) for some in (rows, ROWS))
    assert not torch.allclose(typed, plain, atol=1e-3)


def test_sixteen_bit_numbers_compare_vectors_in_32_bit(tmp_path: Path) -> None:
    model = label_model(tmp_path, config_for("classify", "full", approach="contrastive", precision="bf16"))
    torch.manual_seed(0)
    vectors, labels = torch.randn(32, 384), torch.arange(32) % 4
    with number_format(model):
        found = contrast(vectors, labels)
    torch.testing.assert_close(found, contrast(vectors, labels), rtol=1e-6, atol=1e-6)
