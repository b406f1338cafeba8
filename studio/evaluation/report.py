"""The Report: everything that the Judge page draws and the model card tells, in one frozen record.

In: what judge.py found. Out: RUN/report/report.json, and report.md to read or send on. Knows nothing of models.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from studio.atomic import atomic_file
from studio.checkpoints.layout import best_step
from studio.config.goals import TaskKind
from studio.counting import rounded
from studio.evaluation.intervals import Interval
from studio.evaluation.sample_words import SampleWords, sample_words
from studio.evaluation.scores import Confused, Confusion, LabelScore, Miss, Mistake
from studio.evaluation.verdict import Gain, Verdict, Way
from studio.generation.ranges import Scale, shown
from studio.markdown import escaped
from studio.problems import Problem, Where

REPORT_FILE = "report/report.json"  # inside a run
READABLE_FILE = "report/report.md"
SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Figure:
    """One number beside the score: the tuned model's `value` with its range where known, the untouched model's, and how
    many `digits` to show. `unit` is "%" (then the numbers are 0..100) or ""; `better` says which way is good."""

    key: str
    name: str
    value: float
    low: float | None = None
    high: float | None = None
    untouched: float | None = None
    unit: str = ""
    digits: int = 1
    better: Literal["higher", "lower"] = "higher"

    @property
    def told(self) -> str:
        """Its name, and that little of it is good where that is so."""
        return f"{self.name} – lower is better" if self.better == "lower" else self.name

    @property
    def has_range(self) -> bool:
        """Whether chance in the choice of rows can be told."""
        return self.low is not None and self.high is not None and self.low < self.high

    def shown(self, value: float | None) -> str:
        """A value of it with its unit; empty where there is none."""
        return "" if value is None else f"{rounded(value, self.digits)}{' ' + self.unit if self.unit else ''}"


def percentage(
    key: str,
    name: str,
    found: Interval,
    *,
    untouched: float | None = None,
    better: Literal["higher", "lower"] = "higher",
) -> Figure:
    """A share as a Figure in percent."""
    low, high = 100 * found.low, 100 * found.high
    beside = None if untouched is None else 100 * untouched
    return Figure(key, name, 100 * found.value, low, high, untouched=beside, unit="%", better=better)


@dataclass(frozen=True)
class Sample:
    """One test question with its known answers and what the tuned and the untouched model wrote; `score` is the tuned
    answer's closeness 0..1. `rows` are 0-based."""

    rows: tuple[int, ...]
    prompt: str
    references: tuple[str, ...]
    tuned: str
    untouched: str
    score: float


@dataclass(frozen=True)
class Counts:
    """Rows of each part, left-out rows by reason, and how many test rows (or questions) were `judged`."""

    training: int
    watching: int
    test: int
    judged: int
    left_out: dict[str, int]


