"""The ways of reading a file, in words: encodings with the writing that they are for, delimiters, quotes.

In: names of codecs and signs. Out: entries for a list, the usual ones first. Knows nothing of widgets.
"""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import QCoreApplication

from studio.data.reading.delimited.signs import BLANKS
from studio.data.reading.text.encoding import title_of

Entry = tuple[str, object]  # words, and the value that they stand for

_ENCODINGS: tuple[tuple[str, str], ...] = (  # every codec that is found by looking, by the writing that it is for
    ("", "utf-8 utf-16 utf-16-le utf-16-be utf-32 utf-32-le utf-32-be"),
    ("Western Europe", "cp1252 iso8859_15 mac_roman cp850 cp437"),
    ("Central Europe", "cp1250 iso8859_2 mac_latin2 cp852"),
    ("Romanian", "iso8859_16"),
    ("Baltic", "cp1257 iso8859_13 iso8859_4 cp775"),
    ("Celtic", "iso8859_14"),
    ("Cyrillic", "cp1251 koi8_r koi8_u iso8859_5 mac_cyrillic cp866 cp855"),
    ("Greek", "cp1253 iso8859_7 mac_greek cp737"),
    ("Turkish", "cp1254 iso8859_9 mac_turkish cp857"),
    ("Hebrew", "cp1255 iso8859_8 cp862"),
    ("Arabic", "cp1256 iso8859_6"),
    ("Vietnamese", "cp1258"),
    ("", "cp874 gb18030 big5hkscs cp932 euc_jp iso2022_jp cp949"),  # their titles say it
)


def encoding_title(name: str) -> str:
    """A codec as people know it: "Windows-1252"."""
    return title_of(name)


def encodings() -> list[Entry]:
    """Every encoding that can be found by looking: "Windows-1251, Cyrillic"."""
    entries: list[Entry] = []
    for writing, names in _ENCODINGS:
        for name in names.split():
            title = encoding_title(name)
            entries.append((title if not writing or title.endswith(writing) else f"{title}, {_tr(writing)}", name))
    return entries


def delimiters() -> list[Entry]:
    """The usual delimiters, and what stands for none."""
    return [(delimiter_title(sign), sign) for sign in (",", ";", "\t", "|", ":", "~", "^", " ", BLANKS, "")]


def delimiter_title(sign: str) -> str:
    """A delimiter as people would say it."""
    names = {
        ",": _tr("Comma ,"), ";": _tr("Semicolon ;"), "\t": _tr("Tab"), "|": _tr("Bar |"), ":": _tr("Colon :"),
        "~": _tr("Tilde ~"), "^": _tr("Caret ^"), " ": _tr("A blank"), ", ": _tr("Comma and blank"),
        BLANKS: _tr("Two or more blanks"), "": _tr("Nothing: one column"),
    }  # fmt: skip
    return names.get(sign) or f"“{_visible(sign)}”"


def quotes() -> list[Entry]:
    """What can stand around cells."""
    return [(quote_title(sign), sign) for sign in ('"', "'", "")]


def quote_title(sign: str) -> str:
    """A quote as people would say it."""
    names = {'"': _tr('Double quotes "'), "'": _tr("Single quotes '"), "": _tr("Nothing")}
    return names.get(sign) or f"“{_visible(sign)}”"


def _visible(sign: str) -> str:
    """A sign that is seen; one that is not is named by its number."""
    return "".join(f"U+{ord(c):04X}" if unicodedata.category(c) in {"Cc", "Cf", "Zs"} else c for c in sign)


def _tr(words: str) -> str:
    return QCoreApplication.translate("ReadingDialog", words)
