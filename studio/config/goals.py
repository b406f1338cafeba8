"""The goals: what people want a model for, and what sets one goal apart from the others.

In: nothing. Out: a Goal for each TaskKind. Whoever has to tell goals apart asks for a trait here, never for a name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

TaskKind = Literal["classify", "rate", "answer", "read", "continue", "pretrain", "find", "search", "prefer"]
ModelKind = Literal["encoder", "causal"]
Head = Literal["labels", "number", "words", "span", "vector"]
Target = Literal["label", "number", "text", "passage", ""]


@dataclass(frozen=True)
class Goal:
    """`title` and `about` stand on its card, `short` in lists. `models` are the kinds of model that it can start from,
    the usual one first; `head` is what the network ends in. `target` says what the column to learn holds ("" where
    there is none); `roles` name the further columns that belong to it, as data/roles/columns.py calls them. The best
    look is the one with the best `score_name` or the lowest loss, as `best_by` says. A goal that `writes` answers with
    a text. One that `compares` learns how far it moves from the untouched model, which therefore stays inside it: an
    adapter is trained, and nothing is dropped out by chance. `start` says what the model is that it starts from."""

    kind: TaskKind
    short: str
    title: str
    about: str
    models: tuple[ModelKind, ...]
    head: Head
    target: Target
    score_name: str
    best_by: Literal["loss", "score"]
    roles: tuple[str, ...] = ()
    writes: bool = False
    compares: bool = False
    start: str = "A model that writes. Smaller ones learn in minutes, larger ones write better."

    @property
    def score_unit(self) -> str:
        """“%” where the score is a share of something; "" where it is a number of its own, such as a rank agreement."""
        return "" if self.head in ("number", "vector") else "%"

    @property
    def has_labels(self) -> bool:
        """Whether what is learned is one of a few labels."""
        return self.target == "label"

    @property
    def has_texts(self) -> bool:
        """Whether what is learned is a text of its own."""
        return self.target in ("text", "passage")

    @property
    def whole_text(self) -> bool:
        """Whether the text that is read is itself what is learned, every token of it."""
        return not self.target

    @property
    def from_nothing(self) -> bool:
        """Whether the model is made for the run instead of chosen."""
        return self.kind == "pretrain"

    @property
    def noun(self) -> str:
        """What the cell to learn is called."""
        return {"label": "label", "number": "number", "text": "answer", "passage": "passage", "": "text"}[self.target]


GOALS: dict[TaskKind, Goal] = {
    goal.kind: goal
    for goal in (
        Goal(
            "classify",
            "Sort texts",
            "Sort texts into categories",
            "A label for each: topics, tone, routing.",
            models=("encoder", "causal"),
            head="labels",
            target="label",
            score_name="accuracy",
            best_by="score",
            start="A model that reads a text and learns which label it gets. Smaller ones learn in minutes.",
        ),
        Goal(
            "rate",
            "Rate",
            "Rate texts with a number",
            "Stars, grades, urgency, likeness.",
            models=("encoder",),
            head="number",
            target="number",
            score_name="agreement in order",
            best_by="loss",
            start="A model that reads a text and learns to give it a number. Smaller ones learn in minutes.",
        ),
        Goal(
            "answer",
            "Answer",
            "Answer in my style",
            "Replies like the ones in your table.",
            models=("causal",),
            head="words",
            target="text",
            score_name="closeness to your answers (chrF)",
            best_by="loss",
            roles=("system", "earlier"),
            writes=True,
        ),
        Goal(
            "read",
            "Answer from a text",
            "Answer from a text",
            "Reads a text, then answers in words.",
            models=("causal",),
            head="words",
            target="text",
            score_name="right words (F1)",
            best_by="loss",
            roles=("context",),
            start="A model that writes its answer from the text. Larger ones understand more of it.",
            writes=True,
        ),
        Goal(
            "continue",
            "Continue",
            "Continue my kind of text",
            "Your documents, your wording.",
            models=("causal",),
            head="words",
            target="",
            score_name="next words right",
            best_by="loss",
            writes=True,
            start="A model that goes on writing. Smaller ones learn in minutes, larger ones write better.",
        ),
        Goal(
            "pretrain",
            "From nothing",
            "A model from nothing",
            "A small model from your texts alone.",
            models=("causal",),
            head="words",
            target="",
            score_name="next words right",
            best_by="loss",
            start="No model is chosen: one is made for your texts.",
            writes=True,
        ),
        Goal(
            "find",
            "Find",
            "Find the answer in a text",
            "Marks it, or says there is none.",
            models=("encoder",),
            head="span",
            target="text",
            score_name="right words (F1)",
            best_by="score",
            roles=("context", "start", "answers"),
            start="A model that reads a question with a text and marks the answer. Smaller ones learn in minutes.",
        ),
        Goal(
            "search",
            "Search",
            "Search by meaning",
            "Finds the right passage for a question.",
            models=("encoder",),
            head="vector",
            target="passage",
            score_name="right passage high up (MRR@10)",
            best_by="score",
            roles=("negative", "score"),
            start="A model that turns texts into numbers, alike where the meaning is. Smaller ones learn in minutes.",
        ),
        Goal(
            "prefer",
            "Prefer",
            "Prefer the better answer",
            "Learns from pairs, better and worse.",
            models=("causal",),
            head="words",
            target="text",
            score_name="pairs right",
            best_by="loss",
            roles=("rejected", "score", "system", "earlier"),
            start="A model that writes already; it learns which of two answers is the better one.",
            writes=True,
            compares=True,
        ),
    )
}


def kinds_with(trait: Callable[[Goal], bool]) -> tuple[TaskKind, ...]:
    """The goals that have a trait."""
    return tuple(kind for kind, goal in GOALS.items() if trait(goal))


MORE_ROLES = tuple(dict.fromkeys(role for goal in GOALS.values() for role in goal.roles))  # each that any goal has
