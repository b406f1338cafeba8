"""The whole product on one page: from a file to a model that is tried, judged and taken away.

In: what the command line or the window asks for. Out: events, pieces of text, files. Every long function is a
generator that asks `should_stop`; torch is imported only when a model is needed. The import block is the flow.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, overload

from studio.config import edit, paths
from studio.config.automatic import Automatic, automatic, resolved
from studio.config.config import Config
from studio.config.generation import GenerationConfig
from studio.config.goals import GOALS
from studio.config.passes import reads_unlabelled
from studio.config.sizes import size_called
from studio.data.parts.dataset import Dataset
from studio.data.parts.notices import before_training
from studio.data.parts.split import judged_on, split
from studio.data.reading.options import ReadOptions
from studio.data.reading.read import read_snapshot, read_table
from studio.data.roles import columns
from studio.data.roles.roles import Guess
from studio.data.roles.target import settled
from studio.data.table.table import Table
from studio.events import Event, Progressed, Resolved, Started
from studio.models import fit, gate, suited
from studio.offline import stay_offline
from studio.problems import Problem
from studio.runs import facts, pace, record
from studio.runs import run as runs
from studio.runs.calibration import Calibration
from studio.runs.run import Run
from studio.stopping import never
from studio.tasks.search import Search
from studio.tasks.task import Task, task_for
from studio.tokens import label_names, rows
from studio.tokens.tokenizer import Tokenizer

if TYPE_CHECKING:
    from studio.generation.answer import Piece
    from studio.generation.chances import Chance
    from studio.generation.hits import Hit
    from studio.generation.search import Shelf
    from studio.generation.spans import Answered
    from studio.models.load import Model
    from studio.tasks.example import Example, Turn


stay_offline()  # before a function below imports a library that would report or fetch


@dataclass(frozen=True)
class Opened:
    """A tuned model in memory, ready to be tried: everything that a prompt needs. A model that was trained whole has
    its `base` beside it from the moment it is first asked for."""

    run: Run
    model: Model
    tokenizer: Tokenizer
    task: Task

    @cached_property
    def calibration(self) -> Calibration:
        """How the model's outputs are to be read, by its watching rows (seconds where it was never asked for)."""
        from studio.generation.calibration import calibrated

        return calibrated(self.run.folder, self.model, self.tokenizer, self.task, self.run.dataset())

    def labels_of(self, shares: Mapping[str, float]) -> tuple[str, ...]:
        """The labels that a text with these `shares` gets (generation/naming.py)."""
        from studio.generation.naming import labels_of

        labels = self.run.labels
        return labels_of(labels, [shares[label] for label in labels], self.calibration)

    @cached_property
    def base(self) -> Model:
        """The model as it was before training, loaded a second time (seconds)."""
        from studio.models.load import load_base

        return load_base(self.model.base, kind=self.model.kind, device=self.model.device)


def import_table(
    file: Path | Sequence[Path],
    folder: Path,
    options: ReadOptions = ReadOptions(),
    *,
    should_stop: Callable[[], bool] = never,
) -> Iterator[Event]:
    """Read a file, a folder or several files into a snapshot folder; what is read is never changed."""
    yield from read_table(file, folder, options, should_stop=should_stop)


def import_snapshot(
    file: Path | Sequence[Path],
    home: Path,
    options: ReadOptions = ReadOptions(),
    *,
    should_stop: Callable[[], bool] = never,
) -> Iterator[Event]:
    """As import_table, into a folder of its own in `home`, which Imported names; what lies there stays as it is."""
    yield from read_snapshot(file, home, options, should_stop=should_stop)


def settings_of(guess: Guess) -> dict[str, str | tuple[str, ...]]:
    """The settings that follow from a guess about the columns. Which rows belong together is only proposed, so that it
    is not among them."""
    chosen = {path: name for path, name in columns.settings_of(guess.columns).items() if path != "data.group"}
    return {"task.kind": guess.kind, **chosen}


def told_reading(config: Config) -> ReadOptions:
    """What was told of how the table that a model learns from is read; it says nothing about any other file."""
    data = config.data
    return ReadOptions(data.encoding, data.delimiter, data.quote, data.has_header, data.skip, data.member)


def reading_for(file: Path, config: Config) -> ReadOptions:
    """How `file` is read where nobody says: the table of `config` as it was told, any other file by looking at it."""
    own = Path(config.data.file)
    return told_reading(config) if own.is_file() and file.exists() and own.samefile(file) else ReadOptions()


