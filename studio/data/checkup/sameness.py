"""When two texts count as the same: not by capitals, blanks or punctuation.

In: a text, or many. Out: its key; texts with equal keys are duplicates for the split and the check-up alike. Of many
rows the keys' hashes are enough: two different keys out of ten million share one with a probability of 0.000003.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BORDER = "\0"  # stands between two texts that are looked at together


def sameness_key(text: str) -> str:
    """The text without capitals, punctuation and extra blanks; where nothing else is left, its plain characters."""
    folded = text.casefold()
    if folded.isascii():
        return " ".join(folded.translate(_ascii_blanks()).split()) or " ".join(folded.split())
    return " ".join(folded.translate(_blanks()).split()) or " ".join(folded.split())


def sameness_keys(texts: Sequence[str]) -> list[str]:
    """The sameness key of each text, in a few passes over all of them together; some megabytes at a time are best."""
    if not texts:
        return []
    joined = _BORDER.join(texts)
    if joined.count(_BORDER) != len(texts) - 1:
        return [sameness_key(text) for text in texts]
    joined = _spaced(joined.casefold())
    while "  " in joined:
        joined = joined.replace("  ", " ")
    keys = joined.replace(f" {_BORDER}", _BORDER).replace(f"{_BORDER} ", _BORDER).strip(" ").split(_BORDER)
    return [key or (sameness_key(text) if text else "") for key, text in zip(keys, texts, strict=True)]


def sameness_hashes(texts: Sequence[str]) -> NDArray[np.int64]:
    """A hash of each text's key; it is another one in another process."""
    import numpy as np

    return np.fromiter(map(hash, sameness_keys(texts)), np.int64, len(texts))


def _spaced(text: str) -> str:
    """The text with a space in place of every mark and blank."""
    import numpy as np

    if text.isascii():
        return text.encode("ascii").translate(_byte_spaces()).decode("ascii")
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).copy()
    codes[_is_spaced()[codes]] = ord(" ")
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


@cache
def _byte_spaces() -> bytes:
    return bytes(ord(" ") if code < 128 and _parts_words(chr(code)) else code for code in range(256))


@cache
def _is_spaced() -> NDArray[np.bool_]:
    import numpy as np

    return np.fromiter((_parts_words(chr(code)) for code in range(sys.maxunicode + 1)), np.bool_, sys.maxunicode + 1)


def _parts_words(character: str) -> bool:
    return character.isspace() or _is_punctuation(character)


@cache
def _ascii_blanks() -> str:
    """For `str.translate`: a table as a string is looked up by place, which is the fastest."""
    return "".join(" " if _is_punctuation(chr(code)) else chr(code) for code in range(128))


@cache
def _blanks() -> dict[int, str]:
    return {code: " " for code in range(sys.maxunicode + 1) if _is_punctuation(chr(code))}


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character).startswith("P")
