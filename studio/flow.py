"""The whole product on one page: from a file to a model that is tried, judged and taken away.

In: what the command line or the window asks for. Out: events, pieces of text, files. Every long function is a
generator that asks `should_stop`; torch is imported only when a model is needed. The import block is the flow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from studio.config import paths
from studio.config.automatic import Automatic, Facts, automatic
from studio.config.config import Config, GenerationConfig, TaskKind
from studio.data.dataset import Dataset, Part
from studio.data.read import ReadOptions, read_table
from studio.data.split import split
from studio.data.table import Table
from studio.events import Event, Progressed, Resolved, Warned
from studio.models import catalog, fit, gate
from studio.problems import Problem
from studio.runs import record
from studio.runs import run as runs
from studio.runs.run import Run
from studio.tasks.task import Task, task_for
from studio.tokens.encoded import Encoded
from studio.tokens.lengths import Lengths, measure
from studio.tokens.tokenizer import Tokenizer

if TYPE_CHECKING:
    from studio.generation.answer import Piece
    from studio.models.load import Model
    from studio.tasks.example import Turn

MODEL_KIND: dict[TaskKind, gate.ModelKind] = {"classify": "encoder", "answer": "causal"}
FACT_ROWS = 20_000  # lengths of this many rows say enough about all of them
PARTS: tuple[Part, ...] = ("training", "watching", "test")


def never() -> bool:
    """Nobody asks to stop."""
    return False


@dataclass(frozen=True)
class Opened:
    """A tuned model in memory, ready to be tried: everything that a prompt needs."""

    run: Run
    model: Model
    tokenizer: Tokenizer
    task: Task


def import_table(
    file: Path, folder: Path, options: ReadOptions = ReadOptions(), *, should_stop: Callable[[], bool] = never
) -> Iterator[Event]:
    """Read a file into a snapshot folder; the file itself is never changed."""
    yield from read_table(file, folder, options, should_stop=should_stop)


def dataset_of(config: Config, table: Table, test_table: Table | None = None) -> Dataset:
    """The table's rows in their parts, as the Config wants them; raises a Problem for data that cannot teach."""
    dataset = split(
        table,
        kind=config.task.kind,
        input=config.data.input,
        target=config.data.target,
        watching_share=config.data.watching_share,
        test_share=config.data.test_share,
        seed=config.training.seed,
        test_table=test_table,
    )
    task_for(config).check(dataset)
    return dataset


def facts_of(config: Config, dataset: Dataset) -> tuple[Facts, Lengths, Path]:
    """What automatic values depend on, the rows' lengths in tokens, and the folder of the model to start from."""
    base = catalog.find_model(config.model.base, MODEL_KIND[config.task.kind])
    model = gate.check_folder(base)
    task, tokenizer = task_for(config), Tokenizer.load(base, model.kind)
    rows = list(dataset.rows("training"))
    lengths = measure(tokenizer, [task.example(row) for row in rows[:FACT_ROWS]], dataset.labels)
    machine = fit.machine()
    facts = Facts(
        rows=len(rows),
        median_tokens=lengths.median,
        longest_tokens=lengths.longest,
        tokens_95=lengths.percentile_95,
        labels=len(dataset.labels),
        parameters=model.parameters,
        model_limit=model.context,
        memory=machine.gpu_memory or machine.memory,
        has_gpu=bool(machine.gpu),
    )
    return facts, lengths, base


def fine_tune(
    config: Config,
    folder: Path,
    *,
    table: Table,
    test_table: Table | None = None,
    prompts: tuple[str, ...] = (),
    should_stop: Callable[[], bool] = never,
    should_pause: Callable[[], bool] = never,
) -> Iterator[Event]:
    """Make a run in `folder` and train it; the untouched rows stay with it for judging."""
    yield Progressed("Looking at the rows")
    dataset = dataset_of(config, table, test_table)
    facts, _, base = facts_of(config, dataset)
    reasons = automatic(config, facts)
    run = runs.create(folder, config=config, reasons=reasons, facts=facts, dataset=dataset, base=base, prompts=prompts)
    yield from resume(run.folder, should_stop=should_stop, should_pause=should_pause)


def resume(
    folder: Path, *, should_stop: Callable[[], bool] = never, should_pause: Callable[[], bool] = never
) -> Iterator[Event]:
    """Train a run from its last whole checkpoint, or from the start where there is none."""
    run = runs.open_run(folder)
    runs.mark_alive(folder)
    try:
        yield from record.record(folder, _learn(run, should_stop, should_pause))
    finally:
        runs.mark_ended(folder)


def _learn(run: Run, should_stop: Callable[[], bool], should_pause: Callable[[], bool]) -> Iterator[Event]:
    yield Progressed("Warming up")
    from studio.evaluation import probes
    from studio.models import device, load
    from studio.training import loop

    config, dataset = run.resolved, run.dataset()
    for reason, rows in dataset.left_out.items():
        yield Warned(f"{len(rows):,} rows are left out: {reason}.")
    task, tokenizer = task_for(config), Tokenizer.load(run.base, MODEL_KIND[config.task.kind])
    encoded: dict[Part, list[Encoded]] = {}
    for part in PARTS[:2]:
        yield Progressed("Turning texts into tokens", PARTS.index(part), 2)
        encoded[part] = encode(task, tokenizer, dataset, part, config)
    yield from _cut_rows(encoded["training"], config)
    yield Progressed("Loading the model")
    model = load.load_model(
        run.base,
        kind=MODEL_KIND[config.task.kind],
        labels=run.labels,
        config=config,
        device=device.pick_device(),
    )
    for event in loop.train(
        model,
        encoded,
        config,
        run.folder,
        pad_id=tokenizer.pad_id,
        probes=probes.probes(task, tokenizer, dataset, encoded["watching"], config, run.prompts, should_stop),
        should_stop=should_stop,
        should_pause=should_pause,
    ):
        if isinstance(event, Resolved):
            run = runs.decide(run, event.path, Automatic(event.value, event.reason))
        yield event


