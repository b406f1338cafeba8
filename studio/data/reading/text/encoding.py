"""Which characters a file's bytes stand for.

In: a file of unknown origin. Out: the name of its encoding, or a Problem where it is no text at all. UTF-8 is proved
on every byte; anything else is a judgement on the lines that hold other than plain letters (likelihood.py). Knows
nothing of tables.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from studio.data.reading.text.letters import MANY_BYTES
from studio.data.reading.text.likelihood import are_signs, certainty, likelihoods, mean
from studio.data.reading.text.mixed import mixed_with, other_of
from studio.problems import Problem, Where

CHUNK = 4 << 20  # bytes read at once
HEAD = 512 << 10  # bytes that are looked at for a first impression
_SAMPLE = 24 << 10  # bytes of unusual lines of each sort that are judged
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
          (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"), (b"\x841\x953", "gb18030"))  # fmt: skip
_NO_TEXT = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3", "a database"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1b\x7f]")  # \x1c to \x1f set cells and rows apart in some exports
_DELIMITERS = b",;\t|"
_QUOTED = re.compile(rb'"(?:[^"]|"")*"')
_MOST_ZEROS, _MOST_CONTROL = 0.5, 0.2  # of the bytes of text whose lines are regular
_REGULAR, _FEWEST_LINES = 0.8, 3  # share of lines with as many delimiters as most, and lines that show it
_BARE = 0.08  # of the pairs of bytes: blanks and commas without a zero beside them, as plain text has them
_ESCAPED = re.compile("[\udc80-\udcff]")
_SWITCH = re.compile(rb"\x1b(?:\$[@B]|\$\([@BDOPQ]|\([BIJ])")  # how ISO 2022 goes from one set of characters to another
_SWITCHING = ("iso2022_jp", "iso2022_jp_3", "iso2022_jp_ext")
_MIXED_SHARE, _MIXED_LINES = 0.02, 3  # fewer lines that are not UTF-8 are damaged rather than in another encoding
_USUAL = "cp1252"
_WORSE = 2.0  # by so much (a logarithm) a byte UTF-8 looks less likely when it is taken for something else
_LONGEST = 3  # bytes of a character in UTF-8 that lacks its last one
_PLAIN = 0.8  # of the bytes of text that has one for each character
_ONE_SCRIPT = 0.9  # of the letters beyond A to Z
_UNLIKELY = -8.0  # a byte; what is less likely is no text
_TITLES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "ascii": "UTF-8",
    "cp1252": "Windows-1252",
    "gb18030": "GB 18030 (Chinese)",
    "big5": "Big5 (Chinese)",
    "big5hkscs": "Big5 (Chinese)",
    "cp949": "Korean (CP 949)",
    "cp932": "Japanese (CP 932)",
    "euc_jp": "Japanese (EUC-JP)",
    "iso2022_jp": "Japanese (ISO-2022-JP)",
    "iso2022_jp_3": "Japanese (ISO-2022-JP)",
    "iso2022_jp_ext": "Japanese (ISO-2022-JP)",
    "cp874": "Thai (CP 874)",
    "mac_roman": "Mac Roman",
    "mac_latin2": "Mac Central European",
    "mac_cyrillic": "Mac Cyrillic",
    "mac_greek": "Mac Greek",
    "mac_turkish": "Mac Turkish",
}
_WIDER = {
    "latin_1": "cp1252",
    "iso8859_1": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
    "tis_620": "cp874",
    "iso8859_11": "cp874",
}


@dataclass(frozen=True)
class Encoding:
    """A codec's `name`, how `certain` (0..1) it is, and whether some bytes do not fit (`broken`)."""

    name: str
    certain: float = 1.0
    broken: bool = False

    @property
    def title(self) -> str:
        """The name that people know."""
        return title_of(self.name)

    @property
    def doubt(self) -> str:
        """What a person should know about it, in one sentence; "" where there is nothing."""
        if other := other_of(self.name):
            return (
                f"The letters of this file are written in two ways (some lines UTF-8, others {title_of(other)}); each "
                "line is read in its own, so that no letter is garbled."
            )
        return ""


