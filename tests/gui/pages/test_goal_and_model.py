"""The Goal and Model pages with a real tiny encoder: what the model sees, and what may be started from."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.gui.ask import Ask
from studio.gui.job import Job
from studio.gui.pages.goal.columns import ColumnChoice
from studio.gui.pages.goal.goal import GoalPage
from studio.gui.pages.model import ModelPage
from studio.gui.pages.training_setup import TrainingSetup
from studio.gui.session import Session
from studio.gui.widgets.histogram import Histogram
from studio.gui.widgets.token_lines import LINE, Piece, place
from studio.gui.widgets.token_view import TokenView
from studio.runs.project import open_project
from studio.tokens.lengths import Lengths
from tests import tiny


class Folder(Ask):
    """Answers with a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def choose_folder(self, *_: object, **__: object) -> Path | None:
        return self._folder


@pytest.fixture
def session(qtbot: QtBot, tmp_path: Path) -> Session:
    file = tmp_path / "messages.csv"
    rows = "".join(
        f"message {n} about {'a bill' if n % 2 else 'a refill'},{'billing' if n % 2 else 'refill'}\n" for n in range(60)
    )
    file.write_text(f"text,topic\n{rows}", encoding="utf-8")
    made = Session()
    made.import_file(file)
    qtbot.waitUntil(lambda: not made.jobs.running, timeout=20_000)
    return made


@pytest.fixture
def encoder(tmp_path: Path) -> Path:
    return tiny.tiny_encoder_folder(tmp_path)


def settle(qtbot: QtBot, session: Session) -> None:
    qtbot.waitUntil(lambda: not session.jobs.running and not Job.running(), timeout=20_000)


def test_the_likely_goal_is_chosen_with_its_reason(qtbot: QtBot, session: Session) -> None:
    page = GoalPage(session)
    qtbot.addWidget(page)
    assert session.guess is not None
    assert page.head.explanation.text() == session.guess.reason
    assert page._goals.cards["classify"].isChecked()
    assert not page._goals.cards["answer"].isChecked()
    settle(qtbot, session)


def test_what_is_typed_stays_with_its_project(qtbot: QtBot, session: Session) -> None:
    page = GoalPage(session)
    qtbot.addWidget(page)
    page._goals.cards["answer"].click()
    settle(qtbot, session)
    page.show()
    with qtbot.waitActive(page):
        page.activateWindow()
    page._instruction._text.setFocus()
    QTest.keyClicks(page._instruction._text, "Be kind.")
    assert session.project is not None
    before = session.project.folder
    session.new_project()
    assert open_project(before).config.task.instruction == "Be kind."
    assert page._instruction._text.toPlainText() == ""
    assert not page._instruction._pause.isActive()
    assert session.config.task.instruction == ""
    settle(qtbot, session)
    assert session.dataset is None


def test_an_example_that_is_being_typed_stays_with_its_project(qtbot: QtBot, session: Session) -> None:
    setup = TrainingSetup(session)
    qtbot.addWidget(setup)
    setup.show()
    line = setup.prompts[0].asked
    with qtbot.waitActive(setup):
        setup.activateWindow()
    line.setFocus()
    line.clear()
    QTest.keyClicks(line, "where is my bill")
    assert session.project is not None
    before = session.project.folder
    session.new_project()
    assert open_project(before).prompts[0] == "where is my bill"
    assert line.text() == ""


def test_a_goal_is_changed_by_its_card(qtbot: QtBot, session: Session) -> None:
    page = GoalPage(session)
    qtbot.addWidget(page)
    page._goals.cards["answer"].click()
    assert session.config.task.kind == "answer"
    assert not page._instruction.isHidden()
    settle(qtbot, session)


def test_the_model_sees_a_real_row_in_tokens(qtbot: QtBot, session: Session, encoder: Path) -> None:
    page = GoalPage(session)
    qtbot.addWidget(page)
    assert session.change("model.base", str(encoder)) is None
    settle(qtbot, session)
    assert session.trouble is None
    settle(qtbot, session)
    qtbot.waitUntil(
        lambda: page._row._looking is None and page._row._words.text().startswith("Training row 1 of 4"), timeout=10_000
    )
    assert "message" in page._row._tokens.accessibleName()
    first = page._row._words.text()
    page._row._on.click()
    qtbot.waitUntil(lambda: page._row._words.text() != first, timeout=10_000)
    assert "tokens" in page._lengths._limit.text()
    settle(qtbot, session)


