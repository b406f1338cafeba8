"""The simplest way to find an answer: the sentence of the text that shares most telling words with the question.

In: questions with their texts. Out: one sentence each. Knows nothing of models.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from studio.evaluation.baselines import Guesses
from studio.tasks.passages import sentences


def most_alike(known: Sequence[str], asked: Sequence[tuple[str, str]]) -> Guesses:
    """For each question and text, the sentence with the highest cosine of TF-IDF over runs of letters, which suits
    every script. How telling a run is, is learned from the `known` texts."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    started = time.perf_counter()
    words = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True)
    words.fit([sentence for text in dict.fromkeys(known) for sentence in sentences(text)] or ["nothing"])
    answers = []
    for question, text in asked:
        found = sentences(text)
        if not found:
            answers.append("")
            continue
        likeness = (words.transform(found) @ words.transform([question]).T).toarray()[:, 0]
        answers.append(found[int(likeness.argmax())])
    return Guesses(tuple(answers), time.perf_counter() - started)
