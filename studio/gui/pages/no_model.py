"""What Try, Judge and Export say while there is no model to use: the same words on the three pages.

In: a Session. Out: a title, a sentence and the words of a button that leads to Train; or None where there is a model.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from studio.gui.session import Session


class Missing(NamedTuple):
    """The words of an empty state."""

    title: str
    text: str
    button: str


def missing(session: Session) -> Missing | None:
    """Why there is nothing to try, to judge or to export yet."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("NoModel", text)

    if session.is_training:
        return Missing(
            tr("The model is still learning"),
            tr("It can be used here as soon as training ends or is stopped; the best state is kept."),
            tr("Watch it learn"),
        )
    if session.run is None or not session.has_model:
        return Missing(
            tr("There is no trained model yet"), tr("Train one first, or open an earlier run."), tr("Go to Train")
        )
    return None
