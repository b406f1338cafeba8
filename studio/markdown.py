"""Foreign words inside Markdown: a label, a column's name, a row's text, that shall be read and not obeyed.

In: any text. Out: the same words on one line, which no program shows as a heading, a picture, a link or HTML.
"""

from __future__ import annotations

import html
import re

_SIGNS = re.compile(r"[\\`*_\[\]|~]")  # what CommonMark and its tables give a meaning inside a line
_JOINERS = "\u200c\u200d"  # invisible, but letters of Persian and of emoji are made with them


def escaped(text: str) -> str:
    """The text as it may stand anywhere in a line of Markdown. Line breaks, runs of blanks, and signs without a shape
    (also those that turn the direction of writing) become one blank."""
    shown = "".join(sign if sign.isprintable() or sign in _JOINERS else " " for sign in text)
    line = html.escape(_SIGNS.sub(r"\\\g<0>", " ".join(shown.split())), quote=False)
    return f"\\{line}" if line[:1] in {"#", "-", "+", "="} else line
