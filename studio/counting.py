"""Counts in words, with the right form and separators between thousands.

In: a count, and the words for one and for several. Out: the words with the count in them.
"""

from __future__ import annotations


def counted(count: int, one: str, several: str) -> str:
    """`one` for a count of 1, else `several`; the count stands where the words have {} or {count}. Other braces, such
    as those in the name of a column, stay as they are."""
    number = f"{count:,}"
    return (one if count == 1 else several).replace("{count}", number).replace("{}", number, 1)


def rounded(value: float, digits: int = 2) -> str:
    """A number for people: rounded, with commas between thousands and a real minus sign."""
    return f"{value:,.{digits}f}".replace("-", "−")
