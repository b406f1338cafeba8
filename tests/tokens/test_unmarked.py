"""What does not fit into windows is told before training, and a row is shown as it is learned."""

from __future__ import annotations

from studio.tasks.example import Example, Turn
from studio.tokens.cuts import CutFinding
from studio.tokens.preview import preview_marked
from studio.tokens.unmarked import unmarked_findings
from tests.tokens.test_windows import letters, octets

LONG = "no " * 200


def example(row: int, question: str, text: str, span: tuple[int, int] | None) -> Example:
    return Example(row, (Turn("text", question), Turn("text", text)), span=span)


def test_a_long_text_fits_but_not_a_long_answer_or_question() -> None:
    rows = [
        example(0, "who?", LONG + "ada", (len(LONG), len(LONG) + 3)),
        example(1, "who?", LONG, (0, 300)),
        example(2, LONG, "ada", (0, 3)),
        example(3, "who?", LONG, None),
    ]
    [one] = unmarked_findings(rows, letters(), 60)
    assert isinstance(one, CutFinding)
    assert (one.kind, one.rows, one.limit) == ("answer_cut", (1, 2), 60)
    assert one.notes == (
        (1, "the answer is longer than 20 tokens"),
        (2, "the question leaves too little room for the text"),
    )
    [good] = unmarked_findings(rows[:1], letters(), 60)
    assert good.count == 0
    assert unmarked_findings([], letters(), 60) == ()
    assert unmarked_findings(rows, letters(), 60, should_stop=lambda: True) == ()


def test_a_row_is_shown_with_its_answer_learned() -> None:
    for make in (letters, octets):
        tokenizer = make()
        shown = preview_marked(tokenizer, example(0, "who is it?", "by ada.", (3, 6)))
        assert "".join(one.text for one in shown if one.kind == "learned").strip() == "ada"
        plain = [one for one in shown if one.id not in {*tokenizer.prefix, *tokenizer.suffix}]
        assert "".join(one.text for one in plain).replace(" ", "") == "whoisit?byada."
        none = preview_marked(tokenizer, example(0, "who?", "by ada.", None))
        assert [number for number, one in enumerate(none) if one.kind == "learned"] == [0]


def test_a_long_row_is_shown_whole() -> None:
    shown = preview_marked(letters(), example(0, "who?", LONG + "ada", (len(LONG), len(LONG) + 3)))
    assert len(shown) > 400
    assert all(one.kind != "cut" for one in shown)
