"""Will it fit, and how long will it take: an estimate before anything is loaded.

In: a resolved Config, Facts about the rows, ModelFacts, the Machine. Out: a Forecast. Counts arithmetic and bytes and
divides by what this machine was measured to do; knows nothing of torch.

Arithmetic: a weight costs 2 operations a token forwards, 2 to pass the error back and 2 more where the weight itself is
learned (Kaplan et al. 2020, section 2.1), so 6 a token when all weights are trained and 4 with an adapter.
"""

from __future__ import annotations

import math
import os
import re
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import psutil

from studio.config import paths
from studio.config.automatic import Facts
from studio.config.config import Config
from studio.config.passes import MOST_FITTED, fits_last_layer, readings, reads_unlabelled, sets_back, views
from studio.data.parts.dealing import MOST_WATCHING
from studio.data.parts.unlabelled import MOST_UNLABELLED
from studio.models.gate import ModelFacts
from studio.problems import Problem

# Measured on one core with the two starters, forward and backward against a matrix product: 0.63 to 0.71 of its speed
# (MiniLM) and 0.59 to 0.64 (SmolLM2 with an adapter); a little less here for all else that a step does.
_EFFICIENCY = {"encoder": 0.60, "causal": 0.55}
_TOGETHER = 0.9  # the power to which cores help each other: two do the work of 1.9
# How many times the estimate it may take, at best and where the computer has much to do besides; wider on a card, whose
# speed is not measured, and narrower where earlier runs were timed.
_SPREAD, _SPREAD_ON_CARD, _SPREAD_OF_PACES = (0.85, 2.0), (0.25, 1.5), (0.9, 1.3)
_ENOUGH_PACES = 3  # fewer may all have been measured while the computer was busy
_BUSY = 1.5  # programs that want to compute, for each core; a run of our own asks for one a core
_MANY_ROUNDS = 5  # from so many on, learning is usually over before the last one
_UPDATING = 1.2e-9  # seconds that AdamW takes for one trained weight
# Values kept for each token, layer and unit of width until the way back; measured from what 256 more tokens took.
_KEPT = {"encoder": 20, "causal": 46}
_CARD_SPEED = 12e12  # operations a second of a modest card; used until a first run has measured it
_PROGRAM = 900 << 20  # bytes of the program with its libraries and its window, before a model is loaded
_LOADING = 15.0  # seconds before the first step
_MANY_LABELS = 500  # a last layer of so many labels is still small
_WRITTEN = 24 * 60  # tokens that are written at each look of an answering model


@dataclass(frozen=True)
class Machine:
    """`cores` of the processor; memory and disk in bytes; `gpu` is its name, "" without one; `is_busy` while other
    programs want more of the processor than there is."""

    cores: int
    memory: int
    free_memory: int
    free_disk: int
    gpu: str = ""
    gpu_memory: int = 0
    is_busy: bool = False


@dataclass(frozen=True)
class Forecast:
    """Seconds of all rounds, from the `soonest` to the `latest`; bytes of `memory`, of the `room` for it and of `disk`;
    whether both are there, and a sentence for the user: how long, or what does not fit."""

    soonest: float
    latest: float
    memory: int
    room: int
    disk: int
    fits: bool
    sentence: str


def machine(folder: Path | None = None) -> Machine:
    """This computer; the free disk is that of `folder`, else of the program's own data."""
    place = folder or paths.home()
    while not place.exists():
        place = place.parent
    memory = psutil.virtual_memory()
    gpu, gpu_memory = _graphics_card()
    return Machine(
        cores=psutil.cpu_count(logical=False) or psutil.cpu_count() or 1,
        memory=memory.total,
        free_memory=memory.available,
        free_disk=shutil.disk_usage(place).free,
        gpu=gpu,
        gpu_memory=gpu_memory,
        is_busy=psutil.getloadavg()[0] > _BUSY * (psutil.cpu_count() or 1),
    )