@overload
def dataset_of(config: Config, table: Table, test_table: Table | None = None) -> Dataset: ...


@overload
def dataset_of(
    config: Config, table: Table, test_table: Table | None = None, *, should_stop: Callable[[], bool]
) -> Dataset | None: ...


def dataset_of(
    config: Config, table: Table, test_table: Table | None = None, *, should_stop: Callable[[], bool] = never
) -> Dataset | None:
    """The table's rows in their parts, as the Config wants them; None where it was stopped. Raises a Problem for data
    that cannot teach."""
    dataset = split(
        table,
        settled(table, columns.columns_of(config.data), config.task.kind, config.task.several),
        kind=config.task.kind,
        watching_share=config.data.watching_share,
        test_share=config.data.test_share,
        seed=config.training.seed,
        test_table=test_table,
        should_stop=should_stop,
    )
    if dataset is not None:
        task_for(config).check(dataset, should_stop=should_stop)
    return None if should_stop() else dataset


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
    dataset = dataset_of(config, table, test_table, should_stop=should_stop)
    if dataset is None:
        return
    gathered = facts.gather(config, dataset, should_stop=should_stop)
    if gathered is None:
        return
    known, lengths, model = gathered
    reasons = automatic(config, known)
    machine = fit.machine(folder)
    whole = resolved(config, reasons)
    fit.refuse_misfit(fit.forecast(whole, known, model, machine, mean_tokens=lengths.mean), machine)
    base = runs.own_base(folder, whole) if GOALS[config.task.kind].from_nothing else model.folder
    run = runs.create(folder, config=config, reasons=reasons, facts=known, dataset=dataset, base=base, prompts=prompts)
    if base != model.folder:
        shutil.copytree(model.folder, base)  # its tokenizer; its weights come when it begins to learn
    has_begun = has_ended = False
    try:
        for event in resume(run.folder, should_stop=should_stop, should_pause=should_pause):
            has_begun = has_begun or isinstance(event, Started)
            yield event
        has_ended = True
    finally:
        if not (has_begun or has_ended):  # a damaged model, no memory: the next attempt may use the same name
            shutil.rmtree(run.folder, ignore_errors=True)


def resume(
    folder: Path, *, should_stop: Callable[[], bool] = never, should_pause: Callable[[], bool] = never
) -> Iterator[Event]:
    """Train a run from its last whole checkpoint, or from the start where there is none."""
    run = runs.open_run(folder)
    runs.mark_alive(folder)
    try:
        yield from pace.noted(record.record(folder, _learn(run, should_stop, should_pause)))
    finally:
        runs.mark_ended(folder)


def _learn(run: Run, should_stop: Callable[[], bool], should_pause: Callable[[], bool]) -> Iterator[Event]:
    yield Progressed("Warming up")
    from studio.evaluation import probes
    from studio.evaluation.asked import Asked
    from studio.models import device, load
    from studio.training import loop

    config, dataset = run.resolved, run.dataset()
    reads_all = reads_unlabelled(config)
    warnings = before_training(dataset, kind=config.task.kind, reads_unlabelled=reads_all, should_stop=should_stop)
    yield from record.untold(run.folder, warnings)
    yield from record.untold(run.folder, _suits(run, dataset))
    if GOALS[config.task.kind].from_nothing and not any(run.base.glob("*.safetensors")):
        _make_base(run)
    base = gate.check_folder(run.base)
    task, tokenizer = task_for(config), Tokenizer.for_goal(run.base, config)
    yield Progressed("Turning texts into tokens")
    watching = rows.encode_part(task, tokenizer, dataset, "watching", config)
    training = rows.encode_part(task, tokenizer, dataset, "training", config)
    yield from record.untold(run.folder, rows.shortened_texts(task, tokenizer, dataset, training, config, base))
    yield from record.untold(run.folder, rows.untaught(task, dataset))
    yield from record.untold(run.folder, rows.leave_out_unlearnable(training, config, base))
    rows.check_words((*training, *watching), base)
    if config.task.learn_label_names:
        named = label_names.named_rows(tokenizer, run.labels, config)
        yield from record.untold(run.folder, label_names.told(named, training))
        training += named
    others = rows.encode_unlabelled(task, tokenizer, dataset, config)
    yield from record.untold(run.folder, rows.told_unlabelled(others))
    yield Progressed("Loading the model")
    model = load.load_model(
        run.base,
        labels=run.labels,
        config=config,
        device=device.pick_device(),
    )
    # The bar that an earlier sitting's looks chose is no choice of the user's: looks choose it anew.
    looked = edit.change(config, "task.no_answer_bar", run.config.task.no_answer_bar)
    for event in loop.train(
        model,
        {"training": training, "watching": watching},
        config,
        run.folder,
        pad_id=tokenizer.pad_id,
        probes=probes.probes(Asked(task, tokenizer, dataset, watching, looked, run.prompts, should_stop)),
        should_stop=should_stop,
        should_pause=should_pause,
        unlabelled=others,
    ):
        if isinstance(event, Resolved):
            run = runs.decide(run, event.path, Automatic(event.value, event.reason))
        yield event


