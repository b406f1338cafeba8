"""What a finding means, in brief, always fits into a narrow place."""

from __future__ import annotations

from pathlib import Path

from studio.data.checkup import brief
from studio.data.checkup.brief import LONGEST, in_brief
from studio.data.checkup.check_up import QUICK
from studio.data.checkup.finding import Finding
from tests.data.checkup.checked import rows_of


def test_every_sentence_that_is_kept_is_short() -> None:
    assert all(0 < len(words) <= LONGEST for words in brief._BRIEF.values())


def test_of_an_unknown_kind_the_first_sentences_that_fit_are_said() -> None:
    long = "This is harmless. Look at them before you go on. " + "And here is much more. " * 10
    assert in_brief(Finding("new", 1, (1,), "look", "1 row", long)).startswith("This is harmless. Look at them")
    assert len(in_brief(Finding("new", 1, (1,), "look", "1 row", long))) <= LONGEST
    assert in_brief(Finding("new", 1, (1,), "look", "1 row", "word " * 40)) == ""


def test_the_quick_findings_with_rows_all_say_something(tmp_path: Path) -> None:
    cells = [["a b c", "card"], ["a b c", "Card"], ["", "bill"], ["other", ""], ["-", "x "]] + [["t", "card"]] * 20
    rows = rows_of(tmp_path, cells)
    found = [one for check in QUICK for one in check(rows, lambda: False) if one.rows]
    assert len(found) > 5
    assert all(in_brief(one) for one in found)
    kinds = [one.kind for one in found]
    assert kinds.index("similar_labels") < kinds.index("contradictions")
