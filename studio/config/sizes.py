"""The shapes of a model from nothing: GPT-2 and Llama, in sizes with names, and how many tokens it has.

In: resources/shapes.json. Out: sizes, how many weights each has, and which suits so much text.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from studio.config import paths
from studio.problems import Problem

Family = Literal["gpt2", "llama"]
SizeName = Literal["tiny", "small", "middle", "large", "gpt2"]
_INNER = {"gpt2": 4.0, "llama": 8 / 3}  # the inner layer's width, in widths: both have about 8 width² weights there
_TOGETHER = 64  # a Llama's inner width is a multiple of it
SMALLEST, LARGEST = 512, 32_768  # tokens of a byte-level BPE; its 256 bytes and the end among them
CHARACTERS_A_TOKEN = 500  # of text for each token of the vocabulary, so that even rare ones are met some dozen times


@dataclass(frozen=True)
class Size:
    """A named size: `layers` blocks of `heads` heads, `width` numbers for each token, reading `context` tokens.
    `characters` is the most text that it is proposed for on a processor; 0 = never. `time` says
    roughly how long it learns, `note` what can be had of it."""

    name: SizeName
    title: str
    layers: int
    heads: int
    width: int
    context: int
    characters: int
    time: str
    note: str

    @property
    def words(self) -> str:
        """Its title with what it is made of."""
        return f"{self.title}: {self.layers} layers, {self.width} wide, reads {self.context:,} tokens"

    def inner(self, family: Family) -> int:
        """The width of the layer between attention and attention."""
        exact = self.width * _INNER[family]
        return int(exact) if family == "gpt2" else -(-int(exact) // _TOGETHER) * _TOGETHER

    def parameters(self, family: Family, vocabulary: int) -> int:
        """How many weights it has with so many tokens; the output layer shares those of the words that are read."""
        width, inner = self.width, self.inner(family)
        words = vocabulary * width
        if family == "gpt2":
            block = 4 * width * width + 4 * width + 2 * width * inner + inner + width + 4 * width
            return words + self.context * width + self.layers * block + 2 * width
        block = 4 * width * width + 3 * width * inner + 2 * width
        return words + self.layers * block + width


@lru_cache(maxsize=1)
def sizes() -> tuple[Size, ...]:
    """The sizes, smallest first."""
    text = (paths.resources() / "shapes.json").read_text(encoding="utf-8")
    return tuple(Size(**values) for values in json.loads(text)["sizes"])


def size_called(name: str) -> Size:
    """The size of this name; a Problem names those that there are."""
    found = next((size for size in sizes() if size.name == name), None)
    if found is None:
        raise Problem(
            f"There is no size “{name}”.",
            "The sizes of a model from nothing have names.",
            f"Choose {', '.join(size.name for size in sizes())}.",
        )
    return found


def size_for(characters: int, *, has_gpu: bool) -> Size:
    """The size for so much text: small enough to learn in a sitting, and no larger than the text can fill. With a
    graphics card one size more."""
    known = sizes()
    place = next((n for n, size in enumerate(known) if characters <= size.characters), len(known) - 2)
    return known[min(place + has_gpu, len(known) - 1)]


def vocabulary_for(characters: int) -> int:
    """How many tokens suit a text of so many characters: a power of two."""
    wanted = max(1, characters // CHARACTERS_A_TOKEN)
    return int(min(LARGEST, max(SMALLEST, 2 ** (wanted.bit_length() - 1))))
