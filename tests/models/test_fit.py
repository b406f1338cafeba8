"""The forecast counts what it says, and says what does not fit."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
import torch

from studio.config.automatic import Facts, automatic, resolved
from studio.config.config import Config
from studio.config.edit import change
from studio.models import fit
from studio.models.fit import Forecast, Machine
from studio.models.gate import ModelFacts
from studio.problems import Problem

GIB = 1 << 30
MACHINE = Machine(cores=2, memory=16 * GIB, free_memory=12 * GIB, free_disk=100 * GIB)
MINILM = ModelFacts(Path("minilm"), "bert", "encoder", 22_713_216, 90_868_376, 512, 384, 6, 30522, "", "f32")
SMOL = ModelFacts(Path("smol"), "llama", "causal", 134_515_008, 269_060_552, 8192, 576, 30, 49152, "", "bf16")


@pytest.fixture(autouse=True)
def known_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A processor of 100 billion operations a second."""
    monkeypatch.setattr(fit, "_core_speed_once", lambda: 100e9)


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
        return fit.forecast(config, facts(SMOL), SMOL, MACHINE).soonest

    assert seconds(4) - seconds(2) == pytest.approx(2 * (seconds(2) - seconds(1)), rel=0.01)


def test_going_back_towards_the_start_takes_another_fit_and_another_copy_of_what_learns() -> None:
    def told(kept: float, rows: int = 8000) -> fit.Forecast:
        config = settled(
            "classify", MINILM, training__kept_change=kept, training__approach="direct", training__epochs=3,
            training__agreement=0,
        )  # fmt: skip
        return fit.forecast(config, replace(facts(MINILM), rows=rows), MINILM, MACHINE)

    assert told(0.7).soonest > told(1.0).soonest
    more = told(0.7).memory - told(1.0).memory
    assert more == 4 * (MINILM.parameters - MINILM.vocabulary * MINILM.hidden)  # the table of words never learns
    step = told(1.0, 80_000).soonest - told(1.0, 40_000).soonest
    assert told(0.7, 80_000).soonest - told(0.7, 40_000).soonest == pytest.approx(step)  # no more rows are fitted to


def test_reading_twice_takes_twice_the_time_of_learning() -> None:
    def told(agreement: float, rounds: float) -> fit.Forecast:
        config = settled("classify", MINILM, training__agreement=agreement, training__epochs=rounds,
                         training__approach="direct")  # fmt: skip
        return fit.forecast(config, facts(MINILM), MINILM, MACHINE)

    once, twice = (told(agreement, 4).soonest - told(agreement, 2).soonest for agreement in (0, 1))
    assert 1.8 * once < twice < 2 * once  # the corrections themselves are as many
    assert told(1, 2).memory > told(0, 2).memory


def test_many_rows_learned_from_pairs_are_read_less_often_at_each_fit() -> None:
    """As training/head_start.py does; ten thousand rows are read twice, twenty thousand once."""

    def fits(rows: int) -> float:
        config = settled("classify", MINILM, training__approach="contrastive", training__max_steps=1)
        return fit._fitting(config, replace(facts(MINILM), rows=rows), MINILM, 60)

    assert fits(5_000) == fits(10_000) == fits(20_000) == fits(80_000) > 2 * fits(2_000)


def test_rows_without_a_label_take_their_time_at_each_fit() -> None:
    def fits(approach: str, unlabelled: int, used: bool = True) -> float:
        config = settled("classify", MINILM, training__approach=approach, training__use_unlabelled=used)
        return fit._fitting(config, replace(facts(MINILM), rows=700, unlabelled=unlabelled), MINILM, 20)

    for approach in ("frozen", "contrastive"):
        alone, some, more = (fits(approach, count) for count in (0, 2_000, 4_000))
        assert more - some > 2_000 * 20 * 2 * fit._body(MINILM)
        assert some > alone
        assert fits(approach, 20_000) == fits(approach, 10_000)
        assert fits(approach, 4_000, used=False) < alone
    assert fits("direct", 4_000) == fits("direct", 0)


def test_an_answer_is_never_set_back_and_needs_no_copy_of_the_start() -> None:
    def told(kept: float) -> fit.Forecast:
        config = settled("answer", SMOL, model__method="full", training__kept_change=kept)
        return fit.forecast(config, facts(SMOL), SMOL, MACHINE)

    assert told(0.7) == told(1.0)


@pytest.mark.parametrize(("kind", "several"), [("classify", ";"), ("rate", None), ("answer", None)])
def test_what_has_no_one_label_is_read_once_whatever_is_asked(kind: str, several: str | None) -> None:
    model = SMOL if kind == "answer" else MINILM

    def told(agreement: float) -> fit.Forecast:
        config = settled(kind, model, task__several=several, training__approach="direct", training__agreement=agreement)
        return fit.forecast(config, facts(model), model, MACHINE)

    assert told(1.0) == told(0.0)


