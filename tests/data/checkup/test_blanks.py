"""Blanks around a text are seen, and what stands between them is left alone."""

from __future__ import annotations

from studio.data.checkup.blanks import with_blanks
from studio.data.checkup.finding import listed


def test_blanks_at_the_ends_are_seen_and_only_there() -> None:
    assert [with_blanks(text) for text in ("a b", " a", "  ", "\ta\r\n", "")] == ["a b", "␣a", "␣␣", "⇥a↵↵", ""]


def test_labels_in_a_title_are_told_apart() -> None:
    assert listed(["refill ", "Refill"]) == "“refill␣”, “Refill”"
