"""What the model should learn: the settings whose path begins with “task.”.

In: values. Out: this part of a Config.
"""

from __future__ import annotations

from typing import Literal

from studio.config.goals import GOALS, TaskKind, kinds_with
from studio.config.pairing import Pairing
from studio.config.setting import Settings, setting

Several = Literal["one", ";", ",", "|", "、", "\n", "[]"]

MOST_TOKENS = 8192  # of a row
_SORTING = kinds_with(lambda goal: goal.has_labels)
_TALKING = kinds_with(lambda goal: goal.writes and goal.has_texts)
_READING = kinds_with(lambda goal: goal.writes and "context" in goal.roles)
_COMPARING = kinds_with(lambda goal: goal.compares)
_SEARCHING = kinds_with(lambda goal: goal.head == "vector")
_POINTING = kinds_with(lambda goal: goal.head == "span")
_AVERAGING = kinds_with(lambda goal: goal.head in ("labels", "number"))


class TaskConfig(Settings):
    """What the model should learn."""

    kind: TaskKind = setting(
        "classify",
        "Goal",
        "What the model should learn to do.",
        level="hidden",
        choices=tuple((kind, goal.title) for kind, goal in GOALS.items()),
    )
    instruction: str = setting(
        "",
        "Instruction",
        "A standing instruction that the model reads before every message.",
        level="basic",
        shown_for=_TALKING,
    )
    reading: str = setting(
        "Text: {text}\n\nQuestion: {question}",
        "How text and question are put together",
        "What the model reads, with {text} and {question} where they go.",
        level="basic",
        shown_for=_READING,
        max_length=2000,
    )
    no_answer: str = setting(
        "The text does not say.",
        "Where the text holds no answer",
        "What the model learns to say to a question whose answer is empty in your table.",
        level="basic",
        shown_for=_READING,
        min_length=1,
        max_length=200,
    )
    chat_template: str = setting(
        "",
        "Chat template",
        "How a conversation is written for the model: the name of a template, or its text; empty for the model's own.",
        level="hidden",
        shown_for=_TALKING,
        max_length=40_000,
    )
    beta: float | None = setting(
        None,
        "Caution (beta)",
        "How strongly it stays near the untouched model; higher changes less.",
        gt=0,
        le=100,
        shown_for=_COMPARING,
    )
    length_normalised: bool = setting(
        False,
        "Compare by the token",
        "Answers count by the token, so that length brings nothing (pairs only).",
        shown_for=_COMPARING,
    )
    sft_weight: float = setting(
        0.0,
        "Also learn the better answers",
        "How much the better answer's own wording counts beside the comparison (pairs only).",
        ge=0,
        le=10,
        shown_for=_COMPARING,
    )
    learn_label_names: bool | None = setting(
        None,
        "Learn from the labels' names",
        "Reads the name of each label as one more text of it; a name that is a number or a code is left out.",
        shown_for=_SORTING,
    )
    several: Several | None = setting(
        None,
        "Several labels",
        "Whether a text can have several labels at once, and what stands between them in a cell.",
        level="basic",
        shown_for=_SORTING,
        choices=(
            ("one", "One label a text"),
            (";", "Several, with “;” between them"),
            (",", "Several, with “,” between them"),
            ("|", "Several, with “|” between them"),
            ("、", "Several, with “、” between them"),
            ("\n", "Several, one a line"),
            ("[]", "Several, as a list or in columns of their own"),
        ),
    )
    unsure_below: float | None = setting(
        None,
        "Unsure below",
        "An answer that is less certain than this counts as none of the labels; 0 lets every answer count.",
        ge=0,
        lt=1,
        shown_for=_SORTING,
    )
    class_weights: bool = setting(
        False,
        "Weigh rare labels more",
        "Counts each label the same in total, however many rows it has.",
        shown_for=_SORTING,
    )
    pairing: Pairing | None = setting(
        None,
        "What a row tells",
        "Whether each passage is the right one, a candidate marked right or wrong, or compared by a number.",
        level="basic",
        shown_for=_SEARCHING,
        choices=(
            ("passages", "A passage that fits"),
            ("candidates", "A candidate, right (1) or wrong (0)"),
            ("scores", "A number: how alike two texts are"),
        ),
    )
    query_prefix: str | None = setting(
        None,
        "Words before each query",
        "Some models were made to be told what they read; others take it for part of the text.",
        shown_for=_SEARCHING,
    )
    passage_prefix: str | None = setting(
        None,
        "Words before each passage",
        "As above, for the passages that are searched.",
        shown_for=_SEARCHING,
    )
    no_answer_bar: float | None = setting(
        None,
        "Bar for “no answer”",
        "How far “no answer” has to be ahead of the best place in the text before it is given.",
        shown_for=_POINTING,
        ge=-100,
        le=100,
    )
    max_tokens: int | None = setting(
        None,
        "Length limit",
        "Longer texts are cut here; you are told how many.",
        unit="tokens",
        level="basic",
        ge=8,
        le=MOST_TOKENS,
    )
    windows: bool | None = setting(
        None,
        "Read long texts in parts",
        "A text beyond the length limit is read part by part, and what the parts say is averaged.",
        shown_for=_AVERAGING,
    )
    number_mean: float | None = setting(
        None, "Middle of the numbers", "The number from which the model counts up and down.", level="hidden"
    )
    number_spread: float | None = setting(
        None, "Spread of the numbers", "How far the numbers usually lie from their middle.", level="hidden", gt=0
    )

    @property
    def has_several(self) -> bool:
        """Whether a text can have several labels at once; it is settled with the other automatic values."""
        return self.several not in (None, "one")

    @property
    def score_name(self) -> str:
        """What a look at the watching rows measures beside the error."""
        if self.pairing == "scores":
            return "agreement in order"
        return "labels right (F1)" if GOALS[self.kind].has_labels and self.has_several else GOALS[self.kind].score_name
