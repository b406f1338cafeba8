"""What a model card says about each goal.

In: a TaskKind. Out: its words. Knows nothing of runs or reports.
"""

from __future__ import annotations

from dataclasses import dataclass

from studio.config.goals import TaskKind

_SOUNDS_RIGHT = (
    "Not for emergencies, nor for answers that nobody checks: it writes what sounds like the training rows, and what "
    "sounds right may be wrong. Other languages and subjects were not tested."
)


@dataclass(frozen=True)
class CardWords:
    """`pipeline` and `metric` as the hub calls them; the metric is `scale` times the report's score. `title` follows
    the table's name, `does` follows “It”, and `not_for` opens the limits."""

    pipeline: str
    title: str
    does: str
    metric: str
    metric_name: str
    not_for: str
    scale: int = 1


_WORDS: dict[TaskKind, CardWords] = {
    "classify": CardWords(
        "text-classification",
        "sorts texts",
        "sorts texts into categories",
        "accuracy",
        "Accuracy",
        "Not for emergencies, nor for decisions about people that nobody checks. Texts unlike the training rows "
        "(another language, subject or length) get a label all the same, and it may be wrong.",
    ),
    "rate": CardWords(
        "text-classification",
        "rates texts",
        "rates texts with a number",
        "spearmanr",
        "Spearman's rank correlation",
        "Not for grades or decisions about people that nobody checks. Texts unlike the training rows (another "
        "language, subject or length) get a number all the same, and it may be far off.",
    ),
    "answer": CardWords(
        "text-generation", "answers in one's style", "answers in the style of its rows", "chrf", "chrF",
        _SOUNDS_RIGHT, scale=100,
    ),
    "read": CardWords(
        "text-generation", "answers from a text", "answers questions about a text that is given with them", "f1",
        "Answer F1", _SOUNDS_RIGHT, scale=100,
    ),
    "continue": CardWords(
        "text-generation", "continues texts", "continues texts in the manner of its rows", "accuracy",
        "Next token guessed right", _SOUNDS_RIGHT,
    ),
    "pretrain": CardWords(
        "text-generation", "a model from nothing", "continues texts; it has seen nothing but its training rows",
        "space_saved", "Room saved when the text is packed", _SOUNDS_RIGHT,
    ),
    "find": CardWords(
        "question-answering",
        "finds answers in a text",
        "marks the answer to a question in a text, or says that there is none",
        "f1",
        "Answer F1",
        "Not for emergencies, nor for answers that nobody checks: it marks a passage of the text it is given, right or "
        "wrong, and knows nothing beyond that text.",
        scale=100,
    ),
    "search": CardWords(
        "sentence-similarity",
        "searches by meaning",
        "turns texts into vectors that lie close where the texts mean the same",
        "mrr",
        "MRR@10",
        "Not for finding everything: what is relevant and said in unusual words may be missed. Other languages and "
        "subjects were not tested.",
    ),
    "prefer": CardWords(
        "text-generation", "prefers better answers", "answers as the better of its example answers do", "accuracy",
        "Pairs right", _SOUNDS_RIGHT,
    ),
}  # fmt: skip


def words_for(kind: TaskKind) -> CardWords:
    """The words of a goal."""
    return _WORDS[kind]