def forecast(
    config: Config,
    facts: Facts,
    model: ModelFacts,
    machine: Machine,
    *,
    mean_tokens: float | None = None,
    paces: Sequence[float] = (),
) -> Forecast:
    """What a run with nothing left open would need. `mean_tokens` is the mean length of a row where it is known;
    `paces` are tokens a second of earlier runs with this model on this machine, which are believed before the
    estimate."""
    limit = config.task.max_tokens or facts.longest_tokens
    length = min(mean_tokens if mean_tokens is not None else 1.1 * facts.median_tokens, limit)
    steps = _steps(config, facts)
    trained = steps * float(config.training.rows_per_step or 1) * length * readings(config)
    speed = _speed(model, machine)
    learning = trained * _operations(config, model, length) / speed + steps * _trained(config, model) * _UPDATING
    beside = _looking(config, facts, model, length) + _fitting(config, facts, model, length)
    all_of_it = learning + beside / speed
    low, high = _SPREAD_ON_CARD if machine.gpu else _SPREAD
    if paces and steps:
        times = [trained / pace / learning for pace in paces]
        high = max(times) * _SPREAD_OF_PACES[1]
        low = min([*times, 1.0] if len(times) < _ENOUGH_PACES else times) * _SPREAD_OF_PACES[0]
    soonest, latest = _LOADING + low * all_of_it, _LOADING + high * all_of_it
    memory, disk = _memory(config, facts, model), _disk(config, model)
    room = machine.gpu_memory if machine.gpu else machine.memory
    fits = memory <= 0.92 * room and disk <= machine.free_disk
    why = "as earlier runs took here" if paces else "depending on what else this computer does"
    if machine.is_busy and not machine.gpu:
        why = "and longer while this computer is as busy as now"
    said = _misfit(memory, disk, room, machine) or _how_long(config, steps, soonest, latest, why)
    return Forecast(soonest, latest, memory, room, disk, fits, said)


def refuse_misfit(found: Forecast, machine: Machine) -> None:
    """Raises a Problem where a run surely does not fit: it would be killed by the system, or fail at its first save."""
    room = machine.gpu_memory if machine.gpu else machine.memory
    if found.memory > room:
        raise Problem(
            "There is not enough memory for this model.",
            f"Training it takes about {found.memory / 2**30:.1f} GB; this computer has {room / 2**30:.1f} GB.",
            "Choose a smaller model, train an adapter instead of all weights, or lower the length limit.",
        )
    if found.disk > machine.free_disk:
        raise Problem(
            "There is not enough room on the disk.",
            f"Saving the model takes up to {found.disk / 1e9:.1f} GB; {machine.free_disk / 1e9:.1f} GB are free.",
            "Delete old runs or other files, or choose a folder on another disk.",
        )


def core_speed() -> float:
    """Operations a second of 32-bit matrix products on one core; takes about 100 ms. The products are too small to be
    shared among cores, and each trial ends before another program gets its turn, so that the best of many trials is
    nearly the same on a busy computer as on a quiet one."""
    count, side = 30, 64
    factors = np.ones((count, side, side), dtype=np.float32)
    product = np.empty_like(factors)
    best, begun = math.inf, time.perf_counter()
    while time.perf_counter() - begun < 0.1:
        start = time.perf_counter()
        np.matmul(factors, factors, out=product)
        best = min(best, time.perf_counter() - start)
    return 2 * count * side**3 / best


@lru_cache(maxsize=1)
def _core_speed_once() -> float:
    return core_speed()


@lru_cache(maxsize=1)
def _graphics_card() -> tuple[str, int]:
    """Name and bytes of the first NVIDIA card that can be used, as its own tool tells; ("", 0) without one."""
    tool = shutil.which("nvidia-smi")
    is_hidden = os.environ.get("CUDA_VISIBLE_DEVICES", "all") in ("", "-1")
    if tool is None or is_hidden or not _can_use_cards():
        return "", 0
    question = [tool, "--query-gpu=name,memory.total", "--format=csv,noheader,nounits"]
    try:
        told = subprocess.run(question, capture_output=True, text=True, timeout=3, check=True).stdout
        name, _, size = told.splitlines()[0].rpartition(",")
        return name.strip(), int(size) << 20
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return "", 0