def test_the_pace_of_earlier_runs_replaces_the_estimate() -> None:
    def told(*paces: float) -> Forecast:
        config = settled("answer", SMOL, training__validations=1)
        return fit.forecast(config, facts(SMOL), SMOL, MACHINE, mean_tokens=100, paces=paces)

    slow, fast, both, estimate = told(*[100] * 3), told(*[1000] * 3), told(1000, 100, 500), told()
    assert slow.soonest > 5 * fast.latest
    assert (both.soonest, both.latest) == (fast.soonest, slow.latest)
    assert slow.latest / slow.soonest < 1.5 < estimate.latest / estimate.soonest
    once = told(100)  # it may have been a busy hour
    assert once.soonest == pytest.approx(estimate.soonest, rel=0.1)
    assert once.latest == slow.latest
    assert "as earlier runs took here" in slow.sentence
    assert "depending on what else this computer does" in estimate.sentence


def test_an_adapter_needs_less_than_all_weights() -> None:
    lora = fit.forecast(settled("answer", SMOL), facts(SMOL), SMOL, MACHINE)
    full = fit.forecast(settled("answer", SMOL, model__method="full"), facts(SMOL), SMOL, MACHINE)
    assert lora.memory < full.memory
    assert lora.disk < full.disk / 5
    assert lora.soonest < full.soonest


def test_the_sentence_is_a_span_of_time_and_says_that_it_may_be_less() -> None:
    few = replace(facts(MINILM, rows=475), median_tokens=21)

    def told(**changes: object) -> str:
        config = settled("classify", MINILM, training__agreement=0, **changes)
        return fit.forecast(config, few, MINILM, MACHINE).sentence

    assert told(training__epochs=10.0) == (
        "About 1 to 3 minutes for 10 rounds, depending on what else this computer does. It usually ends earlier."
    )
    assert told(training__epochs=2.0).endswith(" It may end earlier.")
    assert told(training__epochs=10.0, training__patience=0).endswith("does.")  # nothing ends it early
    assert " for one round, " in told(training__epochs=1.0)
    assert " for 7 steps, " in told(training__max_steps=7)


def test_a_busy_computer_is_told() -> None:
    config = settled("classify", MINILM)
    told = fit.forecast(config, facts(MINILM), MINILM, replace(MACHINE, is_busy=True)).sentence
    assert ", and longer while this computer is as busy as now." in told
    on_card = replace(MACHINE, is_busy=True, gpu="a card", gpu_memory=8 * GIB)
    assert "busy" not in fit.forecast(config, facts(MINILM), MINILM, on_card).sentence


def test_a_computer_is_busy_where_more_is_asked_of_it_than_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "cpu_count", lambda logical=True: 4)
    monkeypatch.setattr(psutil, "getloadavg", lambda: (4.2, 9.0, 9.0))
    assert not fit.machine().is_busy
    monkeypatch.setattr(psutil, "getloadavg", lambda: (8.0, 0.0, 0.0))
    assert fit.machine().is_busy


def test_memory_is_told_with_the_room_for_it() -> None:
    config = settled("classify", MINILM)
    assert fit.forecast(config, facts(MINILM), MINILM, MACHINE).room == 16 * GIB
    card = replace(MACHINE, gpu="a card", gpu_memory=8 * GIB)
    assert fit.forecast(config, facts(MINILM), MINILM, card).room == 8 * GIB


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
    ("soonest", "latest", "words"),
    [
        (3, 14, "10 seconds"),
        (21, 44, "20 to 40 seconds"),
        (44, 100, "40 seconds to 2 minutes"),
        (61, 122, "1 to 2 minutes"),
        (111, 222, "2 to 4 minutes"),
        (65, 70, "1 minute"),
        (50 * 60, 90 * 60, "50 min to 1 h 30 min"),
        (75 * 60, 2.9 * 3600, "1 h 15 min to 3 h"),
        (59 * 60, 2.2 * 3600, "1 h to 2 h"),
        (86 * 60, 92 * 60, "1 h 30 min"),
        (17 * 60, 31 * 60, "17 to 30 minutes"),
        (2 * 3600, 3 * 3600, "2 to 3 hours"),
        (12 * 3600, 30 * 3600, "12 to 30 hours"),
    ],
)
def test_spans_of_time_are_plain(soonest: float, latest: float, words: str) -> None:
    assert fit._span(soonest, latest) == words


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


def test_the_processor_s_speed_is_nearly_the_same_while_it_is_busy() -> None:
    quiet = fit.core_speed()
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2 * (os.cpu_count() or 1))]
    try:
        assert fit.core_speed() > 0.5 * quiet > 1e8
    finally:
        for process in busy:
            process.kill()
            process.wait()
