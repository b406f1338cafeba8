"""How close written answers come to the known ones: chrF for each, BLEU over all, exact matches.

In: answers and, for each, one or several references. Out: numbers. Knows nothing of models or tables. chrF (Popović
2015) compares short runs of letters and so fits every language; BLEU (Papineni 2002) compares runs of words.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from studio.evaluation.intervals import Floats, Interval, of_sums
from studio.words import is_unspaced, one_form

_RUNS = 4  # BLEU compares runs of up to so many words


def normalised(text: str) -> str:
    """The text with one Unicode form, one kind of space and no difference in case; what "the same" means here."""
    return " ".join(one_form(text).split())


def closeness(answer: str, references: Sequence[str]) -> float:
    """chrF of one answer against its references, the best of them counting, in 0..1."""
    from sacrebleu.metrics.chrf import CHRF

    return float(CHRF().sentence_score(answer, list(references)).score) / 100


def is_exact(answer: str, references: Sequence[str]) -> bool:
    """Whether the answer is one of the references, spaces and case aside."""
    return normalised(answer) in {normalised(reference) for reference in references}


def word_rule(references: Sequence[Sequence[str]]) -> str:
    """BLEU's way to tell words apart: "13a" by spaces and signs, "char" where the script has no spaces."""
    return "char" if is_unspaced("".join(reference for several in references for reference in several)) else "13a"


def bleu(answers: Sequence[str], references: Sequence[Sequence[str]], *, seed: int = 0) -> Interval:
    """BLEU over all answers together, 0..100, with its interval (Koehn 2004: the answers are drawn anew, and BLEU is
    made of what each adds to the matches and lengths); rows may differ in how many references they have."""
    from sacrebleu.metrics.bleu import BLEU

    metric = BLEU(tokenize=word_rule(references), effective_order=True)  # the order is of no account for the counts
    added = []
    for answer, several in zip(answers, references, strict=True):
        score = metric.sentence_score(answer, list(several))
        added.append([score.sys_len, score.ref_len, *score.counts, *score.totals])

    def figure(sums: Floats) -> Floats:
        made = [
            BLEU.compute_bleu(
                correct=[int(n) for n in row[2 : 2 + _RUNS]],
                total=[int(n) for n in row[2 + _RUNS :]],
                sys_len=int(row[0]),
                ref_len=int(row[1]),
                smooth_method="exp",  # as sacrebleu does over a whole: few or short answers rarely share a run of four
                max_ngram_order=_RUNS,
            ).score
            for row in sums
        ]
        return np.asarray(made, dtype=np.float64)

    return of_sums(added, figure, seed=seed)