def _suits(run: Run, dataset: Dataset) -> Iterator[Event]:
    is_automatic = not run.config.model.base
    return suited.before_training(dataset, run.base, kind=run.config.task.kind, is_automatic=is_automatic)


def _make_base(run: Run) -> None:
    """The model that a run from nothing begins with, beside its tokenizer."""
    from studio.models import fresh

    wants = run.resolved.model
    assert wants.size is not None
    fresh.make_model(run.base, size_called(wants.size), wants.family, seed=run.resolved.training.seed)


def open_tuned(folder: Path) -> Opened:
    """The best checkpoint of a run, loaded for use (seconds; call it off the window's thread)."""
    from studio.checkpoints import read

    run = runs.open_run(folder)
    model = read.load_for_use(read.best(folder))
    return Opened(run, model, Tokenizer.for_goal(run.base, run.resolved), task_for(run.resolved))


def open_untouched(name_or_path: str, chat_template: str = "") -> tuple[Model, Tokenizer]:
    """A model that writes texts, as it came, by its name or folder (seconds); with the chat template that is chosen."""
    from studio.models import catalog, device, load

    folder = catalog.find_model(name_or_path, ("causal",))
    return load.load_base(folder, kind="causal", device=device.pick_device()), Tokenizer.load(
        folder, "causal", chat_template
    )


def asked(opened: Opened, example: Example) -> Example:
    """What is asked as the model reads it: a text beside a question within the length limit of training."""
    limit = opened.run.resolved.task.max_tokens
    assert limit is not None
    return opened.tokenizer.fitted(example, limit)


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

    beside = untouched and opened.model.method == "full"  # nothing of it can be left out
    model = opened.base if beside else opened.model
    yield from generate(
        model, opened.tokenizer, turns, generation, untouched=untouched and not beside, should_stop=should_stop
    )


def weigh(
    opened: Opened, turns: Sequence[Turn], tokens: Sequence[int], *, untouched: bool = False
) -> tuple[Chance, ...]:
    """How likely each token of a text was: of the text that `turns` begin, and of the `tokens` that go on with it."""
    from studio.generation.chances import chances

    beside = untouched and opened.model.method == "full"
    model = opened.base if beside else opened.model
    ids = (*opened.tokenizer.encode_prompt(turns), *tokens)
    return tuple(chances(model, opened.tokenizer, ids, untouched=untouched and not beside))


def sort_texts(opened: Opened, texts: Sequence[str]) -> Iterator[dict[str, float]]:
    """For each text, every label with its share of the model's belief, likeliest first."""
    from studio.generation.labels import label_shares

    for shares in label_shares(opened.model, opened.tokenizer, map(opened.task.prompt, texts)):
        yield dict(sorted(zip(opened.run.labels, shares, strict=True), key=lambda pair: -pair[1]))


def notices(opened: Opened, text: str) -> Iterator[Event]:
    """What is told of a typed text that is too long to be read whole."""
    from studio.generation.too_long import long_among, told

    yield from told(long_among(opened.tokenizer, [opened.task.prompt(text)], opened.run.resolved))


def read_passages(
    opened: Opened,
    passages: Sequence[str] | None = None,
    *,
    compare: bool = False,
    should_stop: Callable[[], bool] = never,
) -> Generator[Event, None, Shelf | None]:
    """Read passages so that they can be searched: those of the run's own table, or others. With `compare` the untouched
    model reads them too. Returns (through `yield from`) None where it was stopped."""
    from studio.generation.passages import passages_of
    from studio.generation.search import Shelf, read_passages

    model, task, limit = opened.model, opened.task, opened.run.resolved.task.max_tokens
    assert isinstance(task, Search)
    assert limit is not None
    if passages is None:
        passages = list(passages_of(opened.run.dataset(), should_stop=should_stop))
    tuned = yield from read_passages(
        model, opened.tokenizer, task, passages, "Reading the passages", max_tokens=limit, should_stop=should_stop
    )
    if tuned is None:
        return None
    yield from tuned.notices(limit)
    if not compare:
        return Shelf(tuned)
    return (yield from read_untouched(opened, Shelf(tuned), should_stop=should_stop))


