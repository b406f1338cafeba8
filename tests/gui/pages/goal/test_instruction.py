"""The standing instruction of the Goal page, which tells of one that a model brings along."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from studio.gui.job import Job
from studio.gui.pages.goal.goal import GoalPage
from studio.gui.session import Session
from tests import tiny

OWN = (
    "{% if messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nI am Tiny.<|im_end|>\n' }}{% endif %}"
    + tiny.CHAT_TEMPLATE
)


def test_the_page_says_that_the_models_own_is_used(qtbot: QtBot, session: Session, tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    rows = [f"why is that so {n},this is answer number {n} of them" for n in range(60)]
    file.write_text("question,answer\n" + "\n".join(rows) + "\n", encoding="utf-8")
    session.import_file(file)
    base = tiny.tiny_causal_folder(tmp_path)
    (base / "chat_template.jinja").write_text(OWN, encoding="utf-8")
    page = GoalPage(session)
    qtbot.addWidget(page)

    def settle() -> None:
        qtbot.waitUntil(lambda: not session.jobs.running and not Job.running(), timeout=20_000)

    settle()
    session.change_all({"task.kind": "answer", "model.base": str(base)})
    settle()
    note = page._instruction._own
    qtbot.waitUntil(lambda: not note.isHidden(), timeout=10_000)
    assert note.text() == "Left empty, the model's own is used; it is shown in the row beside."
    assert note.toolTip() == "I am Tiny."
    assert "I am Tiny." in page._row._tokens.accessibleName()
    session.change("task.instruction", "Be kind.")
    settle()
    qtbot.waitUntil(note.isHidden, timeout=10_000)
    assert "Be kind." in page._row._tokens.accessibleName()
    assert "A token is a piece of a word that the model reads as one." in page._row._token.text()
