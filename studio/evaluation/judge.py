"""Is the tuned model better? Judged on rows it never saw, beside simpler ways. (torch)

In: a tuned Model with its task, rows and settings. Out: progress, RUN/report, and Judged. Knows nothing of how the
model was trained.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from studio.checkpoints.layout import best_step
from studio.config.config import Config
from studio.config.goals import TaskKind
from studio.data.parts import notices
from studio.data.parts.dataset import Dataset
from studio.evaluation.judge_answers import judge_answers
from studio.evaluation.judge_find import judge_find
from studio.evaluation.judge_labels import judge_labels
from studio.evaluation.judge_numbers import judge_numbers
from studio.evaluation.judge_packing import judge_packing
from studio.evaluation.judge_preferences import judge_preferences
from studio.evaluation.judge_read import judge_read
from studio.evaluation.judge_search import judge_search
from studio.evaluation.judge_texts import judge_texts
from studio.evaluation.report import Report
from studio.evaluation.subject import Subject
from studio.events import Event, Judged, Progressed
from studio.models.load import Model
from studio.problems import Problem
from studio.tasks.task import Task
from studio.tokens.tokenizer import Tokenizer

_JUDGES: Mapping[TaskKind, Callable[[Subject], Generator[Event, None, Report | None]]] = {
    "classify": judge_labels,
    "rate": judge_numbers,
    "answer": judge_answers,
    "read": judge_read,
    "continue": judge_texts,
    "pretrain": judge_packing,
    "prefer": judge_preferences,
    "search": judge_search,
    "find": judge_find,
}


def judge(
    model: Model,
    tokenizer: Tokenizer,
    task: Task,
    dataset: Dataset,
    config: Config,
    folder: Path,
    *,
    should_stop: Callable[[], bool],
    most_answers: int = 100,
) -> Iterator[Event]:
    """Judge on the dataset's test rows and write the report into the run `folder`. The untouched model is loaded from
    the base folder where all weights were trained. At most `most_answers` questions are answered in full. When
    stopped, nothing is written and no Judged comes. Raises a Problem where there are no test rows."""
    if not dataset.parts["test"]:
        raise Problem(
            "There are no test rows.",
            "Every row was used for training, so nothing is left that the model has not seen.",
            "Set “Test rows” above zero and train again, or judge on a separate file.",
        )
    judged = best_step(folder)  # now: what is judged may be trained further meanwhile
    subject = Subject(model, tokenizer, task, dataset, config, should_stop, most_answers)
    yield Progressed("Reading the test rows")
    yield from notices.left_out(dataset, of_test_file=True)
    report = yield from _JUDGES[task.kind](subject)
    if report is None:
        return
    yield Judged(str(replace(report, best_step=judged).write(folder)), report.sentence, report.headline)