def read_untouched(
    opened: Opened, shelf: Shelf, *, should_stop: Callable[[], bool] = never
) -> Generator[Event, None, Shelf | None]:
    """Let the untouched model read the passages of a shelf, too. Returns (through `yield from`) the shelf with both, or
    None where it was stopped."""
    from studio.generation.search import Shelf, read_passages

    model, task, limit = opened.model, opened.task, opened.run.resolved.task.max_tokens
    assert isinstance(task, Search)
    assert limit is not None
    base, inside = (model, True) if model.method == "lora" else (opened.base, False)
    untouched = yield from read_passages(
        base, opened.tokenizer, task, shelf.tuned.passages, "The untouched model reads them",
        max_tokens=limit, untouched=inside, should_stop=should_stop,
    )  # fmt: skip
    return None if untouched is None else Shelf(shelf.tuned, untouched)


def search(opened: Opened, shelf: Shelf, query: str, *, count: int) -> tuple[list[Hit], list[Hit]]:
    """The `count` passages closest to a query, the closest first: by the tuned model, and by the untouched one where it
    has read them."""
    from studio.generation.search import batch_vectors

    model, task = opened.model, opened.task
    assert isinstance(task, Search)
    asked = list(rows.encode_rows(opened.tokenizer, [task.prompt(query)], opened.run.resolved))
    ours = shelf.tuned.closest(batch_vectors(model, opened.tokenizer, asked)[0], count)
    if shelf.untouched is None:
        return ours, []
    base, inside = (model, True) if model.method == "lora" else (opened.base, False)
    return ours, shelf.untouched.closest(batch_vectors(base, opened.tokenizer, asked, untouched=inside)[0], count)


def find_answer(opened: Opened, question: str, text: str) -> Answered:
    """Where in a text the answer to a question stands, and what else it could be. Raises a Problem for a question that
    is too long to be read with a text."""
    from studio.generation.find import find_scores
    from studio.generation.spans import answered

    task = opened.run.resolved.task
    assert task.max_tokens is not None
    [scores] = find_scores(opened.model, opened.tokenizer, [(question, text)], max_tokens=task.max_tokens)
    if scores is None:
        raise Problem(
            "The question is too long.",
            f"It leaves no room for the text in the {task.max_tokens:,} tokens that are read at once.",
            "Ask in fewer words.",
        )
    return answered(text, scores, bar=task.no_answer_bar)


def rate_texts(opened: Opened, texts: Sequence[str]) -> Iterator[float]:
    """For each text, the number that the model gives it."""
    from studio.generation.labels import numbers

    yield from numbers(opened.model, opened.tokenizer, map(opened.task.prompt, texts))


def predict(
    folder: Path,
    file: Path,
    out: Path,
    *,
    options: ReadOptions = ReadOptions(),
    passages: Sequence[str] | None = None,
    should_stop: Callable[[], bool] = never,
) -> Iterator[Event]:
    """Answer every row of a file into a new table: the same columns, and the answers added. Without `options` the
    table that the run learned from is read as it was then. A search looks among `passages`, or those of the run."""
    from studio.generation.passages import passages_of
    from studio.generation.predict import predict as answer_rows

    yield Progressed("Loading the model")
    opened = open_tuned(folder)
    if passages is None and isinstance(opened.task, Search):
        passages = list(passages_of(opened.run.dataset(), should_stop=should_stop))
    yield from answer_rows(
        opened.model,
        opened.tokenizer,
        opened.task,
        opened.run.resolved,
        file,
        out,
        calibration=opened.calibration,
        options=options if options != ReadOptions() else reading_for(file, opened.run.config),
        passages=passages or (),
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
        dataset = judged_on(dataset, test_table, kind=opened.run.resolved.task.kind)
    yield from judging.judge(
        opened.model,
        opened.tokenizer,
        opened.task,
        dataset,
        opened.run.resolved,
        folder,
        should_stop=should_stop,
    )


def export(folder: Path, *, to: str, out: Path, should_stop: Callable[[], bool] = never) -> Iterator[Event]:
    """Write the tuned model for other programs, then have another program open it and answer the same rows."""
    from studio.export import export as exporting

    yield Progressed("Loading the model")
    opened = open_tuned(folder)
    yield from exporting.export(
        opened.run, opened.model, opened.tokenizer, opened.task, to=to, out=out, should_stop=should_stop
    )
