"""The Settings page: appearance, where projects lie, privacy, what this program is made of.

In: the preferences. Out: the same, changed. Choices about training are on the Train page.
"""

from __future__ import annotations

from importlib import metadata
from pathlib import Path
from typing import cast

from PySide6.QtCore import QUrl, qVersion
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout

from studio.config import paths
from studio.gui import theme
from studio.gui.ask import Ask
from studio.gui.preferences import Preferences
from studio.gui.session import Session
from studio.gui.widgets.button import Button
from studio.gui.widgets.card import Card
from studio.gui.widgets.page import FlowScroll, Page
from studio.gui.widgets.pairs import KeyValueList
from studio.gui.widgets.segmented import Segmented
from studio.gui.widgets.text import Text
from studio.problems import explain

PARTS = ("torch", "transformers", "peft", "tokenizers", "safetensors", "duckdb", "pyarrow", "pydantic",
         "scikit-learn", "sacrebleu", "pyqtgraph", "superqt", "PySide6-Essentials")  # fmt: skip


class SettingsPage(Page):
    """Takes effect at once; there is nothing to save."""

    station = "settings"

    def __init__(self, session: Session, preferences: Preferences, ask: Ask | None = None) -> None:
        super().__init__()
        self._session, self._preferences, self._ask = session, preferences, ask or Ask()
        self.head.say(self.tr("Settings"), self.tr("They take effect at once, for every project."))
        left, right = FlowScroll(), FlowScroll()
        for card in (self._appearance(), self._folders(), self._privacy()):
            left.add(card)
        right.add(self._about())
        self.body.addWidget(left, 1)
        self.body.addWidget(right, 1)

    def _appearance(self) -> Card:
        card = Card(self.tr("Appearance"))
        choices = (("system", self.tr("As the system")), ("light", self.tr("Light")), ("dark", self.tr("Dark")))
        self.appearance = Segmented(self.tr("Appearance"), choices, self._preferences.appearance)
        self.appearance.setMaximumWidth(380)
        self.appearance.chosen.connect(self._set_appearance)
        card.add(self.appearance)
        return card

    def _set_appearance(self, mode: str) -> None:
        self._preferences.appearance = cast(theme.Mode, mode)
        theme.theme().apply(self._preferences.appearance)

    def _folders(self) -> Card:
        card = Card(self.tr("Where things are"))
        self.places = KeyValueList(())
        card.add(self.places)
        words = self.tr("A project is an ordinary folder. It can be moved, copied and deleted like any other.")
        card.add(Text(words, tone="soft", wrap=True))
        self.missing = Text(tone="warn", wrap=True)
        card.add(self.missing)
        row = QHBoxLayout()
        row.setContentsMargins(0, 6, 0, 0)
        row.setSpacing(8)
        self.change = Button(
            self.tr("Change…"),
            "small",
            clicked=self._choose_projects,
            name=self.tr("Change the folder of new projects"),
        )
        self.usual = Button(self.tr("Use the usual folder"), "small", clicked=self._use_usual)
        row.addWidget(Button(self.tr("Open the projects folder"), "small", clicked=self._open_projects))
        row.addWidget(self.change)
        row.addWidget(self.usual)
        row.addStretch(1)
        card.add(row)
        self._show_places()
        return card

    def shown(self) -> None:
        """The page has come to the front: a drive may have come or gone."""
        self._show_places()

    def _show_places(self) -> None:
        projects = paths.projects()
        self.places.set(
            (
                (self.tr("New projects"), str(projects)),
                (self.tr("Models"), str(paths.models())),
                (self.tr("Settings"), str(paths.home() / "settings.ini")),
            )
        )
        chosen = projects != paths.usual_projects()
        self.usual.setVisible(chosen)
        self.missing.setText(self.tr("The folder of new projects is not there now. Is its drive connected?"))
        self.missing.setVisible(chosen and not projects.is_dir())

    def _choose_projects(self) -> None:
        start = paths.projects()
        folder = self._ask.choose_folder(self, self.tr("Where new projects are made"), start=start)
        if folder is not None:
            self._use(folder)

    def _use_usual(self) -> None:
        self._use(None)

    def _use(self, folder: Path | None) -> None:
        try:
            paths.choose_projects(folder)
        except OSError as error:
            self._session.problem.emit(explain(error))
        self._show_places()

    def _open_projects(self) -> None:
        try:
            paths.projects().mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self._session.problem.emit(explain(error))
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(paths.projects())))

    def _privacy(self) -> Card:
        card = Card(self.tr("Privacy"))
        sentences = self.tr(
            "Nothing leaves this computer. Your tables, models and answers stay in the folders above; nothing is "
            "counted, reported or sent, and no account is needed. Your original files are read and never changed."
        )
        card.add(Text(sentences, wrap=True))
        return card

    def _about(self) -> Card:
        card = Card(self.tr("About"))
        name = f"Finetune Studio {_version('finetune-studio')}".strip()
        card.add(Text(self.tr("{name}, under the Apache License 2.0.").format(name=name), wrap=True))
        card.add(Text(self.tr("Made with, each under its own free licence:"), tone="soft", wrap=True))
        card.body.addSpacing(4)
        pairs = [(part, f"{_version(part)} · {_license(part)}".strip(" ·")) for part in PARTS if _version(part)]
        card.add(KeyValueList([*pairs, (self.tr("Qt"), f"{qVersion()} · LGPL-3.0")]))
        return card


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _license(package: str) -> str:
    """What a package states of its licence, shortened where it lists those of its parts too."""
    found = metadata.metadata(package)
    stated = next((str(found[name]) for name in ("License-Expression", "License") if name in found), "")
    stated = stated.split(" AND ")[0]
    if not stated or len(stated) > 60 or stated == "UNKNOWN":
        lines = found.get_all("Classifier") or []
        stated = ", ".join(line.split(" :: ")[-1] for line in lines if "License ::" in line)
    return stated
