"""The facts that automatic values depend on, gathered before a run exists.

In: a Config and its Dataset. Out: Facts, the rows' lengths, and what the model to start from is. Loads no model.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from studio.config.automatic import Facts, automatic, resolved, shape
from studio.config.config import Config
from studio.config.goals import GOALS
from studio.config.pairing import Pairing
from studio.config.sizes import size_called
from studio.data.parts.dataset import Dataset
from studio.data.parts.pairing import pairing_of
from studio.data.parts.unlabelled import count_unlabelled
from studio.models import fit, gate, suited
from studio.models.from_nothing import Extent, extent, facts_of, tokenizer_folder
from studio.models.gate import ModelFacts
from studio.models.hub_cache import base_name
from studio.models.sentence import refuse_unlike, style_of
from studio.models.vocabulary import check_texts
from studio.problems import Problem
from studio.stopping import never
from studio.tasks.example import Example
from studio.tasks.none_of_these import none_label
from studio.tasks.search import is_right
from studio.tasks.task import task_for
from studio.tokens.lengths import Lengths, measure
from studio.tokens.pieces import piece_lengths
from studio.tokens.tokenizer import Tokenizer

MEASURED_ROWS = 20_000  # lengths of this many rows, evenly taken, say enough about all of them …
_MEASURED_CHARACTERS = 200_000  # say enough about how much a piece of a word holds
_LONGEST = 200  # … but for the longest one, which is among those with the most characters


def gather(
    config: Config, dataset: Dataset, *, should_stop: Callable[[], bool] = never
) -> tuple[Facts, Lengths, ModelFacts] | None:
    """What automatic values depend on, the rows' lengths in tokens, and what the model to start from is; None where it
    was stopped. Raises a Problem where the chosen length limit is more than the model reads."""
    if GOALS[config.task.kind].from_nothing:
        return _from_nothing(config, dataset, should_stop)
    base = suited.base_for(dataset, config)
    model = gate.check_folder(base)
    if GOALS[config.task.kind].head == "vector":
        refuse_unlike(base)
    task, tokenizer = task_for(config), Tokenizer.for_goal(base, config)
    rows = len(dataset.parts["training"])
    _check_limit(config, model)
    if GOALS[config.task.kind].whole_text:
        return _of_texts(config, dataset, model, tokenizer, should_stop)
    stride = max(1, -(-rows // MEASURED_ROWS))
    lengths = measure(tokenizer, map(task.example, dataset.every("training", stride)), config, should_stop=should_stop)
    if lengths is None:
        return None
    most = dataset.longest("training", _LONGEST, should_stop=should_stop)
    longest = measure(tokenizer, map(task.example, most), config, should_stop=should_stop)
    if longest is None:
        return None
    lengths = replace(lengths, of=rows, known_longest=max(lengths.longest, longest.longest))
    facts = _facts(dataset, lengths, model)
    if GOALS[config.task.kind].target == "passage":
        pairing = config.task.pairing or pairing_of(dataset, should_stop=should_stop)
        if pairing is None:
            return None
        facts = _of_search(facts, pairing, base)
        if pairing == "candidates":  # those of a query are learned together with its right ones
            facts = replace(facts, rows=sum(map(is_right, dataset.rows("training"))))
    return facts, lengths, model


def _of_search(facts: Facts, pairing: Pairing, base: Path) -> Facts:
    """With what only texts to search have: what their rows tell, and what the model wants to read before them."""
    style = style_of(base)
    query, passage = (style.alike, style.alike) if pairing == "scores" else (style.query, style.passage)
    return replace(facts, pairing=pairing, query_prefix=query, passage_prefix=passage, prefix_source=style.source)


def _from_nothing(
    config: Config, dataset: Dataset, should_stop: Callable[[], bool]
) -> tuple[Facts, Lengths, ModelFacts] | None:
    """The same of a model that is yet to be made: its tokenizer is learned from the training texts, and its folder
    holds that alone."""

    def texts() -> Iterator[str]:
        return (row.input for row in dataset.texts("training"))

    read = extent(texts(), should_stop=should_stop)
    if read is None:
        return None
    check_texts(read.characters)
    per_piece = _per_piece(config, texts, read, should_stop)
    if per_piece is None:
        return None
    has_gpu = bool(fit.machine().gpu)
    wants = resolved(config, shape(config, read.characters, has_gpu=has_gpu, per_piece=per_piece)).model
    assert wants.size is not None
    assert wants.units is not None
    assert wants.vocabulary is not None
    size = size_called(wants.size)
    folder = tokenizer_folder(
        texts, read, units=wants.units, tokens=wants.vocabulary, size=size, should_stop=should_stop
    )
    if folder is None:
        return None
    tokenizer = Tokenizer.load(folder, "causal")
    model = facts_of(size, wants.family, tokenizer.backend.get_vocab_size(), folder)
    _check_limit(config, model)
    found = _of_texts(config, dataset, model, tokenizer, should_stop)
    return None if found is None else (replace(found[0], per_piece=per_piece), *found[1:])


def _per_piece(
    config: Config, texts: Callable[[], Iterable[str]], read: Extent, should_stop: Callable[[], bool]
) -> float | None:
    """How many characters of the texts a piece of a word holds on average, measured with the pieces that would be
    learned from them; 0 where the unit is chosen already, None where it was stopped."""
    if config.model.units is not None:
        return 0.0
    wants = resolved(config, shape(config, read.characters, has_gpu=bool(fit.machine().gpu))).model
    assert wants.size is not None
    assert wants.vocabulary is not None
    size = size_called(wants.size)
    folder = tokenizer_folder(texts, read, units="pieces", tokens=wants.vocabulary, size=size, should_stop=should_stop)
    if folder is None:
        return None
    backend = Tokenizer.load(folder, "causal").backend
    characters = tokens = 0
    for text in texts():
        characters += len(text)
        tokens += len(backend.encode(text, add_special_tokens=False).ids)
        if characters > _MEASURED_CHARACTERS or should_stop():
            break
    return None if should_stop() else characters / max(1, tokens)


def _check_limit(config: Config, model: ModelFacts) -> None:
    if config.task.max_tokens is not None and config.task.max_tokens > model.context:
        raise Problem(
            f"The length limit of {config.task.max_tokens:,} tokens is more than the model can read.",
            f"{base_name(model.folder)} reads at most {model.context:,} tokens.",
            f"Set the length limit to {model.context:,} or less, or leave it automatic.",
        )


def _of_texts(
    config: Config, dataset: Dataset, model: ModelFacts, tokenizer: Tokenizer, should_stop: Callable[[], bool]
) -> tuple[Facts, Lengths, ModelFacts] | None:
    """The same of whole texts, whose rows are the pieces that they are learned in."""
    task, characters = task_for(config), 0

    def examples() -> Iterator[Example]:
        nonlocal characters
        for row in dataset.texts("training"):
            characters += len(row.input)
            yield task.example(row)

    lengths = measure(tokenizer, examples(), config, should_stop=should_stop)
    if lengths is None:
        return None
    opening = len(tokenizer.opening)
    whole = _facts(dataset, lengths, model)
    limit = config.task.max_tokens or automatic(config, whole)["task.max_tokens"].value
    counts = chain.from_iterable(
        piece_lengths(count - opening - 1, opening=opening, max_tokens=limit) for count in lengths.counts.tolist()
    )
    lengths = Lengths(np.fromiter(counts, dtype=np.int64), whole=lengths)
    return replace(_facts(dataset, lengths, model), characters=characters), lengths, model


def _facts(dataset: Dataset, lengths: Lengths, model: ModelFacts) -> Facts:
    machine = fit.machine()
    return Facts(
        rows=lengths.rows,
        median_tokens=lengths.median,
        longest_tokens=lengths.longest,
        tokens_95=lengths.percentile_95,
        labels=len(dataset.labels),
        parameters=model.parameters,
        model_limit=model.context,
        memory=machine.gpu_memory or machine.memory,
        has_gpu=bool(machine.gpu),
        none_label=none_label(dataset.labels),
        unlabelled=count_unlabelled(dataset),
        **_target_facts(dataset),
    )


def _target_facts(dataset: Dataset) -> dict[str, Any]:
    """What there is to know of the cells to learn."""
    found: dict[str, Any] = {"several": dataset.columns.sign or "one", "is_pair": bool(dataset.columns.pair)}
    if dataset.columns.form:
        numbers = dataset.numbers("training")
        mean = math.fsum(numbers) / len(numbers)
        spread = math.sqrt(math.fsum((number - mean) ** 2 for number in numbers) / len(numbers))
        found |= {"number_mean": mean, "number_spread": spread or 1.0}
    return found
