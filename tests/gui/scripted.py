"""Runs whose record, report and rows are written by hand, in real folders that the window opens as any other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from studio import flow
from studio.config.automatic import Facts, automatic
from studio.config.config import Config
from studio.config.edit import change
from studio.config.goals import GOALS, TaskKind
from studio.data.table.table import open_table
from studio.evaluation.report import Counts, Figure, Report, Sample
from studio.evaluation.scores import Confusion, Mistake, label_scores, most_confused
from studio.evaluation.verdict import Gain, Verdict, Way
from studio.events import Event, Finished, Imported, Noted, Sampled, Saved, Started, Stepped, Stopped, Validated
from studio.runs import project as projects
from studio.runs import run as runs
from studio.runs.record import record

if TYPE_CHECKING:
    from studio.gui.session import Session

LABELS = ("billing", "refill", "side effect")


def messages(file: Path) -> Path:
    """A CSV of sixty texts with two labels."""
    rows = [
        f"message {n} about {'a bill that came twice' if n % 2 else 'a refill of tablets'},"
        f"{'billing' if n % 2 else 'refill'}"
        for n in range(60)
    ]
    file.write_text("text,topic\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return file


def events(
    *, steps: int = 40, kind: TaskKind = "classify", run: str = "", ended: bool = True, stopped: bool = False
) -> list[Event]:
    """What a run of so many steps says, with a look and a sample every ten. `stopped`: at half of its steps."""
    ended = ended and not stopped
    said: list[Event] = [
        Started(
            run=run, step=0, total_steps=steps if ended else 2 * steps, rows=48, epochs=2.0, device="cpu",
            precision="fp32", model="tiny", method="full" if kind == "classify" else "lora", parameters=1000,
            trainable=1000, score_name="accuracy", threads=2, time=1.7e9,
        ),
        Noted("16 rows a step: a good balance for this goal.", time=1.7e9),
    ]  # fmt: skip
    for step in range(steps + 1):
        if step:
            loss = 0.4 + math.exp(-step / 15)
            said.append(Stepped(step, step / 20, loss, 1e-4, 1.0, 500, 0.25, 2**30, (steps - step) * 0.25))
        if step % 10 == 0:
            said.append(Validated(step, 0.5 + math.exp(-step / 15), 0.5 + step / 100, True))
            confidence = 0.5 + step / 100 if kind == "classify" else None
            said.append(
                Sampled(step, "is this <b>bold</b>?", "billing" if kind == "classify" else "It is.", confidence)
            )
            said.append(Saved(step, f"step-{step}", True))
    if ended:
        said.append(Finished(steps, steps, "All 2 rounds done"))
    if stopped:
        said.append(Stopped(steps, steps))
    return said


def project(
    folder: Path,
    *,
    kind: TaskKind,
    ended: bool = True,
    stopped: bool = False,
    judged: bool = True,
    base: Path = Path("/models/tiny"),
) -> Path:
    """A project's folder with one run, which started from the model in `base`."""
    file = messages(folder.parent / f"{folder.name}.csv")
    if "context" in GOALS[kind].roles:
        head, *rows = file.read_text(encoding="utf-8").splitlines()
        lines = [f"{head},leaflet", *(f"{row},leaflet {n} says {row.split(',')[-1]}" for n, row in enumerate(rows))]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    *_, read = flow.import_snapshot(file, folder / projects.DATA_FOLDER)
    assert isinstance(read, Imported)
    config = Config()
    for path, value in {
        "data.input": "text",
        "data.target": "topic",
        "task.kind": kind,
        "data.file": str(file),
    }.items():
        config = change(config, path, value)
    if "context" in GOALS[kind].roles:
        config = change(config, "data.context", "leaflet")
    if kind == "answer":
        config = change(config, "task.instruction", "Answer kindly. ")
    projects.create_project(folder, folder.name, config=config, snapshot=Path(read.folder).name)
    dataset = flow.dataset_of(config, open_table(Path(read.folder)))
    facts = Facts(48, 9, 14, 12, len(dataset.labels), 1000, 128, 2**34, False)
    run = runs.create(
        folder / "runs" / "run-1",
        config=config,
        reasons=automatic(config, facts),
        facts=facts,
        dataset=dataset,
        base=base,
        prompts=("is this bold?",),
    )
    list(record(run.folder, iter(events(kind=kind, run=str(run.folder), ended=ended, stopped=stopped))))
    if judged:
        report(kind).write(run.folder)
    return folder


def report(kind: TaskKind, labels: Sequence[str] = LABELS) -> Report:
    """A report with two mistakes, or with one sample."""
    truth = [label for label in labels for _ in range(10)]
    answers = ["refill", "refill", *truth[2:]]
    counts = tuple(
        tuple(sum((t, a) == pair for pair in zip(truth, answers, strict=True)) for a in labels) for t in labels
    )
    sorts = kind == "classify"
    return Report(
        kind=kind,
        verdict=Verdict("clearly", "Is it better? Yes, clearly.", "It labels 93 of 100 <right>.", ("93 of 100",)),
        subtitle="30 test rows",
        score_name="Right" if sorts else "Closeness (chrF)",
        ways=(Way("keywords", "Keywords", 0.6, 0.5, 0.7), Way("tuned", "Your model", 0.93, 0.85, 0.97, is_tuned=True)),
        gain=Gain("Keywords", 0.33, 0.2, 0.4, True),
        figures=(Figure("f1", "Macro F1", 92.0, 90.0, 94.0, untouched=41.0, unit="%"),),
        counts=Counts(48, 6, 6, 30, {}),
        limits=("Judged on few rows.",),
        made="2026-01-01",
        wrong=2 if sorts else 0,
        label_scores=label_scores(truth, answers, labels) if sorts else (),
        confusion=Confusion(tuple(labels), counts) if sorts else None,
        confused=most_confused(truth, answers) if sorts else (),
        mistakes=(Mistake(3, "charged for the refill", "billing", "refill", 0.97),) if sorts else (),
        samples=() if sorts else (Sample((1,), "May I stop?", ("Ring us.",), "Please ring.", "I am sorry.", 0.44),),
    )


def open_project(session: Session, folder: Path) -> None:
    """Open a project and wait, without a clock, until everything about it was read."""
    session.open(folder)
    settle(session)


def settle(session: Session) -> None:
    """Let light jobs, and those that they lead to, come to their end."""
    while running := tuple(session.jobs.running.values()):
        for job in running:
            job.wait()
