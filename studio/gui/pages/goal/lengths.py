"""How long the training rows are, what the length limit cuts off, and how that is changed.

In: the session's lengths and what was found about its limit. Out: a limit, through the session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from studio.config.automatic import resolved
from studio.config.goals import GOALS
from studio.config.task import MOST_TOKENS
from studio.counting import counted
from studio.data.roles.columns import columns_of
from studio.gui.session import Session
from studio.gui.widgets.button import Button
from studio.gui.widgets.card import Card
from studio.gui.widgets.histogram import Histogram
from studio.gui.widgets.text import Text

if TYPE_CHECKING:
    from studio.tokens.cuts import CutFinding


class LengthCard(Card):
    """The lengths of the training rows against the length limit, whose line can be moved. `lost` says how many rows
    lose their whole answer at the present limit, as far as that is known."""

    def __init__(self, session: Session) -> None:
        super().__init__(self.tr("Length of your texts"))
        self._session = session
        self.lost = 0
        self._bars = Histogram()
        self._bars.setToolTip(self.tr("Move the line to set the limit; double the limit takes about twice the time."))
        self._bars.moving.connect(self._say_limit)
        self._bars.moved.connect(self._take_limit)
        self._usual = Text(tone="soft", wrap=True)
        self._limit = Text(wrap=True)
        self._alarm = Text(tone="bad", wrap=True)
        self._fitting = 0  # tokens: the limit that the button raises it to
        self._raise = Button("", "small", clicked=lambda: self._take_limit(self._fitting))
        self._back = Button(self.tr("Let the program choose"), "quiet", clicked=lambda: self._take_limit(None))
        line = QHBoxLayout()
        line.addWidget(self._limit, 1)
        line.addWidget(self._back)
        self.add(self._bars)
        self.add(self._usual)
        self.add(line)
        self.add(self._alarm)
        self.body.addWidget(self._raise, 0, Qt.AlignmentFlag.AlignLeft)

    def show_lengths(self, session: Session) -> None:
        """Show what is measured. While that is still done the card stays as it is and says so; where it cannot be done
        the card is away."""
        lengths = session.lengths.whole or session.lengths if session.lengths is not None else None
        is_counting = session.table is not None and "prepare" in session.jobs
        self.setVisible(lengths is not None or is_counting)
        if lengths is None:
            self._usual.setText(self.tr("Counting…"))
            self._limit.setText("")
            self._back.hide()
            self._sound_alarm(0)
            return
        limit = self._present_limit()
        self._back.setVisible(session.config.task.max_tokens is not None)
        self._usual.setText(
            self.tr("median {median} tokens · longest {longest}").format(
                median=f"{lengths.median:,}", longest=f"{lengths.longest:,}"
            )
        )
        self._say_limit(limit)
        self._sound_alarm(limit)
        most = session.facts.model_limit if session.facts is not None else 0
        self._bars.set(lengths, limit, name=f"{self._usual.text()}. {self._limit.text()}", most=most)

    def _present_limit(self) -> int:
        automatic = self._session.automatic.get("task.max_tokens")
        return self._session.config.task.max_tokens or (automatic.value if automatic is not None else 0)

    def _found(self, limit: int) -> list[CutFinding]:
        """What was found in all rows about this limit; nothing where it is about another one or still looked for."""
        if not limit:
            return []
        from studio.tokens.cuts import CutFinding

        return [one for one in self._session.findings if isinstance(one, CutFinding) and one.limit == limit]

    def _say_limit(self, limit: int) -> None:
        words = self._becomes_of_long(limit) or self.tr("every text fits whole")
        self._limit.setText(self.tr("Limit {limit} tokens: {words}").format(limit=f"{limit:,}", words=words))

    def _becomes_of_long(self, limit: int) -> str:
        """What becomes of the texts beyond the limit; "" where there is none."""
        lengths, config = self._session.lengths, self._session.config
        goal, found = GOALS[config.task.kind], self._found(limit)
        if not limit or lengths is None:
            return ""
        if goal.whole_text:
            pieces = lengths.pieces(limit)
            texts = self.tr("{count} texts are learned in {pieces} pieces, and nothing of them is lost")
            is_one = lengths.texts == 1
            texts = self.tr("the text is learned in {pieces} pieces, and nothing of it is lost") if is_one else texts
            return texts.format(count=f"{lengths.texts:,}", pieces=f"{pieces:,}") if pieces > lengths.texts else ""
        beyond = lengths.beyond(limit)
        cut = sum(one.count for one in found) if found else beyond
        in_windows = goal.head == "span" or self._reads_parts()
        if in_windows:
            cut = cut if found and goal.head != "span" else 0
        read = beyond - cut if in_windows and beyond > cut else 0
        about = lengths.is_estimate and not found
        told = []
        if read:
            told.append(
                counted(read, self.tr("{count} text is read in windows"), self.tr("{count} texts are read in windows"))
            )
        if cut and about:
            told.append(counted(cut, self.tr("about {count} text is cut"), self.tr("about {count} texts are cut")))
        elif cut:
            told.append(counted(cut, self.tr("{count} text is cut"), self.tr("{count} texts are cut")))
        return ", ".join(told)

    def _reads_parts(self) -> bool:
        """Whether a long text is read part by part; of a pair the longer text is cut."""
        config = resolved(self._session.config, self._session.automatic)
        has_head = GOALS[config.task.kind].head in ("labels", "number")
        return has_head and bool(config.task.windows) and not columns_of(config.data).pair

    def _sound_alarm(self, limit: int) -> None:
        """Say which rows lose their whole answer, and offer the limit at which every row fits. While they are counted
        again the alarm stays as it was and says so, so that nothing below it moves."""
        if self._session.is_counting_cuts and self._is_alarmed():
            self._alarm.set_tone("soft")
            self._alarm.setText(self.tr("Counting again which rows lose their whole answer…"))
            self._raise.set_blocked(self.tr("The rows are counted again."))
            return
        found, facts = self._found(limit), self._session.facts
        self.lost = sum(one.count for one in found if one.kind == "answer_cut")
        self._alarm.set_tone("bad")
        self._alarm.setText(
            counted(
                self.lost,
                self.tr("{count} row loses its whole answer: nothing can be learned from it."),
                self.tr("{count} rows lose their whole answer: nothing can be learned from them."),
            )
        )
        self._alarm.setVisible(self.lost > 0)
        self._fitting = 0
        if self.lost and facts is not None:
            from studio.tokens.cuts import fitting_limit

            self._fitting = fitting_limit(found, min(facts.model_limit, MOST_TOKENS))
        self._raise.set_blocked("")
        self._raise.setText(self.tr("Raise the limit to {limit}").format(limit=f"{self._fitting:,}"))
        self._raise.setVisible(self.lost > 0 and self._fitting > limit)

    def _is_alarmed(self) -> bool:
        """Whether rows lost their whole answer when that was counted last, for these columns of this table."""
        return self.lost > 0 and any(one.kind == "answer_cut" for one in self._session.findings)

    def _take_limit(self, limit: int | None) -> None:
        problem = self._session.change("task.max_tokens", limit)
        if problem is not None:
            self._session.problem.emit(problem)
