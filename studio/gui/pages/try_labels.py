"""Trying a model that sorts: the words and bars for the labels of a text.

In: a Sorted. Out: what the page Try says of it.
"""

from __future__ import annotations

from PySide6.QtCore import QObject

from studio.gui import words
from studio.gui.pages.try_one import Answer, PageWords
from studio.gui.widgets.bars import Bar
from studio.gui.work.trying import Sorted

MOST_BARS = 8


class LabelWords(QObject):
    """The words for one label, or several of them."""

    def page(self) -> PageWords:
        """For the page."""
        return PageWords(
            self.tr("Text to sort"),
            self.tr("Write or paste a text. Enter sorts it."),
            self.tr("Sort"),
            self.tr("Nothing sorted yet"),
            self.tr("Every row gets its label and how sure the model is, in a new table. The file stays as it is."),
            self.tr("Which rows should it sort?"),
            "sorted",
            self.tr("Share of each label"),
        )

    def answer(self, event: object) -> Answer | None:
        """For the labels of a text, each with its share; where it can have several, the bars have a line to reach."""
        if not isinstance(event, Sorted):
            return None
        shares, named, limits = list(event.shares.items()), event.named, event.limits
        likeliest, share = shares[0]
        label = ", ".join(named) or self.tr("none of the labels")
        bars = tuple(
            Bar(name, value, strong=name in named, mark=limits.get(name))
            for name, value in shares[: max(MOST_BARS, len(named))]
        )
        if limits:
            headline = label
            sureness = words.whole_percent(event.shares[named[0]] if named else share)
            rest = self.tr("A label is named where its bar reaches its line, which was chosen on the watching rows.")
        else:
            sure = self.tr("{label}  {share}")
            if event.is_unsure:
                sure = self.tr("{label}: the likeliest is {other}, {share}")
            headline = sure.format(label=label, other=likeliest, share=words.whole_percent(share))
            sureness = "" if event.is_unsure else words.whole_percent(share)
            rest = self._others(shares[MOST_BARS:])
        return Answer(event.text, headline, label, sureness, rest, bars=bars, notices=event.notices)

    def _others(self, shares: list[tuple[str, float]]) -> str:
        """The labels without a bar, together; "" where there are none."""
        left = words.whole_percent(sum(value for _, value in shares))
        if len(shares) == 1:
            return self.tr("1 other label: {share}").format(share=left)
        more = self.tr("{n} other labels: {share} together").format(n=len(shares), share=left)
        return more if shares else ""
