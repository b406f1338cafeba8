"""BM25: how well passages fit a query by the words that they share, the usual search without any model.

In: passages, then queries. Out: one score for each passage and query; 0 where no word is shared. Knows nothing of
models or rows. Okapi BM25 as in Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond",
with the rarity of a word kept above zero by adding 1 within the logarithm, as Lucene does.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")


class BM25:
    """`k1` is how soon a word that comes again counts less, `b` how much a long passage has to make up for."""

    def __init__(self, passages: Sequence[str], *, k1: float = 1.2, b: float = 0.75) -> None:
        self.count = len(passages)
        self._places: dict[str, int] = {}
        counts = self._counted(passages, grow=True).tocoo()
        lengths = np.bincount(counts.row, weights=counts.data, minlength=self.count)
        mean = float(lengths.mean()) if lengths.any() else 1.0
        holding = np.bincount(counts.col, minlength=len(self._places))
        rarity = np.log(1 + (self.count - holding + 0.5) / (holding + 0.5))
        counts.data = (
            rarity[counts.col] * counts.data * (k1 + 1) / (counts.data + k1 * (1 - b + b * lengths[counts.row] / mean))
        )
        self._weights: Any = counts.tocsr().T.tocsr()  # (words, passages)

    def scores(self, queries: Sequence[str]) -> Floats:
        """(queries, passages); a word that stands twice in a query counts twice."""
        found: Floats = (self._counted(queries, grow=False) @ self._weights).toarray()
        return found

    def _counted(self, texts: Sequence[str], *, grow: bool) -> Any:
        """How often each word stands in each text, (texts, words); words that no passage has are of no account."""
        from scipy.sparse import csr_array

        starts, columns, values = [0], [], []
        for text in texts:
            for word, times in Counter(words(text)).items():
                place = self._places.setdefault(word, len(self._places)) if grow else self._places.get(word)
                if place is not None:
                    columns.append(place)
                    values.append(float(times))
            starts.append(len(columns))
        index = np.asarray(columns, np.int64), np.asarray(starts, np.int64)
        return csr_array((np.asarray(values), *index), shape=(len(texts), len(self._places)))


def words(text: str) -> list[str]:
    """The words of a text, case and Unicode form aside; where a script has no spaces, every two signs in a row."""
    found: list[str] = []
    for word in _WORD.findall(unicodedata.normalize("NFKC", text).casefold()):
        at = 0
        for run in _UNSPACED.finditer(word):
            found += [word[at : run.start()]] if run.start() > at else []
            signs = run[0]
            found += [signs[i : i + 2] for i in range(max(1, len(signs) - 1))]
            at = run.end()
        found += [word[at:]] if at < len(word) else []
    return found
