"""What the single rows in a report are called, goal by goal: the worst ones come first.

In: a Report's kind and score. Out: the words around its samples. Knows nothing of windows or Markdown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from studio.config.goals import GOALS, TaskKind

PAIRS_SCORE = "Same order as your numbers (Spearman)"


@dataclass(frozen=True)
class SampleWords:
    """`title` stands over the samples; the others before what was asked, what is known to be right, and what either
    model said. `means` says what a sample's score is: how close an answer comes, the place of the right passage (as
    1 / place), or how far a pair is from its place in the order."""

    title: str
    asked: str
    known: str
    tuned: str
    untouched: str
    means: Literal["closeness", "place", "order"]

    def told(self, score: float) -> str:
        """A sample's score in words."""
        match self.means:
            case "closeness":
                return f"{100 * score:.0f} % close"
            case "place":
                return f"the right one in place {round(1 / score):,}" if score else "the right one not found"
            case "order":
                return f"{100 * (1 - score):.0f} % of the pairs lie between"

    def short(self, score: float) -> str:
        """The same where there is little room."""
        match self.means:
            case "closeness":
                return f"{100 * score:.0f} %"
            case "place":
                return f"{round(1 / score):,}." if score else "–"
            case "order":
                return f"{100 * (1 - score):.0f} %"


_ANSWERS = SampleWords("Least close answers", "Asked", "Yours", "Your model", "Untouched", "closeness")
_TEXTS = SampleWords("Furthest from how it went on", "Beginning", "Yours", "Your model", "Untouched", "closeness")
_PASSAGES = SampleWords("Where the right passage comes latest", "Asked", "Right", "First", "Untouched", "place")
_PAIRS = SampleWords("Furthest from their place", "One text", "Yours", "Your model", "Untouched", "order")


def sample_words(kind: TaskKind, score_name: str) -> SampleWords:
    """The words for a report of this kind and score."""
    if GOALS[kind].whole_text:
        return _TEXTS
    if GOALS[kind].head != "vector":
        return _ANSWERS
    return _PAIRS if score_name == PAIRS_SCORE else _PASSAGES
