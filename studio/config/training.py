"""How it learns: the settings whose path begins with “training.”.

In: values. Out: this part of a Config.
"""

from __future__ import annotations

from typing import Literal

from studio.config.goals import kinds_with
from studio.config.setting import Settings, setting

Preset = Literal["quick", "balanced", "thorough"]
Precision = Literal["fp32", "bf16"]
Approach = Literal["contrastive", "direct", "frozen"]

_SORTING = kinds_with(lambda goal: goal.has_labels)
_SEARCHING = kinds_with(lambda goal: goal.head == "vector")


class TrainingConfig(Settings):
    """How it learns."""

    preset: Preset = setting(
        "balanced",
        "Preset",
        "How long to train.",
        level="basic",
        choices=(("quick", "Quick try"), ("balanced", "Balanced"), ("thorough", "Thorough")),
    )
    approach: Approach | None = setting(
        None,
        "How it learns labels",
        "From pairs of texts that have the same label or not, then the last layer; all layers from each text by "
        "itself; or the last layer alone, on the model as it came.",
        choices=(("contrastive", "From pairs first"), ("direct", "Each text by itself"), ("frozen", "Last layer only")),
        shown_for=_SORTING,
    )
    epochs: float | None = setting(
        None, "Rounds", "How often each training row is read.", unit="rounds", level="basic", gt=0, le=100
    )
    learning_rate: float | None = setting(
        None,
        "Learning rate",
        "Size of each correction: too large forgets, too small barely learns.",
        level="basic",
        gt=0,
        le=1,
    )
    head_learning_rate: float | None = setting(
        None,
        "Learning rate of the new head",
        "The part that names the labels is new and may learn faster than the rest.",
        gt=0,
        le=1,
        shown_for=_SORTING,
    )
    agreement: float | None = setting(
        None,
        "Agreement under dropout",
        "Each text is read twice, with other parts of the model left out by chance, and both answers are to agree "
        "(R-Drop); 0 reads it once.",
        ge=0,
        le=100,
        shown_for=_SORTING,
    )
    use_unlabelled: bool | None = setting(
        None,
        "Rows without a label",
        "The last layer also learns from texts without a label, by the model's own guesses about them; only kept where "
        "the watching rows say that this is better.",
        shown_for=_SORTING,
    )
    kept_change: float | None = setting(
        None,
        "Share of the change kept",
        "At the end the model is set back part of the way to how it came, which often does better on new texts; 1 "
        "keeps all that was learned.",
        gt=0,
        le=1,
        shown_for=_SORTING,
    )
    rows_per_step: int | None = setting(
        None,
        "Rows a step",
        "How many rows are read before each correction.",
        unit="rows",
        level="basic",
        ge=1,
        le=4096,
    )
    similarity_scale: float = setting(
        20.0,
        "Sharpness of the comparison",
        "How much a small difference between two passages counts; higher looks at the closest rivals alone.",
        gt=0,
        le=200,
        shown_for=_SEARCHING,
    )
    both_ways: bool = setting(
        False,
        "Compare both ways",
        "Each passage has to find its query as well, beside each query its passage.",
        shown_for=_SEARCHING,
    )
    max_steps: int | None = setting(None, "Step limit", "Stop after this many corrections.", unit="steps", ge=1)
    warmup_share: float = setting(0.06, "Warm-up", "Share of the steps over which the learning rate rises.", ge=0, lt=1)
    weight_decay: float = setting(0.01, "Weight decay", "Pulls weights gently towards zero.", ge=0, le=1)
    clip_norm: float = setting(1.0, "Correction limit", "Longest gradient that is applied (clipping).", gt=0)
    validations: int | None = setting(
        None,
        "Looks at the watching rows",
        "How often progress is measured during the run.",
        unit="times",
        ge=1,
        le=1000,
    )
    patience: int = setting(
        4,
        "Patience",
        "Stop early after this many looks without a better one; 0 never stops early.",
        unit="looks",
        ge=0,
    )
    precision: Precision | None = setting(
        None,
        "Number format",
        "16-bit numbers are used only where a trial run shows that they are faster.",
        choices=(("fp32", "32-bit"), ("bf16", "16-bit (bfloat16)")),
    )
    token_budget: int | None = setting(
        None,
        "Tokens at once",
        "How many tokens are computed together; lower needs less memory, same result.",
        unit="tokens",
        ge=8,
    )
    gradient_checkpointing: bool | None = setting(
        None, "Save memory by computing twice", "Slower, with less memory; on only when memory is short."
    )
    seed: int = setting(0, "Seed", "The same seed, settings and rows give the same model again.", ge=0, lt=2**31)