def _can_use_cards() -> bool:
    """Whether the PyTorch that is installed was built for graphics cards; read from its files, because importing it
    takes seconds."""
    spec = find_spec("torch")
    places = spec.submodule_search_locations if spec is not None else None
    version = Path(places[0]) / "version.py" if places else None
    if version is None or not version.is_file():
        return False
    return re.search(r"^cuda\b[^=]*=\s*['\"]", version.read_text(encoding="utf-8"), re.MULTILINE) is not None


def _speed(model: ModelFacts, machine: Machine) -> float:
    if machine.gpu:
        return _CARD_SPEED
    return _core_speed_once() * math.pow(machine.cores, _TOGETHER) * _EFFICIENCY[model.kind]


def _steps(config: Config, facts: Facts) -> int:
    rows, wants = config.training.rows_per_step or 1, config.training
    if wants.approach == "frozen":
        return 0
    steps = max(1, round((wants.epochs or 1) * facts.rows / rows))
    return min(steps, wants.max_steps or steps)


def _body(model: ModelFacts) -> int:
    """Weights that every token passes; looking up a word's vector costs nothing."""
    return max(model.parameters - model.vocabulary * model.hidden, model.parameters // 20)


def _operations(config: Config, model: ModelFacts, length: float) -> float:
    """For one token of training: its body and attention, and for half of the tokens the output layer. Forward takes 2 a
    weight; backward 2 for the gradients that pass and 2 for those of weights that learn."""
    times = 6 if config.model.method == "full" and config.model.learning_layers != "upper" else 4
    if config.training.gradient_checkpointing:
        times += 2
    output = model.vocabulary * model.hidden / 2 if model.kind == "causal" else 0
    return times * (_body(model) + 2 * model.layers * model.hidden * length + output)


_GUESSING = 3 * 30 * 6  # rounds of guesses, steps of each, operations a weight of both passes


def _looking(config: Config, facts: Facts, model: ModelFacts, length: float) -> float:
    """Operations of all looks at the watching rows, answers written included."""
    wants = config.data
    rows = facts.rows * wants.watching_share / max(0.1, 1 - wants.watching_share - wants.test_share)
    tokens = min(rows, MOST_WATCHING) * length + (2 * _WRITTEN if model.kind == "causal" else 0)
    output = model.vocabulary * model.hidden if model.kind == "causal" else 0
    return ((config.training.validations or 1) + 1) * tokens * 2 * (_body(model) + output)


def _fitting(config: Config, facts: Facts, model: ModelFacts, length: float) -> float:
    """Operations for reading every row so that the last layer can be fitted: once, once more where the weights are set
    back at the end, or several times at each look where only pairs are learned in between. Where rows without a label
    are read too, the layer itself is fitted so often that this counts as well."""
    if not fits_last_layer(config):
        return 0.0
    is_paired, rows = config.training.approach == "contrastive", min(facts.rows, MOST_FITTED)
    fits = (config.training.validations or 1) + 1 if is_paired else 2 if sets_back(config) else 1
    read, fitted = rows * (views(facts.rows) if is_paired else 1), 0
    if reads_unlabelled(config):
        others = min(facts.unlabelled, MOST_UNLABELLED)
        read, fitted = read + others, _GUESSING * (rows + others) * facts.labels * model.hidden
    return fits * (read * length * 2 * _body(model) + fitted)


def _trained(config: Config, model: ModelFacts) -> int:
    """Weights that learn; an adapter adds rank * (in + out) to each of about 7 matrices a layer."""
    if config.training.approach == "frozen":
        return _MANY_LABELS * model.hidden
    if config.model.method == "full":
        if config.model.learning_layers == "upper":
            return _body(model) // 2
        is_kept = model.kind == "encoder" and config.model.train_word_vectors is False
        return model.parameters - (model.vocabulary * model.hidden if is_kept else 0)
    matrices = 7 * max(1, model.layers)
    side = (_body(model) / matrices) ** 0.5
    return int(matrices * 2 * side * config.model.lora_rank)


def _memory(config: Config, facts: Facts, model: ModelFacts) -> int:
    half = config.training.precision == "bf16" and config.model.method == "lora"
    weights = model.parameters * (2 if half else 4)
    copies = 4 if sets_back(config) else 3  # gradient and AdamW's two means, and the start where it is gone back to
    learning = _trained(config, model) * 4 * copies  # an adapter's own weights hardly count
    longest = min(facts.longest_tokens, config.task.max_tokens or facts.longest_tokens)
    step = (config.training.rows_per_step or 1) * min(facts.tokens_95, longest)
    at_once = max(longest, min(config.training.token_budget or step, step))
    kept = 2 if config.training.gradient_checkpointing else _KEPT[model.kind]
    held = readings(config) * at_once * model.hidden * (kept * max(1, model.layers) + _KEPT[model.kind]) * 4
    output = 512 * model.vocabulary * 4 * 3 if model.kind == "causal" else 0
    return int(_PROGRAM + weights + learning + held + output)


def _disk(config: Config, model: ModelFacts) -> int:
    """The best and the latest checkpoint, and a third one while it is written: weights and AdamW's two means."""
    return _trained(config, model) * 12 * 3


def _misfit(memory: int, disk: int, room: int, machine: Machine) -> str:
    if memory > 0.92 * room:
        where = " on the graphics card" if machine.gpu else ""
        needs = f"{memory / 2**30:.1f} of {room / 2**30:.0f} GB{where}"
        return f"Does not fit: it needs about {needs}. Choose a smaller model or a lower length limit."
    if disk > machine.free_disk:
        return f"Needs {disk / 1e9:.1f} GB on the disk; {machine.free_disk / 1e9:.1f} GB are free."
    return ""


def _how_long(config: Config, steps: int, soonest: float, latest: float, why: str) -> str:
    """The time of the whole plan, what it depends on, and whether it may be less."""
    wants, rounds = config.training, config.training.epochs or 1
    plan = "one round" if rounds == 1 else f"{rounds:.3g} rounds"
    if not steps:
        return f"About {_span(soonest, latest)}, {why}."
    if steps == wants.max_steps:
        plan = f"{steps:,} steps"
    told = f"About {_span(soonest, latest)} for {plan}, {why}."
    if not wants.patience or wants.patience >= (wants.validations or 1):
        return told
    return f"{told} It {'usually ends' if rounds >= _MANY_ROUNDS else 'may end'} earlier."


def _span(soonest: float, latest: float) -> str:
    """2 to 4 minutes; 50 min to 1 h 30 min; 3 minutes where both say so."""
    (low, small), (high, large) = _rounded(soonest), _rounded(latest)
    if (low, small) == (high, large):
        return f"{low} {small}"
    if small.rstrip("s") == large.rstrip("s"):
        return f"{low} to {high} {large}"
    if large == "hours":  # minutes beside broken hours would have to be converted to be compared
        least, most = _hours_and_minutes(soonest), _hours_and_minutes(latest)
        return least if least == most else f"{least} to {most}"
    return f"{low} {small} to {high} {large}"


def _hours_and_minutes(seconds: float) -> str:
    """50 min; 1 h 15 min; 3 h."""
    step = 30 if seconds >= 2 * 3600 else 15 if seconds >= 3600 else 5 if seconds >= 20 * 60 else 1
    hours, minutes = divmod(max(1, round(seconds / 60 / step)) * step, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "") if part)


def _rounded(seconds: float) -> tuple[str, str]:
    if seconds < 50:
        return f"{max(10, round(seconds, -1)):.0f}", "seconds"
    minutes = round(seconds / 60) if seconds < 20 * 60 else round(seconds / 300) * 5
    if minutes < 90:
        return str(minutes), "minute" if minutes == 1 else "minutes"
    hours = seconds / 3600
    return f"{hours:.1f}".removesuffix(".0") if hours < 10 else f"{hours:.0f}", "hours"