def title_of(name: str) -> str:
    """A codec's name as people know it: "Windows-1252" for "cp1252"."""
    if other := other_of(name):
        return f"two ways of writing letters (UTF-8 and {title_of(other)})"
    if name.startswith("cp125"):
        return f"Windows-{name[2:]}"
    if name.startswith("iso8859_"):
        return f"ISO-8859-{name[8:]}"
    if name.startswith("cp") and name not in _TITLES:
        return f"DOS (CP {name[2:]})"
    return _TITLES.get(name, name.upper().replace("_", "-"))


def check_name(name: str, file: Path) -> str:
    """The codec for a name that a person typed; a Problem if there is none."""
    try:
        found = codecs.lookup(name)
        if not found._is_text_encoding:
            raise LookupError(name)
    except LookupError as error:
        raise Problem(
            f"There is no encoding called “{name}”.",
            "The name is not known here.",
            "Try utf-8 or windows-1252, or leave it out to have it found.",
            Where(str(file)),
        ) from error
    return _short(found.name)


def check_is_text(head: bytes, file: Path) -> None:
    """Raise a Problem if a file's first bytes show that it holds no text."""
    where = Where(str(file))
    if not head:
        raise Problem(f"“{file.name}” is empty.", "There is nothing in this file.", "Choose another file.", where)
    if what := next((what for magic, what in _NO_TEXT if head.startswith(magic)), None):
        raise Problem(
            f"“{file.name}” is not a table of text.",
            f"It is {what}.",
            "Open it in the program that made it and save it as CSV.",
            where,
        )
    sample = head[: 64 << 10]
    if _by_mark(sample) not in {None, "utf-8-sig"} or _wide(sample):
        return
    if not are_few_controls(sample, max(8, len(sample) // 200)):
        raise Problem(
            f"“{file.name}” is not a table of text.",
            "It holds bytes that stand for no characters, as programs and pictures do.",
            "Choose the table itself, saved as CSV.",
            where,
        )


def are_few_controls(sample: bytes, most: int) -> bool:
    """Whether the characters that no text has are at most so many; where lines are as regular as those of a table, more
    of them are cells that were padded, or slips, and zero bytes are judged apart from the others."""
    found = _CONTROL.findall(_SWITCH.sub(b"", sample))
    if len(found) <= most:
        return True
    zeros = found.count(b"\0")
    few = zeros <= _MOST_ZEROS * len(sample) and len(found) - zeros <= _MOST_CONTROL * len(sample)
    return few and _are_regular(sample)


def _are_regular(sample: bytes) -> bool:
    """Whether nearly all lines have the same number of one delimiter outside of quotes."""
    lines = [line for line in _QUOTED.sub(b"", sample).splitlines() if line.strip(b" \0")]
    if len(lines) > _FEWEST_LINES:
        lines = lines[:-1]  # it may be cut
    if len(lines) < _FEWEST_LINES:
        return False
    for sign in _DELIMITERS:
        count, rows = Counter(line.count(sign) for line in lines).most_common(1)[0]
        if count and rows >= _REGULAR * len(lines):
            return True
    return False


def find_encoding(file: Path, *, only_head: bool = False, should_stop: Callable[[], bool] = lambda: False) -> Encoding:
    """The encoding of a file, from all its bytes or `only_head`."""
    with file.open("rb") as stream:
        head = stream.read(HEAD)
    check_is_text(head, file)
    if (marked := _by_mark(head)) and marked != "utf-8-sig":
        return Encoding(marked)
    if bare := _wide(head[: 64 << 10]):
        return Encoding(bare, 0.95)
    seen = _scan(file, HEAD if only_head else None, should_stop)
    if marked:
        return Encoding(marked, 1.0 if not seen.odd else 0.9, broken=seen.odd > 0)
    if seen.odd == 0:
        return _switching(seen.switched) or Encoding("utf-8")
    if seen.is_cut and seen.letters > seen.odd:
        return Encoding("utf-8", 0.9, broken=True)
    return _judge(seen)


def is_wide(head: bytes) -> bool:
    """Whether a file that begins so is text in units of two or four bytes, where zero bytes are usual."""
    return (_by_mark(head) or "").startswith(("utf-16", "utf-32")) or _wide(head) is not None


def _by_mark(head: bytes) -> str | None:
    return next((name for mark, name in _MARKS if head.startswith(mark)), None)


def _wide(sample: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: plain characters have their zero bytes all on one side, and blanks, digits and
    line ends are plain in every script."""
    if b"\0" not in sample:
        return None
    whole = sample[: len(sample) // 4 * 4]
    if len(whole) >= 8:
        for name, zero, small in (("utf-32-le", whole[3::4], whole[2::4]), ("utf-32-be", whole[0::4], whole[1::4])):
            if not any(zero) and max(small) <= 0x10 and _is_text(whole, name):
                return name
    pairs = len(sample) // 2
    even, odd = sample[0 : 2 * pairs : 2], sample[1 : 2 * pairs : 2]
    for name, plain, zeros in (("utf-16-le", even, odd), ("utf-16-be", odd, even)):
        bare = sum(a in b" ,;" and b > 0 for a, b in zip(plain, zeros, strict=True))
        if bare > _BARE * pairs:
            continue
        found, swapped, ends = zeros.count(0), plain.count(0), sample.count(b"\n")
        kept = sum(a == 10 and b == 0 for a, b in zip(plain, zeros, strict=True))
        is_plain = found > max(0.02 * pairs, 2 * swapped) and 2 * kept >= ends
        is_other = kept > 2 * zeros.count(10) and _is_one_script(sample[: 2 * pairs], name)
        if (is_plain or is_other) and _is_text(sample[: 2 * pairs], name):
            return name
    return None


def _is_one_script(sample: bytes, name: str) -> bool:
    """Whether nearly all letters are of one alphabet, or of East Asia; plain text, two bytes of it taken for one
    character, looks like the latter."""
    if sum(0x20 <= byte < 0x7F or byte in b"\r\n\t" for byte in sample) > _PLAIN * len(sample):
        return False
    letters = [ord(letter) for letter in sample.decode(name, "replace") if letter.isalpha()]
    pages = Counter(letter >> 8 for letter in letters if letter > 0x7F)
    wide = sum(count for page, count in pages.items() if 0x30 <= page <= 0xD7 or page == 0xFF)
    most = sum(count for _, count in pages.most_common(1))
    return max(wide, most) > _ONE_SCRIPT * pages.total() > 0


def _is_text(sample: bytes, name: str) -> bool:
    """Whether nearly all of it is characters that exist."""
    text = sample.decode(name, "replace")
    odd = sum(unicodedata.category(c) in {"Cn", "Co", "Cs"} or c < "\t" or c == "\ufffd" for c in text)
    return odd <= 0.01 * len(text) + 1


@dataclass
class _Seen:
    """What the bytes of a file show: how many bytes belong to `letters` beyond ASCII in good UTF-8, how many are
    `odd`, and lines with such letters: `good` UTF-8, `bad` ones, and those that are `switched` with escapes."""

    letters: int = 0
    odd: int = 0
    is_cut: bool = False  # all that is wrong is that the last character is not whole
    good: list[bytes] = field(default_factory=list)
    bad: list[bytes] = field(default_factory=list)
    switched: bytes = b""


def _scan(file: Path, limit: int | None, should_stop: Callable[[], bool]) -> _Seen:
    """Look at all bytes, or the first `limit`."""
    seen = _Seen()
    rest = b""
    with file.open("rb") as stream:
        while not should_stop():
            block = stream.read(min(CHUNK, limit) if limit else CHUNK)
            at_end = not block or (limit is not None and len(block) < limit)
            data, rest = _whole(rest + block, at_end=at_end)
            if not seen.switched and b"\x1b" in data and _SWITCH.search(data):
                seen.switched = data
            if not data.isascii():
                _look(data, seen)
                seen.is_cut = at_end and seen.odd <= _LONGEST and _ends_in_mid_character(data)
            if not block or limit:
                break
    return seen


def _look(data: bytes, seen: _Seen) -> None:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode(errors="surrogateescape")
        seen.odd += len(_ESCAPED.findall(text))
    seen.letters += len(data) - len(text)
    if seen.odd == 0:
        return
    room = [_SAMPLE - sum(map(len, lines)) for lines in (seen.good, seen.bad)]
    for line in data.splitlines():
        if line.isascii():
            continue
        sort = int(_fails(line, "utf-8"))
        if room[sort] > 0:
            (seen.good, seen.bad)[sort].append(line[:_SAMPLE])
            room[sort] -= len(line)
        elif max(room) <= 0:
            break


def _ends_in_mid_character(data: bytes) -> bool:
    """Whether nothing but the end is wrong: the last character lacks bytes."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and error.end >= len(data)
    return False


def _whole(data: bytes, *, at_end: bool) -> tuple[bytes, bytes]:
    """Cut after the last line end, so that no character is torn apart."""
    cut = max(data.rfind(b"\n"), data.rfind(b"\r")) + 1
    if at_end or cut == 0:
        return data, b""
    return data[:cut], data[cut:]


def _switching(sample: bytes) -> Encoding | None:
    """Japanese that goes from one set of characters to another by escapes; every byte of it is ASCII."""
    name = next((name for name in _SWITCHING if sample and not _fails(sample, name)), None)
    return Encoding(name, 0.95) if name else None


def _judge(seen: _Seen) -> Encoding:
    """The likeliest encoding of a file that is not wholly UTF-8."""
    bad, good = b"\n".join(seen.bad), b"\n".join(seen.good)
    scores = likelihoods(bad)
    name = max(scores, key=lambda candidate: scores[candidate])
    likely = mean(bad, name)
    is_utf8 = seen.letters >= 4 * seen.odd or (good and mean(good, name) < likely - _WORSE)
    if not is_utf8:  # a few characters of another encoding can look like UTF-8
        return _certain(bad, name, scores)
    is_mixed = len(seen.bad) >= max(_MIXED_LINES, _MIXED_SHARE * len(seen.good)) and likely > _UNLIKELY
    if is_mixed and name not in MANY_BYTES:
        return Encoding(mixed_with(name), min(0.8, certainty(bad, name, scores)))
    return Encoding("utf-8", 0.8, broken=True)


def _certain(sample: bytes, name: str, scores: dict[str, float]) -> Encoding:
    """The encoding found, or what charset-normalizer proposes where none of those known here fits."""
    if mean(sample, name) < _UNLIKELY and (other := _proposed(sample)):
        return Encoding(other, 0.5, broken=_fails(sample, other))
    if name != _USUAL and are_signs(sample, name) and are_signs(sample, _USUAL):  # which say nothing of a language
        return Encoding(_USUAL, 0.6)
    return Encoding(name, round(certainty(sample, name, scores), 2), broken=_fails(sample, name))


def _proposed(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(sample, threshold=0.2).best()
    return _short(best.encoding) if best and not best.encoding.startswith("utf") else None


def _fails(sample: bytes, name: str) -> bool:
    try:
        sample.decode(name)
    except UnicodeDecodeError:
        return True
    return False


def _short(name: str) -> str:
    name = codecs.lookup(name).name
    underscored = name.replace("-", "_")
    return _WIDER.get(underscored, name if name.startswith("utf") else underscored)