def encode(task: Task, tokenizer: Tokenizer, dataset: Dataset, part: Part, config: Config) -> list[Encoded]:
    """One part's rows as tokens, within the length limit."""
    examples = [task.example(row) for row in dataset.rows(part)]
    assert config.task.max_tokens is not None
    return list(tokenizer.encode_many(examples, max_tokens=config.task.max_tokens, labels=dataset.labels))


def _cut_rows(rows: list[Encoded], config: Config) -> Iterator[Event]:
    limit = config.task.max_tokens
    cut = sum(row.cut > 0 for row in rows)
    if cut:
        yield Warned(
            f"{cut:,} of {len(rows):,} texts are longer than {limit} tokens and are cut.",
            "Raise the length limit if their ends matter.",
        )
    if config.task.kind != "answer":
        return
    silent = [row for row in rows if not any(row.learned)]
    if len(silent) == len(rows):
        raise Problem(
            "Nothing would be learned.",
            f"Every text to read fills the whole limit of {limit} tokens, so that no answer remains.",
            "Raise the length limit, or shorten the texts.",
        )
    if silent:
        rows[:] = [row for row in rows if any(row.learned)]
        yield Warned(
            f"{len(silent):,} rows are skipped: their text alone fills the limit of {limit} tokens.",
            "Raise the length limit to learn from them.",
        )


def open_tuned(folder: Path) -> Opened:
    """The best checkpoint of a run, loaded for use (seconds; call it off the window's thread)."""
    from studio.checkpoints import read

    run = runs.open_run(folder)
    model = read.load_for_use(read.best(folder))
    return Opened(run, model, Tokenizer.load(run.base, model.kind), task_for(run.resolved))


def chat(
    opened: Opened,
    turns: Sequence[Turn],
    generation: GenerationConfig,
    *,
    untouched: bool = False,
    should_stop: Callable[[], bool] = never,
) -> Iterator[Piece]:
    """The tuned model's answer (or the untouched one's) to a conversation, piece by piece."""
    from studio.generation.answer import generate

    yield from generate(opened.model, opened.tokenizer, turns, generation, untouched=untouched, should_stop=should_stop)


def sort_texts(opened: Opened, texts: Sequence[str]) -> Iterator[dict[str, float]]:
    """For each text, every label with its share of the model's belief, likeliest first."""
    from studio.generation.labels import label_shares

    limit = opened.run.resolved.task.max_tokens
    assert limit is not None
    for shares in label_shares(opened.model, opened.tokenizer, texts, max_tokens=limit):
        yield dict(sorted(zip(opened.run.labels, shares, strict=True), key=lambda pair: -pair[1]))


def predict(folder: Path, file: Path, out: Path, *, should_stop: Callable[[], bool] = never) -> Iterator[Event]:
    """Answer every row of a file into a new table: the same columns, and the answers added."""
    from studio.generation.predict import predict as answer_rows

    yield Progressed("Loading the model")
    opened = open_tuned(folder)
    yield from answer_rows(
        opened.model,
        opened.tokenizer,
        opened.task,
        opened.run.resolved,
        file,
        out,
        scratch=paths.home() / "scratch",
        should_stop=should_stop,
    )


def judge(folder: Path, *, test_table: Table | None = None, should_stop: Callable[[], bool] = never) -> Iterator[Event]:
    """Compare the tuned model with simpler ways on rows it never saw; the report lies in RUN/report."""
    from studio.evaluation import judge as judging

    yield Progressed("Loading the model")
    opened = open_tuned(folder)
    dataset = opened.run.dataset()
    if test_table is not None:
        dataset = with_test_table(dataset, test_table)
    yield from judging.judge(
        opened.model,
        opened.tokenizer,
        opened.task,
        dataset,
        opened.run.resolved,
        folder,
        should_stop=should_stop,
    )


def with_test_table(dataset: Dataset, test_table: Table) -> Dataset:
    """The same training rows, judged on every usable row of another table."""
    inputs, targets = test_table.column(dataset.input), test_table.column(dataset.target)
    usable = tuple(n for n, (i, t) in enumerate(zip(inputs, targets, strict=True)) if i.strip() and t.strip())
    return replace(dataset, parts={**dataset.parts, "test": usable}, test_table=test_table)


def export(folder: Path, *, to: str, out: Path, should_stop: Callable[[], bool] = never) -> Iterator[Event]:
    """Write the tuned model for other programs, then have another program open it and answer the same rows."""
    from studio.export import export as exporting

    yield Progressed("Loading the model")
    opened = open_tuned(folder)
    yield from exporting.export(
        opened.run, opened.model, opened.tokenizer, opened.task, to=to, out=out, should_stop=should_stop
    )
