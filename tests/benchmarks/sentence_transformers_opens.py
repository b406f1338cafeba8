"""Does the real sentence-transformers make the same vectors of an export as we do? It is needed for this script alone.

In: a run that searches, and its export (`export RUN --to encoder`). Out: how far the vectors of held-out queries and of
passages lie apart; the exit code is 1 where any number differs by more than 1e-5.

    python tests/benchmarks/sentence_transformers_opens.py RUN EXPORT
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from studio import flow
from studio.generation.search import Vectors, vectors_of
from studio.tasks.example import Example
from studio.tasks.search import Search

TOLERANCE = 1e-5
MOST = 200  # texts of each kind


def main(argv: Sequence[str] | None = None) -> int:
    """Compare both."""
    parser = argparse.ArgumentParser(description="An export opened by sentence-transformers.")
    parser.add_argument("run", type=Path)
    parser.add_argument("export", type=Path)
    wants = parser.parse_args(argv)
    opened = flow.open_tuned(wants.run)
    task = opened.task
    assert isinstance(task, Search)
    rows = list(islice(opened.run.dataset().rows("test"), MOST))
    queries = [row.input for row in rows]
    passages = list(dict.fromkeys(row.target for row in rows))
    ours = [
        _vectors(opened, [task.prompt(text) for text in queries]),
        _vectors(opened, [task.passage(text) for text in passages]),
    ]

    import sentence_transformers

    model = sentence_transformers.SentenceTransformer(str(wants.export.resolve()), local_files_only=True)
    theirs = [model.encode_query(queries), model.encode_document(passages)]
    version, worst = sentence_transformers.__version__, 0.0
    for what, mine, other in zip(("queries", "passages"), ours, theirs, strict=True):
        apart = float(np.abs(mine - np.asarray(other)).max())
        worst = max(worst, apart)
        print(f"{len(mine):>4} {what:<9} largest difference {apart:.1e}  (sentence-transformers {version})")
    likeness = model.similarity(theirs[0][:1], theirs[1][:1])
    print(f"modules {[type(module).__name__ for module in model]}, similarity {model.similarity_fn_name}: {likeness}")
    return int(worst > TOLERANCE)


def _vectors(opened: flow.Opened, examples: list[Example]) -> Vectors:
    limit = opened.run.resolved.task.max_tokens
    assert limit is not None
    reading = vectors_of(opened.model, opened.tokenizer, examples, max_tokens=limit)
    while True:
        try:
            next(reading)
        except StopIteration as ended:
            found: Vectors = ended.value
            return found


if __name__ == "__main__":
    sys.exit(main())
