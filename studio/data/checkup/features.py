"""What a fast classifier sees of a text: its words, pairs of words and short runs of letters, weighted by tf-idf.

In: sameness keys. Out: a sparse matrix with one row a text. The columns are hashes, so no vocabulary is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from studio.data.checkup.shingles import Shingles, blocks, letters, words

COLUMNS = 2**18  # few enough to learn fast, so many that hardly two frequent pieces share one
MOST_CHARACTERS = 2_000  # of a text: enough to tell what it is about


def weighted(texts: Sequence[str], should_stop: Callable[[], bool]) -> Any | None:
    """The texts as a scipy CSR matrix of 32-bit floats, every row of length 1 (tf-idf with sublinear tf); None where it
    was stopped. Only the first 2,000 characters of a text count."""
    import numpy as np
    from scipy import sparse

    parts = []
    shortened = [text[:MOST_CHARACTERS] for text in texts]
    for block in blocks(shortened):
        if should_stop():
            return None
        some = shortened[block.start : block.stop]
        single, pairs = words(some)
        parts.append(_counted((single, pairs, letters(some)), len(some)))
    matrix = sparse.vstack(parts, format="csr") if parts else sparse.csr_matrix((0, COLUMNS), dtype=np.float32)
    del parts  # as large as the whole
    if should_stop():
        return None
    np.log(matrix.data, out=matrix.data)
    matrix.data += 1
    texts_with = np.bincount(matrix.indices, minlength=COLUMNS)
    matrix.data *= (np.log((1 + len(texts)) / (1 + texts_with)) + 1).astype(np.float32)[matrix.indices]
    if should_stop():
        return None
    filled = np.flatnonzero(np.diff(matrix.indptr))
    lengths = np.ones(len(texts), dtype=np.float32)
    if len(filled):
        lengths[filled] = np.sqrt(np.add.reduceat(np.square(matrix.data), matrix.indptr[filled]))
    matrix.data /= np.repeat(lengths, np.diff(matrix.indptr))
    return matrix


def _counted(kinds: Sequence[Shingles], count: int) -> Any:
    """How often each piece stands in each text of a block."""
    import numpy as np
    from scipy import sparse

    owners = [np.repeat(np.arange(count, dtype=np.int32), np.diff(of.starts)) for of in kinds]
    columns = [
        ((of.hashes + np.uint32(kind * 0x9E3779B1 & 0xFFFFFFFF)) & np.uint32(COLUMNS - 1)).astype(np.int32)
        for kind, of in enumerate(kinds)
    ]
    at = (np.concatenate(owners), np.concatenate(columns))
    matrix = sparse.csr_matrix((np.ones(len(at[0]), dtype=np.float32), at), shape=(count, COLUMNS))
    matrix.sum_duplicates()
    return matrix
