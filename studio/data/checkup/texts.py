"""Characters that got lost or garbled on the way, and marks of web pages that are no words.

In: Rows. Out: Findings with what each cell is and what it becomes when it is mended.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.entities import html5

from studio.counting import counted
from studio.data.checkup.finding import MOST_ROWS, Finding, Fix, finding
from studio.data.checkup.rows import Rows
from studio.data.checkup.scan import change, clip, matching, text_columns
from studio.data.table.edits import SetCells

LOST = "\ufffd"
# A text that speaks of garbled characters or of web pages shows them on purpose.
_ABOUT = (
    "utf-8", "utf8", "unicode", "mojibake", "encod", "charset", "character set", "latin-1", "iso-8859", "cp1252",
    "windows-125", "kodier", "zeichensatz", "codific",
)  # fmt: skip
_ABOUT_PAGES = ("html", "xml", "css", "javascript", "```", "`<")
_LONE_ACCENT = re.compile("[^\\w\u0300-\u036f][\u0300-\u036f]")
_QUOTED = re.compile("[\"'“”‘’„«»`(\\[]\\s?([^\x00-\x7f]{2,6})\\s?[\"'“”‘’«»`)\\]]")
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_TAGS = (
    "a|b|i|u|p|br|hr|em|strong|small|big|sub|sup|font|center|blockquote|pre|div|span|ul|ol|li|dl|dt|dd|table|thead|tbody"
    "|tr|td|th|h[1-6]|img|iframe|script|style|html|head|body|meta|link|section|article|header|footer|nav|form|input|button"
)
_TAG = re.compile(rf"<(/?)({_TAGS})(\s[^<>\uffff]{{0,300}}|/)?>|<!--[^<>\uffff]{{0,300}}-->", re.IGNORECASE)
_LINES = frozenset(["br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"])
_FLAG = "\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"  # the flags of Scotland, Wales and England are written with tags
_MAYBE_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b-\u200d\u2060\ufeff\U000e0000-\U000e007f]"
)  # quicker to look for
_WRITTEN_OUT = re.compile("_x00[01]")
_HIDDEN = re.compile(
    f"(?P<flag>{_FLAG})|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u2060\ufeff\U000e0000-\U000e007f]"
    "|(?<=[A-Za-z])[\u200c\u200d]|\u200b|_x00(?:0[0-9A-F]|1[0-9A-F])_"
)
_NEEDS_BREAKS = re.compile(
    "[\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff]"
)  # Thai, Lao, Tibetan, Burmese, Khmer
_BECOMES = {"\x0b": "\n", "\x0c": "\n", "_x000D_": "", "_x000A_": "\n", "_x0009_": "\t"}


@dataclass(frozen=True)
class _Fault:
    """One thing that a cell can have: what it may look like, what it becomes, and the words for it. `one` and `many` go
    after the count."""

    kind: str
    pattern: re.Pattern[str]
    mend: Callable[[str], str]
    holds: str
    meaning: str
    button: str
    in_json: bool = True
    in_ascii: bool = True
    needs: str = ""
    or_else: re.Pattern[str] | None = None
    shown: Callable[[str, str], str] = change


def check(rows: Rows, should_stop: Callable[[], bool]) -> Iterator[Finding]:
    """Garbled and lost characters, signs and tags of web pages, characters that are not seen; good news where there is
    none of them."""
    columns = {name: rows.cells(name) for name in text_columns(rows)}
    if not columns:
        return
    faults = [_lost(columns, should_stop), *(_found(fault, columns, rows, should_stop) for fault in _faults())]
    found = [one for one in faults if one]
    if should_stop():
        return
    yield from found or [Finding("characters", 0, (), "good", "No text holds garbled, lost or hidden characters")]


def read_right(text: str) -> str:
    """The text with its garbled characters as they were meant, where that is beyond doubt; else the text as it is."""
    from ftfy import fix_encoding
    from ftfy.badness import badness

    mended = text if text.isascii() else fix_encoding(text)
    if mended == text or _speaks_of(text, _ABOUT) or _is_quoted(text):
        return text
    is_better = badness(mended) < badness(text) and mended.count(LOST) <= text.count(LOST)
    return mended if is_better and _accents(mended) <= _accents(text) else text


def _speaks_of(text: str, words: Sequence[str]) -> bool:
    return any(map(text.lower().__contains__, words))


def _is_quoted(text: str) -> bool:
    """Whether all that looks garbled stands by itself between quotes or brackets, as something that is shown."""
    from ftfy import fix_encoding

    quoted = [match[1] for match in _QUOTED.finditer(text) if fix_encoding(match[1]) != match[1]]
    bare = text
    for piece in quoted:
        bare = bare.replace(piece, "x")
    return bool(quoted) and fix_encoding(bare) == bare


def _accents(text: str) -> int:
    """Accents that stand by themselves on a mark or a blank: hardly anybody writes so."""
    return len(_LONE_ACCENT.findall(text))


def without_entities(text: str) -> str:
    """The text with “&amp;” and the like written as the characters that they stand for; unknown names stay,
    and a text about web pages."""
    mended = _ENTITY.sub(lambda found: html.unescape(found[0]) if _is_entity(found[0]) else found[0], text)
    return text if _speaks_of(text, _ABOUT_PAGES) else mended


def without_tags(text: str) -> str:
    """The text without the tags of a web page; where a paragraph or a line ended there is a line break. A text
    about web pages stays as it is."""
    return text if _speaks_of(text, _ABOUT_PAGES) else _TAG.sub(_untagged, text)


def without_hidden(text: str) -> str:
    """The text without characters that nobody sees. A vertical tab and a form feed become a line break; what some
    languages and emoji need stays."""
    breaks = _NEEDS_BREAKS.search(text)

    def instead(found: re.Match[str]) -> str:
        if found["flag"] or (found[0] == "\u200b" and breaks):
            return found[0]
        return _BECOMES.get(found[0], "")

    return _HIDDEN.sub(instead, text)


def _faults() -> tuple[_Fault, ...]:
    from ftfy.badness import BADNESS_RE

    return (
        _Fault(
            "garbled", BADNESS_RE, read_right, "garbled characters, such as “Ã¼” for “ü”",
            "A model learns the garbled words as they stand. Mending writes them as they were meant.", "Mend them",
            in_ascii=False,
        ),
        _Fault(
            "html_signs", _ENTITY, without_entities, "signs of web pages, such as “&amp;” for “&”",
            "Fine where the model is meant to read or write web pages. Else plain characters are better.",
            "Write them as characters", in_json=False, needs="&",
        ),
        _Fault(
            "html_tags", _TAG, without_tags, "tags of web pages, such as “<br>”",
            "Fine where the model is meant to read or write web pages. Else they are only in the way.",
            "Take the tags out", in_json=False, needs="<",
        ),
        _Fault(
            "hidden", _MAYBE_HIDDEN, without_hidden, "characters that nobody sees",
            "They make words that look the same different for a model, and can carry text that nobody sees.",
            "Take them out", in_json=False, or_else=_WRITTEN_OUT, shown=lambda before, after: _names(before),
        ),
    )  # fmt: skip


def _found(
    fault: _Fault, columns: Mapping[str, Mapping[int, str]], rows: Rows, should_stop: Callable[[], bool]
) -> Finding | None:
    notes: dict[int, str] = {}
    edits: list[SetCells] = []
    for column, cells in columns.items():
        if column == rows.columns.earlier and not fault.in_json:
            continue
        if not fault.in_ascii:
            cells = _beyond_ascii(cells)
        mended: list[tuple[int, str]] = []
        maybe = matching(cells, fault.pattern, should_stop, needs=fault.needs)
        if fault.or_else:
            maybe = sorted({*maybe, *matching(cells, fault.or_else, should_stop, needs="_x00")})
        for number, row in enumerate(maybe):
            if not number % 500 and should_stop():
                return None
            after = fault.mend(cells[row])
            if after != cells[row]:
                mended.append((row, after))
                notes.setdefault(row, fault.shown(cells[row], after) if number < MOST_ROWS else "")
        if mended:
            edits.append(SetCells(column, tuple(mended)))
    column = edits[0].column if len(edits) == 1 else ""
    return _about(fault.kind, notes, fault.holds, fault.meaning, column, (Fix(fault.button, tuple(edits)),))


def _about(
    kind: str, notes: Mapping[int, str], holds: str, meaning: str, column: str, fixes: tuple[Fix, ...]
) -> Finding | None:
    if not notes:
        return None
    return finding(
        kind, notes, "look", lambda n: counted(n, f"1 row holds {holds}", f"{{}} rows hold {holds}"), "", meaning,
        fix=lambda _: fixes, notes=notes, column=column,
    )  # fmt: skip


def _lost(columns: Mapping[str, Mapping[int, str]], should_stop: Callable[[], bool]) -> Finding | None:
    """Characters that were already gone when the file was written, or that the reading could not make out."""
    notes: dict[int, str] = {}
    for cells in columns.values():
        for row in matching(_beyond_ascii(cells), re.compile(LOST), should_stop):
            notes.setdefault(row, f"“{clip(cells[row], max(0, cells[row].index(LOST) - 12))}”")
    return _about(
        "lost", notes, "characters that got lost (�)",
        "What stood there cannot be told any more. Read the file with another encoding, or mend its source.",
        "", (),
    )  # fmt: skip


def _beyond_ascii(cells: Mapping[int, str]) -> dict[int, str]:
    """The cells with another character than those of plain English; looking for the others is fast."""
    return {row: cell for row, cell in cells.items() if not cell.isascii()}


def _is_entity(sign: str) -> bool:
    if not sign.startswith("&#"):
        return sign[1:] in html5
    shown = html.unescape(sign)
    return shown != sign and shown != "" and shown != LOST and unicodedata.category(shown[0]) != "Cc"


def _untagged(found: re.Match[str]) -> str:
    closes, tag, inside = found[1], found[2], found[3]
    if tag is None:  # a comment
        return ""
    if inside and inside.strip(" /\t\r\n") and "=" not in inside:
        return found[0]  # “<b and c>” is no tag
    if tag.lower() == "a" and not inside and not closes:
        return found[0]  # a link has an address; “<a>” stands for something else
    if (tag.lower() == "br" or closes) and tag.lower() in _LINES:
        return "\n" if found.end() < len(found.string) else ""
    return ""


def _names(text: str) -> str:
    """Which hidden characters there are, by name."""
    names = dict.fromkeys(_name(found[0]) for found in _HIDDEN.finditer(text) if not found["flag"])
    return ", ".join([*names][:3]) + (", …" if len(names) > 3 else "")


def _name(character: str) -> str:
    if len(character) > 1:
        return f"“{character}”"
    return unicodedata.name(character, "").lower() or f"control character {ord(character)}"
