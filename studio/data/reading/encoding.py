"""Which characters a file's bytes stand for.

In: a file of unknown origin. Out: the name of its encoding, or a Problem where it is no text at all. UTF-8 is proved
on every byte; anything else is a judgement on the lines that hold other than plain letters. Knows nothing of tables.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from studio.problems import Problem, Where

CHUNK = 4 << 20  # bytes read at once
HEAD = 512 << 10  # bytes that are looked at for a first impression
_SAMPLE = 48 << 10  # bytes of unusual lines that are judged for the encoding
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
          (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_KINDS = (
    (b"PK\x03\x04", "a zipped file, for example an Excel workbook"),
    (b"\xd0\xcf\x11\xe0", "an old Office document, for example an Excel workbook"),
    (b"\x1f\x8b", "a compressed file"),
    (b"BZh", "a compressed file"),
    (b"\xfd7zXZ", "a compressed file"),
    (b"(\xb5/\xfd", "a compressed file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"%PDF-", "a PDF document"),
    (b"PAR1", "a Parquet file"),
    (b"{\\rtf", "a word processor's document"),
    (b"SQLite format 3", "a database"),
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
# What each one-byte encoding is used for: the letters and marks beyond ASCII that its languages write most.
_USUAL = {
    "cp1252": "äöüßÄÖÜéèêëàâçîïôûùœæåøØÅñ¿¡óíáúÉÀãõÓÁÍ’‘“”„–—…€£°«»•™®©\xa0´²½",
    "cp1250": "ąćęłńóśźżŁŚŻáčďéěíňřšťúůýžČŘŠŽőűúöüăâîșțşţđ’“”„–…€§°\xa0",
    "cp1251": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфёОНВПСМКДТАИГРЧЯЭЗБЕЖУЛіїєґ«»–—№…\xa0",
    "koi8_r": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэф",
    "cp866": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэф",
    "cp1253": "αοιετνσρκηπμλυςάίόέωδγχθφήύώΗΤΟΑΕΠΚΜ«»–’\xa0",
    "cp1254": "ğışçöüİŞÇÖÜâîéûĞ’“”–…\xa0",
    "cp1255": "יוהלאמרתבשנדקעחפכגצטםןסזךףץ",
    "cp1256": "ايلمنرتبهوعدسفقكحجأشصطةىخضغإئذثظءآؤ،؟",
    "cp850": "äöüßÄÖÜéèêàçñóíáúãõåæø",
    "mac_roman": "äöüßÄÖÜéèêàçñóíáúãõåæø’“”–…",
}
_COMMONEST = 16
_TITLES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "ascii": "UTF-8",
    "cp1252": "Windows-1252",
    "gb18030": "GB 18030 (Chinese)",
    "cp949": "Korean (CP 949)",
    "cp932": "Japanese (CP 932)",
    "big5": "Big5 (Chinese)",
}
_WIDER = {
    "latin_1": "cp1252",
    "iso8859_1": "cp1252",
    "iso8859_15": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
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


def title_of(name: str) -> str:
    """A codec's name as people know it: "Windows-1252" for "cp1252"."""
    if name.startswith("cp125"):
        return f"Windows-{name[2:]}"
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
        raise Problem(f"“{file.name}” is empty.", "It holds no bytes at all.", "Choose another file.", where)
    for magic, what in _KINDS:
        if head.startswith(magic):
            raise Problem(
                f"“{file.name}” is not a table of text.",
                f"It is {what}.",
                "Open it in the program that made it and save it as CSV.",
                where,
            )
    sample = head[: 64 << 10]
    one_byte = _by_mark(sample) in {None, "utf-8-sig"} and _sixteen_bit(sample) is None
    if one_byte and len(_CONTROL.findall(sample)) > max(8, len(sample) // 200):
        raise Problem(
            f"“{file.name}” is not a table of text.",
            "It holds bytes that stand for no characters, as programs and pictures do.",
            "Choose the table itself, saved as CSV.",
            where,
        )


def find_encoding(file: Path, *, only_head: bool = False, should_stop: Callable[[], bool] = lambda: False) -> Encoding:
    """The encoding of a file, from all its bytes or `only_head`."""
    with file.open("rb") as stream:
        head = stream.read(HEAD)
    check_is_text(head, file)
    if (marked := _by_mark(head)) and marked != "utf-8-sig":
        return Encoding(marked)
    if bare := _sixteen_bit(head):
        return Encoding(bare, 0.9)
    name = marked or "utf-8"
    letters, odd, lines = _scan(file, HEAD if only_head else None, should_stop)
    if odd == 0:
        return Encoding(name)
    if marked or letters >= 4 * odd:
        return Encoding(name, 0.8, broken=True)
    return _judge(b"\n".join(lines))


def _by_mark(head: bytes) -> str | None:
    return next((name for mark, name in _MARKS if head.startswith(mark)), None)


def _sixteen_bit(head: bytes) -> str | None:
    """Text in two-byte units without a mark has its zero bytes all on one side."""
    sample = head[: 8 << 10]
    pairs = max(1, len(sample) // 2)
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.3 * pairs and even < 0.02 * pairs:
        return "utf-16-le"
    if even > 0.3 * pairs and odd < 0.02 * pairs:
        return "utf-16-be"
    return None


def _scan(file: Path, limit: int | None, should_stop: Callable[[], bool]) -> tuple[int, int, list[bytes]]:
    """Count the characters beyond ASCII that are good UTF-8, the bytes that are not, and keep unusual lines."""
    letters = odd = kept = 0
    lines: list[bytes] = []
    rest = b""
    with file.open("rb") as stream:
        while not should_stop():
            block = stream.read(min(CHUNK, limit) if limit else CHUNK)
            data, rest = _whole(rest + block, at_end=len(block) == 0 or limit is not None)
            if not data.isascii():
                try:
                    text = data.decode()
                    letters += len(data) - len(text)
                except UnicodeDecodeError:
                    text = data.decode(errors="surrogateescape")
                    bad = len(_ESCAPED.findall(text))
                    odd += bad
                    letters += len(data) - len(text)
                if kept < _SAMPLE:
                    found = [line for line in data.splitlines() if not line.isascii()]
                    lines += found[:4000]
                    kept += sum(map(len, found[:4000]))
            if not block or limit:
                return letters, odd, lines
    return letters, odd, lines


_ESCAPED = re.compile("[\udc80-\udcff]")


def _whole(data: bytes, *, at_end: bool) -> tuple[bytes, bytes]:
    """Cut after the last line end, so that no character is torn apart."""
    cut = max(data.rfind(b"\n"), data.rfind(b"\r")) + 1
    if at_end or cut == 0:
        return data, b""
    return data[:cut], data[cut:]


def _judge(sample: bytes) -> Encoding:
    """The likeliest encoding of lines that are not UTF-8."""
    from charset_normalizer import from_bytes

    sample = sample[:_SAMPLE]
    best = from_bytes(sample, threshold=0.4).best()
    guess = _short(best.encoding) if best else ""
    if guess in _MANY_BYTES and _is_dense(sample):
        return Encoding(guess, 0.8, broken=_fails(sample, guess))
    scores = {name: _usual_share(sample, name) for name in _USUAL}
    name = max(scores, key=lambda candidate: scores[candidate])
    if scores[name] < 0.7 and not _fails(sample, "cp1252"):  # nothing fits well: the commonest is the best guess
        name = "cp1252"
    enough = 0.5 + len(re.findall(rb"[\x80-\xff]", sample)) / 100  # a few letters say little
    return Encoding(name, min(0.9, scores[name], enough), broken=_fails(sample, name))


_MANY_BYTES = {"gb18030", "big5", "cp950", "cp932", "cp949", "euc_jp", "euc_jis_2004", "johab", "hz"}


def _usual_share(sample: bytes, name: str) -> float:
    """Which share of the characters beyond ASCII is usual where this encoding is used, and fits its word."""
    text = sample.decode(name, errors="replace")
    pairs = [(before, c) for before, c in pairwise(" " + text) if c > "\x7f"]
    return sum(_weight(c, name) for before, c in pairs if _fits(before, c)) / max(1, len(pairs))


def _weight(letter: str, name: str) -> float:
    """Letters of other scripts are told apart by the commonest ones, since every byte is some letter there."""
    if letter not in _USUAL[name]:
        return 0.0
    return 1.0 if letter <= "\u024f" or letter in _USUAL[name][:_COMMONEST] else 0.8


def _fits(before: str, letter: str) -> bool:
    """Words neither turn to capitals in their middle nor from Latin letters to another script."""
    if not letter.isalpha() or not before.isalpha():
        return True
    other_script = before < "\x7f" and letter > "\u024f"
    return not other_script and not (before.islower() and letter.isupper())


def _is_dense(sample: bytes) -> bool:
    """Whether bytes beyond ASCII come in runs, as in scripts that spend several on each character."""
    runs = re.findall(rb"[\x80-\xff]+", sample)
    return sum(len(run) >= 3 for run in runs) > 0.3 * len(runs)


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
