"""What single rows of a report are called."""

from __future__ import annotations

from studio.evaluation.sample_words import PAIRS_SCORE, sample_words


def test_an_answer_is_close_a_passage_has_a_place_and_a_pair_lies_off() -> None:
    answers, passages = sample_words("answer", "chrF"), sample_words("search", "MRR@10")
    pairs = sample_words("search", PAIRS_SCORE)
    assert (answers.told(0.44), answers.short(0.44)) == ("44 % close", "44 %")
    assert (passages.told(1 / 17), passages.short(1 / 17)) == ("the right one in place 17", "17.")
    assert (passages.told(0.0), passages.short(0.0)) == ("the right one not found", "–")
    assert (pairs.told(0.8), pairs.short(0.8)) == ("20 % of the pairs lie between", "20 %")
    assert len({words.title for words in (answers, passages, pairs)}) == 3
