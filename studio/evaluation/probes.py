"""What training asks on the way: how well the watching rows go, and what the user's own prompts get. (torch)

In: the task, its watching rows and the user's prompts. Out: Probes for the loop. Cheap on purpose.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from studio.config.goals import TaskKind
from studio.evaluation.asked import Asked
from studio.evaluation.probe_answers import probe_answers, probe_read
from studio.evaluation.probe_find import probe_find
from studio.evaluation.probe_labels import probe_labels
from studio.evaluation.probe_numbers import probe_numbers
from studio.evaluation.probe_preferences import probe_preferences
from studio.evaluation.probe_search import probe_search
from studio.evaluation.probe_texts import probe_texts
from studio.training.probes import Probes

_LOOKS: Mapping[TaskKind, Callable[[Asked], Probes]] = {
    "classify": probe_labels,
    "rate": probe_numbers,
    "answer": probe_answers,
    "read": probe_read,
    "continue": probe_texts,
    "pretrain": probe_texts,
    "prefer": probe_preferences,
    "search": probe_search,
    "find": probe_find,
}


def probes(asked: Asked) -> Probes:
    """The Probes of a run, as its goal wants them: an error that learning makes small, and a score that is better the
    higher it is (0..1, or -1..1 for an agreement of ranks)."""
    return _LOOKS[asked.task.kind](asked)