def test_rows_beyond_the_limit_are_counted(qtbot: QtBot, session: Session, encoder: Path) -> None:
    page = GoalPage(session)
    qtbot.addWidget(page)
    session.change_all({"model.base": str(encoder), "task.max_tokens": 8})
    settle(qtbot, session)
    assert session.lengths is not None
    assert f"{session.lengths.beyond(8)} texts are read in windows" in page._lengths._limit.text()
    session.change("task.windows", False)
    settle(qtbot, session)
    assert f"{session.lengths.beyond(8)} texts are cut" in page._lengths._limit.text()


def test_a_folder_of_your_own_is_taken_when_it_is_safe(qtbot: QtBot, session: Session, encoder: Path) -> None:
    page = ModelPage(session, Folder(encoder))
    qtbot.addWidget(page)
    page.choose_folder()
    assert session.config.model.base == str(encoder)
    settle(qtbot, session)
    assert session.trouble is None
    assert page._next.isEnabled()


def test_an_unsafe_folder_is_refused_in_place(qtbot: QtBot, session: Session, encoder: Path) -> None:
    (encoder / "modeling.py").write_text("print('code')\n", encoding="utf-8")
    page = ModelPage(session, Folder(encoder))
    qtbot.addWidget(page)
    page.choose_folder()
    assert page._problem.problem is not None
    assert session.config.model.base == ""
    settle(qtbot, session)


def test_tokens_wrap_and_keep_their_lines(qtbot: QtBot) -> None:
    view = TokenView()
    qtbot.addWidget(view)
    view.resize(200, 40)
    view.show()
    view.set([Piece("one ", "context"), Piece("two\nthree", "learned"), Piece(" four" * 30, "cut")])
    assert view.accessibleName().startswith("one two\nthree")
    lines = {placed.box.y() for placed in view._placed}
    assert len(lines) >= 4
    assert view.height() >= view._height - 1


def lines_of(pieces: list[Piece], letters: int) -> list[str]:
    """The lines of pieces where every letter is one wide."""
    placed, height = place(pieces, letters, lambda text, _: len(text))
    found = [""] * round(height / LINE)
    for bit in placed:
        found[round(bit.box.y() / LINE)] += bit.text
    return [line.rstrip() for line in found]


def tokens(*texts: str) -> list[Piece]:
    return [Piece(text, "context") for text in texts]


def test_a_line_never_ends_inside_a_word() -> None:
    assert lines_of(tokens("now", " it", "'", "s", " in", "form", "ation"), 6) == ["now", "it's", "inform", "ation"]
    assert lines_of(tokens("now", " it", "'", "s", " here"), 6) == ["now", "it's", "here"]
    assert lines_of(tokens("one", "\n\n", "two"), 9) == ["one", "", "two"]
    assert lines_of(tokens("天气", "很好", "吗"), 3) == ["天气很", "好吗"]  # a script without spaces
    assert lines_of(tokens("😀😀", " ab", "cd"), 6) == ["😀😀", "abcd"]  # letters that Qt counts twice


def test_a_mark_stays_with_the_word_beside_it() -> None:
    pieces = [Piece("begin", "context", mark=True), *tokens("a b", "."), Piece("end", "context", mark=True)]
    assert lines_of(pieces, 8) == ["begina", "b.end"]


def test_marks_of_the_model_have_plain_words_and_say_what_they_are(
    qtbot: QtBot, session: Session, encoder: Path
) -> None:
    page = GoalPage(session)
    qtbot.addWidget(page)
    session.change("model.base", str(encoder))
    settle(qtbot, session)
    pieces = page._row._tokens._pieces
    assert (pieces[0].text, pieces[0].mark) == ("start", True)
    assert pieces[-1].text == "end"
    assert "[CLS]" in pieces[0].hint
    assert "ends: [SEP]" in pieces[-1].hint
    page.show()
    first = page._row._tokens._placed[0].box.center()
    assert page._row._tokens.hint_at(first) == pieces[0].hint
    assert "start" not in page._row._tokens.accessibleName()


