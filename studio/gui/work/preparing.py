"""What the rows are good for as they are chosen now: split, measured, checked, cut at the length limit.

In: the config and the tables. Out: `Prepared` and `Measured`; `Checked`, stage by stage; `Cut`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from studio.config.goals import GOALS, TaskKind
from studio.models.hub_cache import base_name
from studio.problems import Problem
from studio.words import is_unspaced

if TYPE_CHECKING:
    from studio.config.automatic import Facts
    from studio.config.config import Config
    from studio.data.checkup.finding import Finding
    from studio.data.parts.dataset import Dataset, Row
    from studio.data.table.table import Table
    from studio.gui.job import Control
    from studio.models.fit import Forecast, Machine
    from studio.models.gate import ModelFacts
    from studio.tokens.lengths import Lengths

MOST_PROMPTS = 3
FIRST_WORDS = 8  # of a text, as a beginning to go on from
FIRST_LETTERS = 24  # of one whose script puts no spaces between words


@dataclass(frozen=True)
class Prepared:
    """What the rows are good for with the present choices: `problem` says why there is no dataset; `prompts` are
    the first watching rows, to be followed while training."""

    dataset: Dataset | None
    problem: Problem | None = None
    prompts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checked:
    """What the check-up found so far: in a sample, or in all rows (`is_whole`), and whether that is all (`is_last`)."""

    findings: tuple[Finding, ...] = ()
    is_whole: bool = False
    is_last: bool = False


@dataclass(frozen=True)
class Cut:
    """What the length limit cuts off."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Measured:
    """Rows, model and machine together, or the `problem` that keeps them apart."""

    facts: Facts | None = None
    lengths: Lengths | None = None
    base: Path | None = None
    model: ModelFacts | None = None
    machine: Machine | None = None
    problem: Problem | None = None

    def forecast(self, config: Config) -> Forecast | None:
        """What a run of `config`, with nothing left open, would take."""
        from studio.models import fit
        from studio.runs.pace import paces

        if self.facts is None or self.model is None or self.machine is None or self.lengths is None:
            return None
        counts = self.lengths.counts
        mean = float(counts.mean()) if counts.size else None
        earlier = paces(base_name(self.model.folder), config.model.method or "", on_card=bool(self.machine.gpu))
        return fit.forecast(config, self.facts, self.model, self.machine, mean_tokens=mean, paces=earlier)


def prepare(control: Control, config: Config, table: Table, test_table: Table | None) -> Iterator[object]:
    """Split the rows, and measure them against the chosen model."""
    from studio import flow
    from studio.config.automatic import automatic, resolved
    from studio.models import fit
    from studio.runs import facts

    try:
        dataset = flow.dataset_of(config, table, test_table, should_stop=control.should_stop)
        if dataset is None:
            return
        prompts = _first_texts(dataset, config.task.kind)  # which reads the cells of every column that is chosen
    except Problem as problem:
        yield Prepared(None, problem)
        return
    yield Prepared(dataset, prompts=prompts)
    if control.should_stop():
        return
    try:
        gathered = facts.gather(config, dataset, should_stop=control.should_stop)
        if gathered is None:
            return
        known, lengths, model = gathered
        measured = Measured(known, lengths, model.folder, model, fit.machine())
    except Problem as problem:
        yield Measured(problem=problem)
        return
    # Made once here, because the first one measures the processor; from then on it is arithmetic.
    measured.forecast(resolved(config, automatic(config, known)))
    yield measured


def check(control: Control, config: Config, table: Table, test_table: Table | None) -> Iterator[object]:
    """The check-up, a sample first; what is found in all rows is kept beside the table."""
    from studio.data.checkup.check_up import check_up
    from studio.data.checkup.kept import keep
    from studio.data.roles.columns import columns_of
    from studio.data.roles.target import settled

    columns = settled(table, columns_of(config.data), config.task.kind, config.task.several)
    stages = check_up(
        table,
        columns,
        kind=config.task.kind,
        test_table=test_table,
        should_stop=control.should_stop,
    )
    for stage in stages:
        if control.should_stop():
            return
        if stage.is_last:
            keep(table, columns, stage.findings, test_table=test_table)
        yield Checked(stage.findings, stage.is_whole, stage.is_last)


def find_cuts(control: Control, config: Config, dataset: Dataset, base: Path) -> Iterator[object]:
    """Training rows that do not fit the length limit of `config`, in which nothing is left open, or that the model
    cannot read; they are kept."""
    from studio.data.checkup.kept import keep_cuts
    from studio.tasks.task import task_for
    from studio.tokens.cuts import cut_at, cut_findings, head_cut_findings
    from studio.tokens.tokenizer import Tokenizer
    from studio.tokens.unmarked import unmarked_findings
    from studio.tokens.unread import unread_findings

    head, limit = GOALS[config.task.kind].head, config.task.max_tokens
    task, tokenizer = task_for(config), Tokenizer.for_goal(base, config)
    should_stop = control.should_stop
    examples = map(task.example, dataset.rows("training"))
    if limit is None or GOALS[config.task.kind].whole_text:  # which is learned in pieces
        yield Cut(())
        return
    if head == "span":
        found = unmarked_findings(examples, tokenizer, limit, should_stop=should_stop)
    elif head in ("labels", "number"):
        found = head_cut_findings(examples, tokenizer, config, should_stop=should_stop)
    else:
        found = cut_findings(examples, tokenizer, limit, should_stop=should_stop)
    found += unread_findings(map(task.example, dataset.rows("training")), tokenizer, should_stop=should_stop)
    if not should_stop():
        keep_cuts(dataset.table, dataset.columns, found, cut_at(base, limit))
        yield Cut(found)


def _first_texts(dataset: Dataset, kind: TaskKind) -> tuple[str, ...]:
    """Watching rows as prompts: where a text stands beside the question, below it; of texts that are gone on with, how
    they begin."""
    from studio.tasks.read import as_prompt

    put: Callable[[Row], str] = as_prompt if "context" in GOALS[kind].roles else attrgetter("input")
    texts = (put(row) for row in dataset.rows("watching") if row.input.strip())
    shown = map(beginning, texts) if GOALS[kind].whole_text else texts
    return tuple(dict.fromkeys(shown))[:MOST_PROMPTS]


def beginning(text: str) -> str:
    """The first words of a text, so that most of it is left to go on with."""
    if is_unspaced(text):
        return text.strip()[: min(FIRST_LETTERS, max(1, len(text.strip()) // 2))]
    words = text.split()
    return " ".join(words[: min(FIRST_WORDS, max(1, len(words) // 2))])
