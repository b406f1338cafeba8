"""Trying a model that rates: one text with its number and the range that goes with it, or a file of rows.

In: a Session with a run, and Ask. Out: a number in words, and a table with the numbers added.
"""

from __future__ import annotations

from studio.events import Progressed
from studio.generation.ranges import SHARE, said
from studio.gui.pages.try_labels import Said, TryLabels
from studio.gui.work.trying import Rated


class TryNumber(TryLabels):
    """The same page as for labels, with a number in place of the bars."""

    _answer: Rated | None = None  # the last one

    def _say(self) -> Said:
        return Said(
            self.tr("Text to rate"),
            self.tr("Write or paste a text. Enter rates it."),
            self.tr("Rate"),
            self.tr("Nothing rated yet"),
            self.tr(
                "Every row gets its number and the range that goes with it, in a new table. The file stays as it is."
            ),
            self.tr("Which rows should it rate?"),
            "rated",
        )

    def _happened(self, kind: str, events: list[object]) -> None:
        for event in events:
            match event:
                case Rated():
                    self._show_number(event)
                case Progressed() if kind == "trying":
                    self.label.setText(event.what)

    def _show_number(self, answer: Rated) -> None:
        before = self._answer
        if before is not None:
            self._add_earlier(before.text, said(before.value, before.scale), self._range(before))
        self._answer = answer
        self.notices.set(answer.notices)
        self.next_step.hide()
        self.asked.setText(answer.text)
        self.asked.show()
        self.label.setText(said(answer.value, answer.scale))
        told = self.tr("There are too few watching rows to say how wide a range goes with it.")
        if answer.range is not None:
            told = self.tr(
                "Range: {range}. For {share} in 10 rows like yours, the right number lies in such a range."
            ).format(range=self._range(answer), share=round(10 * SHARE))
            self.rest.setToolTip(
                self.tr(
                    "Measured on {n} watching rows: the model did not learn from them, but its best moment was chosen "
                    "by them."
                ).format(n=f"{answer.rows:,}")
            )
        self.rest.setText(told)
        self.rest.show()
        self.text.selectAll()

    def _range(self, answer: Rated) -> str:
        if answer.range is None:
            return ""
        low, high = answer.range
        return self.tr("{low} to {high}").format(low=f"{low:.3g}", high=f"{high:.3g}")

    def _begin_anew(self) -> None:
        self._answer = None
        super()._begin_anew()
