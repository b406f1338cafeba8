"""The forecast counts what it says, and says what does not fit."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from studio.config.automatic import Facts, automatic, resolved
from studio.config.config import Config
from studio.config.edit import change
from studio.models import fit
from studio.models.fit import Machine
from studio.models.gate import ModelFacts
from studio.problems import Problem

GIB = 1 << 30
MACHINE = Machine(cores=2, memory=16 * GIB, free_memory=12 * GIB, free_disk=100 * GIB)
MINILM = ModelFacts(Path("minilm"), "bert", "encoder", 22_713_216, 90_868_376, 512, 384, 6, 30522, "", "f32")
SMOL = ModelFacts(Path("smol"), "llama", "causal", 134_515_008, 269_060_552, 8192, 576, 30, 49152, "", "bf16")


@pytest.fixture(autouse=True)
def known_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A processor of 100 billion operations a second."""
    monkeypatch.setattr(fit, "_matrix_speed_once", lambda: 100e9)


def facts(model: ModelFacts, *, rows: int = 2000) -> Facts:
    return Facts(rows, 60, 200, 120, 5, model.parameters, model.context, MACHINE.memory, False)


def settled(kind: str, model: ModelFacts, **changes: object) -> Config:
    config = change(Config(), "task.kind", kind)
    for path, value in changes.items():
        config = change(config, path.replace("__", "."), value)
    return resolved(config, automatic(config, facts(model)))


def test_twice_the_rounds_take_twice_the_time_of_learning() -> None:
    def seconds(rounds: float) -> float:
        config = settled("answer", SMOL, training__epochs=rounds, training__validations=1)
        return fit.forecast(config, facts(SMOL), SMOL, MACHINE).seconds

    assert seconds(4) - seconds(2) == pytest.approx(2 * (seconds(2) - seconds(1)), rel=0.01)


def test_an_earlier_run_s_speed_replaces_the_estimate() -> None:
    config = settled("answer", SMOL)
    slow = fit.forecast(config, facts(SMOL), SMOL, MACHINE, mean_tokens=100, tokens_per_second=100)
    fast = fit.forecast(config, facts(SMOL), SMOL, MACHINE, mean_tokens=100, tokens_per_second=1000)
    assert slow.seconds - fast.seconds == pytest.approx(2 * 2000 * 100 * (1 / 100 - 1 / 1000), rel=0.01)


def test_an_adapter_needs_less_than_all_weights() -> None:
    lora = fit.forecast(settled("answer", SMOL), facts(SMOL), SMOL, MACHINE)
    full = fit.forecast(settled("answer", SMOL, model__method="full"), facts(SMOL), SMOL, MACHINE)
    assert lora.memory < full.memory
    assert lora.disk < full.disk / 5
    assert lora.seconds < full.seconds


def test_the_sentence_has_units() -> None:
    told = fit.forecast(settled("classify", MINILM), facts(MINILM), MINILM, MACHINE)
    assert told.fits
    assert told.sentence.startswith("About ")
    assert told.sentence.endswith("of 16 GB")


def test_what_does_not_fit_says_so() -> None:
    small = replace(MACHINE, memory=2 * GIB)
    config = settled("answer", SMOL, model__method="full")
    told = fit.forecast(config, facts(SMOL), SMOL, small)
    assert not told.fits
    assert "Does not fit" in told.sentence
    full_disk = fit.forecast(config, facts(SMOL), SMOL, replace(MACHINE, free_disk=1 << 20))
    assert not full_disk.fits
    assert "on the disk" in full_disk.sentence


def test_what_surely_does_not_fit_is_refused() -> None:
    config = settled("answer", SMOL, model__method="full")
    fit.refuse_misfit(fit.forecast(config, facts(SMOL), SMOL, MACHINE), MACHINE)
    small, full = replace(MACHINE, memory=GIB), replace(MACHINE, free_disk=1 << 20)
    with pytest.raises(Problem, match="not enough memory") as caught:
        fit.refuse_misfit(fit.forecast(config, facts(SMOL), SMOL, small), small)
    assert "this computer has 1.0 GB" in caught.value.why
    with pytest.raises(Problem, match="not enough room on the disk"):
        fit.refuse_misfit(fit.forecast(config, facts(SMOL), SMOL, full), full)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(3, "10 seconds"), (44, "40 seconds"), (61, "a minute"), (240, "4 minutes"), (3 * 3600, "3.0 hours")],
)
def test_durations_are_plain(seconds: float, words: str) -> None:
    assert fit._duration(seconds) == words


def test_this_machine_has_memory_and_disk(tmp_path: Path) -> None:
    found = fit.machine(tmp_path / "not" / "yet" / "there")
    assert found.cores >= 1
    assert 0 < found.free_memory <= found.memory
    assert found.free_disk > 0


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        ("NVIDIA H100 80GB HBM3, 81559", ("NVIDIA H100 80GB HBM3", 81559 << 20)),
        ("No devices were found", ("", 0)),
        ("", ("", 0)),
    ],
)
def test_the_graphics_card_is_what_its_tool_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str, expected: tuple[str, int]
) -> None:
    tool = tmp_path / "nvidia-smi"
    tool.write_text(f"#!/bin/sh\necho '{says}'\n")
    tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setattr(fit, "_can_use_cards", lambda: True)
    fit._graphics_card.cache_clear()
    assert fit._graphics_card() == expected
    monkeypatch.setattr(fit, "_can_use_cards", lambda: False)
    fit._graphics_card.cache_clear()
    assert fit._graphics_card() == ("", 0)  # the card is there, but this PyTorch cannot compute on it
    fit._graphics_card.cache_clear()


def test_whether_pytorch_was_built_for_cards_is_known_without_importing_it() -> None:
    assert fit._can_use_cards() == (torch.version.cuda is not None)


def test_the_processor_s_speed_is_measured_quickly() -> None:
    assert fit.matrix_speed() > 1e8
