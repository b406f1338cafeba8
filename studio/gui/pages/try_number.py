"""Trying a model that rates: the words for the number of a text and the range that goes with it.

In: a Rated. Out: what the page Try says of it.
"""

from __future__ import annotations

from PySide6.QtCore import QObject

from studio.generation.ranges import SHARE, readable
from studio.gui.pages.try_one import Answer, PageWords
from studio.gui.work.trying import Rated


class NumberWords(QObject):
    """The words for a number."""

    def page(self) -> PageWords:
        """For the page."""
        return PageWords(
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

    def answer(self, event: object) -> Answer | None:
        """For a number, with its range and where that is from."""
        if not isinstance(event, Rated):
            return None
        number, source = readable(event.value, event.scale), ""
        reach = "" if event.range is None else self._range(*event.range)
        rest = self.tr("There are too few watching rows to say how wide a range goes with it.")
        if reach:
            rest = self.tr(
                "Range: {range}. For {share} in 10 rows like yours, the right number lies in such a range."
            ).format(range=reach, share=round(10 * SHARE))
            source = self.tr(
                "Measured on {n} watching rows: the model did not learn from them, but its best moment was chosen "
                "by them."
            ).format(n=f"{event.rows:,}")
        return Answer(event.text, number, number, reach, rest, source, notices=event.notices)

    def _range(self, low: float, high: float) -> str:
        return self.tr("{low} to {high}").format(low=f"{low:.3g}", high=f"{high:.3g}")
