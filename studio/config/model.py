"""Which model to start from, and which of its weights to train: the settings whose path begins with “model.”.

In: values. Out: this part of a Config.
"""

from __future__ import annotations

from typing import Literal

from studio.config.goals import kinds_with
from studio.config.setting import Settings, setting
from studio.config.sizes import Family, SizeName, sizes

Method = Literal["full", "lora"]

_SORTING = kinds_with(lambda goal: goal.has_labels)
_FROM_NOTHING = kinds_with(lambda goal: goal.from_nothing)
_WRITING = kinds_with(lambda goal: goal.writes and not goal.from_nothing)


class ModelConfig(Settings):
    """Which model to start from and which of its weights to train."""

    base: str = setting(
        "",
        "Start from",
        "A starter's name, a model folder, or empty for the fitting starter.",
        level="hidden",
    )
    method: Method | None = setting(
        None,
        "What is trained",
        "All layers, or small added weights (an adapter, LoRA).",
        choices=(("full", "All layers"), ("lora", "An adapter (LoRA)")),
    )
    family: Family = setting(
        "gpt2",
        "Form",
        "How the layers are built: as in GPT-2, or as in Llama.",
        level="basic",
        shown_for=_FROM_NOTHING,
        choices=(("gpt2", "GPT-2"), ("llama", "Llama")),
    )
    size: SizeName | None = setting(
        None,
        "Size",
        "How many layers and how wide; larger learns more and takes longer.",
        level="basic",
        shown_for=_FROM_NOTHING,
        choices=tuple((size.name, size.words) for size in sizes()),
    )
    units: Literal["pieces", "characters"] | None = setting(
        None,
        "Tokens",
        "What the texts are cut into: pieces of words that come often, or single characters.",
        level="basic",
        shown_for=_FROM_NOTHING,
        choices=(("pieces", "Pieces of words"), ("characters", "Characters")),
    )
    vocabulary: int | None = setting(
        None,
        "Different tokens",
        "How many pieces of words it knows; the rarest ones are put together from smaller ones.",
        unit="tokens",
        ge=0,
        le=200_000,
        shown_for=_FROM_NOTHING,
    )
    train_word_vectors: bool | None = setting(
        None,
        "Learn word vectors",
        "Whether the table that holds one vector for each word learns as well.",
        shown_for=_SORTING,
    )
    learning_layers: Literal["all", "upper"] | None = setting(
        None,
        "Layers that learn",
        "All of them, or the upper half alone: then the lower ones keep what they know of language.",
        choices=(("all", "All layers"), ("upper", "The upper half")),
        shown_for=_SORTING,
    )
    lora_rank: int = setting(
        16, "Adapter size (rank)", "How much the adapter can learn.", ge=1, le=256, shown_for=_WRITING
    )
    lora_alpha: int = setting(
        32,
        "Adapter strength (alpha)",
        "How strongly the adapter acts: it is scaled by alpha / rank.",
        ge=1,
        le=512,
        shown_for=_WRITING,
    )
    lora_dropout: float = setting(
        0.0,
        "Adapter dropout",
        "Share of the adapter's input left out at random.",
        ge=0,
        lt=1,
        shown_for=_WRITING,
    )
