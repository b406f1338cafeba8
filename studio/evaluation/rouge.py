"""ROUGE-L: how much of an answer's wording comes in the same order as in a known one.

In: an answer and its references. Out: a share. Knows nothing of models or tables. The longest common subsequence of
words (Lin 2004, "ROUGE: A Package for Automatic Evaluation of Summaries", section 3), with precision and recall weighed
alike (beta 1), as most published figures are made; words are told apart in any script and are not stemmed.
"""

from __future__ import annotations

from collections.abc import Sequence

from studio.words import bare_words


def rouge_l(answer: str, references: Sequence[str]) -> float:
    """The F-measure of the answer against its references, the best of them counting, in 0..1."""
    said = bare_words(answer)
    return max((_f_measure(said, bare_words(known)) for known in references), default=0.0)


def common_length(first: Sequence[str], second: Sequence[str]) -> int:
    """How many words the longest common subsequence has. With one bit a word of `first`, a row of the usual table is
    one addition (Hyyrö 2004, "Bit-parallel LCS-length computation revisited")."""
    places: dict[str, int] = {}
    for place, word in enumerate(first):
        places[word] = places.get(word, 0) | 1 << place
    every = (1 << len(first)) - 1
    unmatched = every
    for word in second:
        met = unmatched & places.get(word, 0)
        unmatched = (unmatched + met | unmatched - met) & every
    return len(first) - unmatched.bit_count()


def _f_measure(said: Sequence[str], known: Sequence[str]) -> float:
    # With beta 1 the F-measure of precision c/said and recall c/known is 2c over both lengths.
    whole = len(said) + len(known)
    return 2 * common_length(said, known) / whole if whole else 0.0