@dataclass(frozen=True)
class Report:
    """`ways` holds every way with its score, the tuned one last; `score_name` says what the scores measure, and
    `score_unit` is "%" where they are shares, "" where they are numbers such as a rank agreement. `mistakes`
    (labels), `samples` (answers) and `misses` (numbers) are ordered worst first; `wrong` counts all wrong rows.
    `limits` are sentences. `best_step` is the checkpoint that was judged. `scale` has the ends of the scale on which
    numbers were learned, None where they have none."""

    kind: TaskKind
    verdict: Verdict
    subtitle: str
    score_name: str
    ways: tuple[Way, ...]
    gain: Gain
    figures: tuple[Figure, ...]
    counts: Counts
    limits: tuple[str, ...]
    made: str
    wrong: int = 0
    label_scores: tuple[LabelScore, ...] = ()
    confusion: Confusion | None = None
    confused: tuple[Confused, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    samples: tuple[Sample, ...] = ()
    misses: tuple[Miss, ...] = ()
    best_step: int | None = None
    score_unit: str = "%"
    scale: tuple[float, float] | None = None
    schema: int = SCHEMA_VERSION

    @property
    def headline(self) -> str:
        """The verdict in a few words."""
        return self.verdict.headline

    @property
    def sentence(self) -> str:
        """The verdict with its numbers."""
        return self.verdict.sentence

    @property
    def tuned(self) -> Way:
        """The tuned model's way."""
        return next(way for way in self.ways if way.is_tuned)

    def write(self, run: Path) -> Path:
        """Write both files into the run's folder; the JSON file's path."""
        file = run / REPORT_FILE
        with atomic_file(run / READABLE_FILE) as temporary:
            temporary.write_text(readable(self), encoding="utf-8")
        with atomic_file(file) as temporary:
            temporary.write_bytes(TypeAdapter(Report).dump_json(self, indent=1))
        return file

    @staticmethod
    def of_run(run: Path) -> Report | None:
        """The report on the run's model as it is now; None where it was not judged, or trained further since. Raises a
        Problem where it is damaged."""
        file = run / REPORT_FILE
        report = Report.read(file) if file.exists() else None
        return report if report is not None and report.best_step == best_step(run) else None

    @staticmethod
    def read(file: Path) -> Report:
        """The report in a JSON file; a damaged one is a Problem."""
        try:
            return TypeAdapter(Report).validate_json(file.read_bytes())
        except ValidationError as error:
            raise Problem(
                "The report cannot be read.",
                "It was written by another version or is damaged.",
                "Judge the model again; that writes it anew.",
                Where(str(file)),
            ) from error


def readable(report: Report) -> str:
    """The report as Markdown."""
    blocks = [
        f"# {escaped(report.headline)}",
        escaped(report.subtitle),
        escaped(report.sentence),
        scores_table(report),
        figures_table(report),
    ]
    if report.label_scores:
        blocks += ["## Label by label", _labels_table(report)]
    if report.confused:
        blocks += ["## What it confuses", _confused_list(report)]
    if report.mistakes:
        blocks += ["## Surest mistakes", _mistakes_table(report)]
    if report.misses:
        blocks += ["## Furthest off", _misses_table(report)]
    if report.samples:
        words = sample_words(report.kind, report.score_name)
        blocks += [f"## {words.title}", *(_sample(sample, words) for sample in report.samples[:10])]
    blocks += ["## Limits", "\n".join(f"- {escaped(limit)}" for limit in report.limits)]
    return "\n\n".join(block for block in blocks if block) + "\n"


def scores_table(report: Report) -> str:
    """Every way with its score and range, as a Markdown table."""
    lines = [f"| Way | {report.score_name} | 95 % range |", "|---|---:|---:|"]
    for way in report.ways:
        name = f"**{way.name}**" if way.is_tuned else way.name
        score, low, high = (scored(value, report.score_unit) for value in (way.score, way.low, way.high))
        lines.append(f"| {name} | {score} | {f'{low} to {high}' if way.has_range else '–'} |")
    gain = report.gain
    of, digits, unit = (100, 1, " points") if report.score_unit == "%" else (1, 2, "")
    value, low, high = (f"{of * part:+.{digits}f}".replace("-", "−") for part in (gain.value, gain.low, gain.high))
    lines.append(
        f"\nGain over the best simpler way ({_lower(gain.against)}): {value}{unit}, 95 % range {low} to {high}."
    )
    return "\n".join(lines)


def scored(value: float, unit: str) -> str:
    """A score as it stands in a table: 93.4 %, or 0.79 where it is a number of its own."""
    return f"{rounded(100 * value, 1)} %" if unit == "%" else rounded(value)


def figures_table(report: Report) -> str:
    """The further figures, as a Markdown table."""
    lines = ["| Figure | Your model | 95 % range | Untouched model |", "|---|---:|---:|---:|"]
    lines += [f"| {f.told} | {f.shown(f.value)} | {_range(f)} | {f.shown(f.untouched)} |" for f in report.figures]
    return "\n".join(lines) if report.figures else ""


def _labels_table(report: Report) -> str:
    lines = ["| Label | Rows | Found (recall) | Right when named (precision) | F1 |", "|---|---:|---:|---:|---:|"]
    lines += [
        f"| {_cell(s.label)} | {s.count:,} | {100 * s.recall:.0f} % | {100 * s.precision:.0f} % | {100 * s.f1:.0f} % |"
        for s in report.label_scores
    ]
    return "\n".join(lines)


def _confused_list(report: Report) -> str:
    return "\n".join(
        f"- {_cell(c.truth)} taken for {_cell(c.answer)}: {c.count:,} {'row' if c.count == 1 else 'rows'}"
        for c in report.confused
    )


def _mistakes_table(report: Report) -> str:
    lines = ["| Row | Text | Is | Was labelled | How sure |", "|---:|---|---|---|---:|"]
    lines += [
        f"| {m.row + 1:,} | {_cell(m.text)} | {_cell(m.truth)} | {_cell(m.answer)} | {100 * m.share:.0f} % |"
        for m in report.mistakes[:20]
    ]
    return "\n".join(lines)


def _misses_table(report: Report) -> str:
    scale = Scale(*report.scale) if report.scale else None
    lines = ["| Row | Text | Is | Was given |", "|---:|---|---:|---:|"]
    lines += [
        f"| {m.row + 1:,} | {_cell(m.text)} | {m.truth:g} | {shown(m.given, scale)} |" for m in report.misses[:20]
    ]
    return "\n".join(lines)


def _sample(sample: Sample, words: SampleWords) -> str:
    lines = [f"> {_cell(sample.prompt)}", f"- {words.known}: {_cell(' / '.join(sample.references))}"]
    lines += [f"- {words.tuned} ({words.told(sample.score)}): {_cell(sample.tuned)}"]
    lines += [f"- {words.untouched}: {_cell(sample.untouched)}"]
    return "\n".join([lines[0], "", *lines[1:]])


def _range(figure: Figure) -> str:
    if not figure.has_range:
        return ""
    return f"{figure.shown(figure.low)} to {figure.shown(figure.high)}"


def _cell(text: str) -> str:
    short = " ".join(text.split())
    return escaped(short if len(short) <= 300 else short[:299] + "…")


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
