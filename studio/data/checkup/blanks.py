"""A text as it is shown where spellings have to be told apart: the blanks around it can be seen.

In: a cell. Out: words. The window's chips and the titles of findings write them the same way.
"""

from __future__ import annotations

_SIGNS = {"\n": "↵", "\r": "↵", "\t": "⇥"}


def with_blanks(text: str) -> str:
    """`text` with the blanks before and after it as ␣, line breaks there as ↵, tabs as ⇥. For painting and words
    only."""
    core = text.strip()
    begin = text.index(core) if core else len(text)
    ends = text[:begin], text[begin + len(core) :]
    before, after = ("".join(_SIGNS.get(sign, "␣") for sign in end) for end in ends)
    return before + core + after
