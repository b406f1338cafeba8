"""The long work of the window, as generators that a Job runs on its thread.

In: what the session holds. Out: the flow's events, then one record of what came of it. Knows nothing of Qt,
threads or pages; everything heavy is imported here, on the thread, when it is needed.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from studio.events import Progressed
from studio.models.hub_cache import base_name
from studio.problems import Problem

if TYPE_CHECKING:
    from studio.config.automatic import Facts
    from studio.config.config import Config, GenerationConfig
    from studio.data.checkup.finding import Finding
    from studio.data.parts.dataset import Dataset
    from studio.data.reading.options import ReadOptions
    from studio.data.roles.roles import Guess
    from studio.data.table.edit_log import EditLog
    from studio.data.table.table import Table
    from studio.flow import Opened
    from studio.generation.answer import Piece
    from studio.gui.job import Control
    from studio.models.catalog import CatalogEntry
    from studio.models.fit import Forecast, Machine
    from studio.models.gate import ModelFacts
    from studio.runs.history import History
    from studio.runs.project import Project
    from studio.runs.run import Run, Status
    from studio.tasks.example import Turn
    from studio.tokens.lengths import Lengths

Side = Literal["tuned", "base"]
MOST_PROMPTS = 3


@dataclass(frozen=True)
class Fit:
    """Whether a model fits on this machine: the memory that training takes, and all there is, in bytes."""

    name: str
    memory: int
    total: int
    fits: bool


@dataclass(frozen=True)
class Loaded:
    """A file became a table, and this is what its columns seem to be. `log` holds the edits that were made to it, again
    where it was read anew, and `told` says what of them was not. `options` say how the file was told to be read."""

    table: Table
    guess: Guess
    log: EditLog
    options: Mapping[str, Any] = field(default_factory=dict)
    told: Problem | None = None


@dataclass(frozen=True)
class TestLoaded:
    """A second file became the table of the rows that are kept for judging."""

    table: Table


@dataclass(frozen=True)
class Looked:
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


def load_table(
    control: Control,
    files: Sequence[Path],
    folder: Path,
    options: ReadOptions | None,
    edits: Path,
    *,
    is_same_file: bool,
) -> Iterator[object]:
    """Read files into the snapshot `folder`, take up the log in the file `edits`, and guess the columns' roles. Once
    the new snapshot is there, a stop comes too late: the window has to show what lies on the disk."""
    from studio import flow
    from studio.data.reading.options import ReadOptions
    from studio.data.roles.roles import guess_roles
    from studio.data.table.kept_logs import log_for
    from studio.data.table.table import open_table
    from studio.events import Imported

    told = options or ReadOptions()
    is_there = False
    for event in flow.import_table(files, folder, told, should_stop=control.should_stop):
        is_there = is_there or isinstance(event, Imported)
        yield event
    if is_there:
        log, problem = log_for(open_table(folder), edits, is_same_file=is_same_file)
        values = {f"data.{name}": value for name, value in asdict(told).items()}
        yield Loaded(log.table, guess_roles(log.table), log, values, problem)


def open_again(
    control: Control, table: Table, edits: Path, test_file: Path | None, test_folder: Path
) -> Iterator[object]:
    """The roles of a table that was imported before; a test file that was chosen and never read is read now."""
    from studio.data.roles.roles import guess_roles
    from studio.data.table.kept_logs import log_for

    log, problem = log_for(table, edits)
    yield Loaded(log.table, guess_roles(log.table), log, told=problem)
    if test_file is not None:
        yield from load_test_table(control, test_file, test_folder)


def load_test_table(control: Control, file: Path, folder: Path) -> Iterator[object]:
    """Read a file of rows that are kept for judging into the snapshot `folder`."""
    from studio import flow
    from studio.data.table.table import open_table

    yield from flow.import_table(file, folder, should_stop=control.should_stop)
    if not control.should_stop():
        yield TestLoaded(open_table(folder))


def look(control: Control, config: Config, table: Table, test_table: Table | None) -> Iterator[object]:
    """Split the rows, and measure them against the chosen model."""
    from studio import flow
    from studio.config.automatic import automatic, resolved
    from studio.models import fit
    from studio.runs import facts

    try:
        dataset = flow.dataset_of(config, table, test_table)
    except Problem as problem:
        yield Looked(None, problem)
        return
    yield Looked(dataset, prompts=_first_texts(dataset))
    if control.should_stop():
        return
    try:
        known, lengths, model = facts.gather(config, dataset)
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

    columns = columns_of(config.data)
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
            keep(table, columns, stage.findings)
        yield Checked(stage.findings, stage.is_whole, stage.is_last)


def find_cuts(control: Control, config: Config, dataset: Dataset, base: Path) -> Iterator[object]:
    """Training rows that do not fit the length limit of `config`, in which nothing is left open."""
    from studio.models import gate
    from studio.tasks.task import task_for
    from studio.tokens.cuts import cut_findings
    from studio.tokens.tokenizer import Tokenizer

    task, tokenizer = task_for(config), Tokenizer.load(base, gate.KIND_FOR[config.task.kind])
    examples = [task.example(row) for row in dataset.rows("training")]
    if config.task.max_tokens is not None:
        found = cut_findings(examples, tokenizer, config.task.max_tokens, should_stop=control.should_stop)
        if not control.should_stop():
            yield Cut(found)


def _first_texts(dataset: Dataset) -> tuple[str, ...]:
    texts = dict.fromkeys(row.input for row in dataset.rows("watching") if row.input.strip())
    return tuple(texts)[:MOST_PROMPTS]


def may_go_on(status: Status, history: History) -> bool:
    """Whether a run can be trained further: it did not come to its end, and steps remain."""
    if status == "stopped":
        return history.started is None or history.step < history.started.total_steps
    return status in {"interrupted", "ready", "failed"}


@dataclass(frozen=True)
class Listed:
    """One run of the project; `score` is that of its best look, `size` in bytes."""

    run: Run
    status: Status
    model: str
    score: float | None
    size: int
    may_go_on: bool


def list_runs(control: Control, project: Project) -> Iterator[object]:
    """Every readable run of the project, newest first, with what its record tells."""
    from studio.runs.history import replay

    for run in project.runs():
        if control.should_stop():
            return
        history = replay(run.folder)
        best = history.best.score if history.best is not None else None
        size = sum(path.stat().st_size for path in run.folder.rglob("*") if path.is_file())
        status = run.status()
        yield Listed(run, status, base_name(run.base), best, size, may_go_on(status, history))


@dataclass(frozen=True)
class Interrupted:
    """A project whose newest run was learning when its program ended: `safe` of `total` steps lie in a checkpoint;
    `total` is 0 where it was not known yet."""

    folder: Path
    name: str
    safe: int
    total: int


def find_interrupted(control: Control, folders: Sequence[Path]) -> Iterator[object]:
    """The first of these projects whose newest run was interrupted, if there is one."""
    from studio.runs.history import replay
    from studio.runs.project import open_project

    for folder in folders:
        if control.should_stop():
            return
        try:
            project = open_project(folder)
            newest = next(iter(project.runs()), None)
            if newest is None or newest.status() != "interrupted":
                continue
            history = replay(newest.folder)
        except (Problem, OSError):  # told when somebody opens the project
            continue
        safe = history.saved[-1].step if history.saved else 0
        yield Interrupted(folder, project.name, safe, history.started.total_steps if history.started else 0)
        return


def look_at_machine(_: Control) -> Iterator[object]:
    """This computer; the tool of a graphics card may take seconds to tell."""
    from studio.models import fit

    yield fit.machine()


def look_what_fits(control: Control, entries: Sequence[CatalogEntry], config: Config, facts: Facts) -> Iterator[object]:
    """What training each of these models, which are on this computer, would take, with automatic values of its own."""
    from studio.config.automatic import automatic, resolved
    from studio.models import fit, gate

    machine = fit.machine()
    for entry in entries:
        if control.should_stop() or entry.folder is None:
            return
        try:
            model = gate.check_folder(entry.folder)
        except Problem:  # the card stays without a forecast; choosing it tells why
            continue
        mine = replace(facts, parameters=model.parameters, model_limit=model.context)
        forecast = fit.forecast(resolved(config, automatic(config, mine)), mine, model, machine)
        yield Fit(entry.name, forecast.memory, machine.gpu_memory or machine.memory, forecast.fits)


def download(control: Control, entry: CatalogEntry) -> Iterator[object]:
    """Bring a model of the catalog onto this computer."""
    from studio.models.download import download

    yield from download(entry, should_stop=control.should_stop)


def train(
    control: Control,
    config: Config,
    folder: Path,
    table: Table,
    test_table: Table | None,
    prompts: tuple[str, ...],
) -> Iterator[object]:
    """Make a run in `folder` and train it."""
    from studio import flow

    yield from flow.fine_tune(
        config,
        folder,
        table=table,
        test_table=test_table,
        prompts=prompts,
        should_stop=control.should_stop,
        should_pause=control.should_pause,
    )


def go_on(control: Control, folder: Path) -> Iterator[object]:
    """Train the run in `folder` from its last checkpoint."""
    from studio import flow

    yield from flow.resume(folder, should_stop=control.should_stop, should_pause=control.should_pause)


class Warm:
    """The tuned model that was tried last, kept in memory until another one is needed."""

    def __init__(self) -> None:
        self._held: tuple[Path, Opened] | None = None  # the checkpoint, and what came of it

    def open(self, folder: Path) -> Generator[Progressed, None, Opened]:
        """The best model of the run in `folder`; seconds where it is not in memory yet. Who got it keeps it, whatever
        is dropped meanwhile."""
        from studio.checkpoints import read

        best = read.best(folder)
        held = self._held
        if held is None or held[0] != best:
            yield Progressed("Loading the model")
            from studio import flow

            held = self._held = None  # the old one goes before the new one comes
            held = self._held = (best, flow.open_tuned(folder))
        return held[1]

    def drop(self) -> None:
        """Free the memory."""
        self._held = None


@dataclass(frozen=True)
class Said:
    """One more piece of an answer, by the tuned model or the base model."""

    side: Side
    piece: Piece


@dataclass(frozen=True)
class Sorted:
    """Every label with its share, likeliest first."""

    text: str
    shares: dict[str, float]


def answer(
    control: Control,
    warm: Warm,
    folder: Path,
    questions: dict[Side, tuple[Turn, ...]],
    generation: GenerationConfig,
) -> Iterator[object]:
    """Let each side answer its conversation, one after the other."""
    from studio import flow

    opened = yield from warm.open(folder)
    for side, turns in questions.items():
        for piece in flow.chat(opened, turns, generation, untouched=side == "base", should_stop=control.should_stop):
            yield Said(side, piece)


def sort_text(_: Control, warm: Warm, folder: Path, text: str) -> Iterator[object]:
    """Let the tuned model sort one text."""
    from studio import flow

    opened = yield from warm.open(folder)
    for shares in flow.sort_texts(opened, [text]):
        yield Sorted(text, shares)


def predict(
    control: Control, folder: Path, file: Path, out: Path, options: ReadOptions | None = None
) -> Iterator[object]:
    """Answer every row of a file into a new table."""
    from studio import flow
    from studio.data.reading.options import ReadOptions

    yield from flow.predict(folder, file, out, options=options or ReadOptions(), should_stop=control.should_stop)


def judge(control: Control, folder: Path) -> Iterator[object]:
    """Write the run's report, on the rows that were kept for that when the run was made."""
    from studio import flow

    yield from flow.judge(folder, should_stop=control.should_stop)


def export(control: Control, folder: Path, to: str, out: Path) -> Iterator[object]:
    """Write the model for other programs, prove it, and note both in the run."""
    from studio import flow
    from studio.runs.exports import note_exports

    yield from note_exports(folder, flow.export(folder, to=to, out=out, should_stop=control.should_stop))