def test_an_answers_end_is_a_mark_that_is_learned(qtbot: QtBot, session: Session, tmp_path: Path) -> None:
    page = GoalPage(session)
    qtbot.addWidget(page)
    causal = tiny.tiny_causal_folder(tmp_path)
    session.change_all({"task.kind": "answer", "model.base": str(causal)})
    settle(qtbot, session)
    learned = [piece for piece in page._row._tokens._pieces if piece.mark and piece.kind == "learned"]
    assert [piece.text for piece in learned] == ["end"]
    assert "when to stop" in learned[0].hint


def test_a_long_column_is_shortened_and_not_cut(qtbot: QtBot) -> None:
    choice = ColumnChoice()
    qtbot.addWidget(choice)
    choice.addItem("a_rather_long_column_name_that_goes_on_and_on")
    choice.resize(140, 34)
    assert choice.shown_text().endswith("…")
    choice.resize(600, 34)
    assert choice.shown_text() == choice.currentText()


def test_columns_are_chosen_on_the_goal_page(qtbot: QtBot, session: Session) -> None:
    page = GoalPage(session)
    qtbot.addWidget(page)
    read, learn = page._columns.choices["input"], page._columns.choices["target"]
    assert (read.currentText(), learn.currentText()) == ("text", "topic")
    assert learn.accessibleName() == "Label to learn"
    page.show()
    read.setFocus()
    QTest.keyClicks(read, "topic")  # the two are exchanged
    assert (session.config.data.input, session.config.data.target) == ("topic", "text")
    assert (read.currentText(), learn.currentText()) == ("topic", "text")
    assert page.head.explanation.text() == "As you chose: it reads “topic” and learns “text”."
    session.change("data.target", "")
    assert learn.currentText() == "Choose a column"
    session.change("task.kind", "answer")
    assert learn.accessibleName() == "Answer to learn"
    settle(qtbot, session)


def test_labels_in_columns_of_their_own_and_numbers_are_found_and_shown(qtbot: QtBot, tmp_path: Path) -> None:
    marks = "".join(f"comment {n} about this and that,{n % 2},{n // 2 % 2},{n // 4 % 2}\n" for n in range(60))
    stars = "".join(f"comment {n} about this and that,{n % 5 + 1}\n" for n in range(60))
    for name, head, rows, shown, learned in (
        ("marks.csv", "text,rude,late,wrong", marks, "Several columns", ("rude", "late", "wrong")),
        ("stars.csv", "text,stars", stars, "stars", ("stars",)),
    ):
        (tmp_path / name).write_text(f"{head}\n{rows}", encoding="utf-8")
        session = Session()
        session.import_file(tmp_path / name)
        qtbot.waitUntil(lambda session=session: not session.jobs.running, timeout=20_000)  # type: ignore[misc]
        page = GoalPage(session)
        qtbot.addWidget(page)
        settle(qtbot, session)
        assert page._columns.choices["target"].currentText() == shown
        assert session.dataset is not None
        assert session.dataset.columns.learned == learned
        session.shut_down()


def test_a_histogram_says_what_it_draws(qtbot: QtBot) -> None:
    import numpy as np

    bars = Histogram()
    qtbot.addWidget(bars)
    bars.set(Lengths(np.array([3, 5, 8, 200])), 64, name="1 text is cut")
    bars.show()
    assert bars.accessibleName() == "1 text is cut"
    assert sum(bars._bars) == 4
    assert bars.figures()[0] == 0
    assert not bars.grab().isNull()


def test_a_bar_says_its_lengths_and_its_texts(qtbot: QtBot) -> None:
    import numpy as np

    bars = Histogram()
    qtbot.addWidget(bars)
    bars.resize(410, 142)
    bars.set(Lengths(np.arange(41)), 128, name="")  # one text of every length
    assert set(bars._bars) <= {1, 2}
    assert set(bars._bars[:-1]) == {2}
    assert bars.words_at(1) == "0 to 1 tokens: 2 texts"
    assert bars.figures() == (0, 10, 20, 30, 40)
    bars.set(Lengths(np.array([3] * 999 + [5000])), 4, name="")
    assert bars.words_at(409).endswith("or more tokens: 1 text")
    assert bars.words_at(-50) == ""
