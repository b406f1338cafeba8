"""How answers are written when the model is tried: the settings whose path begins with “generation.”.

In: values. Out: this part of a Config.
"""

from __future__ import annotations

from studio.config.goals import kinds_with
from studio.config.setting import Settings, setting

_SEARCHING = kinds_with(lambda goal: goal.head == "vector")


class GenerationConfig(Settings):
    """How answers are written when trying the model."""

    temperature: float = setting(
        0.7, "Freedom", "0 always takes the likeliest word; higher varies more.", level="basic", ge=0, le=5
    )
    top_p: float = setting(
        0.9, "Likeliest share (top-p)", "Choose only among the likeliest words up to this share.", gt=0, le=1
    )
    top_k: int = setting(50, "Likeliest count (top-k)", "Choose only among this many words; 0 = no limit.", ge=0)
    repetition_penalty: float = setting(
        1.1, "Against repetition", "Above 1, words already used become less likely.", ge=1, le=2
    )
    passages: int = setting(
        3,
        "Passages found",
        "How many of the closest passages a search shows.",
        level="basic",
        ge=1,
        le=100,
        shown_for=_SEARCHING,
    )
    max_new_tokens: int = setting(
        200,
        "Longest answer",
        "The answer ends here at the latest.",
        unit="tokens",
        level="basic",
        ge=1,
        le=8192,
    )
    seed: int | None = setting(
        0, "Dice", "The same number gives the same answer again; empty rolls anew.", ge=0, lt=2**31
    )
