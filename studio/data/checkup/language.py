"""Which languages the texts are in, and the rows that are in another one than the rest.

In: texts, or Rows. Out: shares of languages; Findings. The script is told by its characters; within a script py3langid
decides, and only on texts that are long enough. Most rows need not ask it: a text whose words are mostly those of the
sure texts of one language is in that language.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from studio.counting import counted
from studio.data.checkup.finding import Finding, delete_rows, finding
from studio.data.checkup.rows import Rows

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

NAMES = {
    "af": "Afrikaans", "ar": "Arabic", "be": "Belarusian", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan",
    "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
    "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi",
    "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "is": "Icelandic", "it": "Italian",
    "ja": "Japanese", "ka": "Georgian", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "mr": "Marathi",
    "ms": "Malay", "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish",
    "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "th": "Thai", "tl": "Filipino", "tr": "Turkish", "uk": "Ukrainian",
    "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
SAMPLE = 2_000  # texts, evenly taken, say which languages there are
SURE = 0.9  # probability, and for close relatives of the main language …
SURE_OF_RELATIVES = 0.99
LETTERS, LETTERS_OF_RELATIVES = 20, 60  # fewer letters are told apart by chance
LEAST_SHARE, LEAST_ROWS = 0.02, 5  # a second language with less is not worth a word
MOST_DELETED = 0.2  # of the rows: as many are no slip, and are not offered to be deleted
_SETTLED = 0.5  # of a table's sampled texts have to be sure for anything to be said
_HARDLY = 0.005  # of the sample in other languages: then only another script is looked for in the other rows
_ASKED = 20_000  # rows at most that py3langid is asked about: some 3 seconds
_READ = 300  # characters of a text that are enough
_RELATIVES = ("no da sv", "hr sr sl", "cs sk", "id ms tl", "es ca pt", "ru uk be bg sr", "nl af", "fa ur ar", "hi mr")
# Scripts by what counts as a letter of them, with the language where a script has only one here. Kana comes before Han,
# which Japanese uses too.
_SCRIPTS: Mapping[str, tuple[str, str]] = {
    "Japanese": ("\u3040-\u30ff", "ja"), "Chinese": ("\u3400-\u9fff", "zh"), "Korean": ("\uac00-\ud7af", "ko"),
    "Cyrillic": ("\u0400-\u052f", ""), "Arabic": ("\u0620-\u06ff", ""), "Greek": ("\u0370-\u03ff\u1f00-\u1fff", "el"),
    "Hebrew": ("\u05d0-\u05ea", "he"), "Devanagari": ("\u0904-\u0963", ""), "Thai": ("\u0e01-\u0e4e", "th"),
    "Bengali": ("\u0980-\u09ff", "bn"), "Tamil": ("\u0b80-\u0bff", "ta"), "Telugu": ("\u0c00-\u0c7f", "te"),
    "Georgian": ("\u10a0-\u10ff", "ka"), "Armenian": ("\u0531-\u0587", "hy"),
    "Latin": ("A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff", ""),
}  # fmt: skip
_LETTERS = {name: re.compile(f"[{letters}]") for name, (letters, _) in _SCRIPTS.items()}
_PART_OF_LANGUAGE = {"Japanese": 4, "Chinese": 4, "Korean": 4}  # letters that are enough in a script of syllables
_NO_WORDS = re.compile(r"https?://\S+|\S+@\S+|[@#]\w+|<[^<>]{1,80}>|\{[^{}]{1,40}\}|\[[^\[\]]{1,40}\]")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Languages:
    """Languages by row, as ISO 639-1 codes; rows of which it is not certain are left out. `foreign` are the rows in
    another script than most."""

    by_row: Mapping[int, str]
    foreign: frozenset[int]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """The rows of each language, the most frequent first."""
        return Counter(self.by_row.values()).most_common()


def language_name(code: str) -> str:
    """A language's English name; the code itself where there is none."""
    return NAMES.get(code, code)


def language_of(texts: Iterable[str], *, most: int = SAMPLE) -> tuple[tuple[str, float], ...]:
    """The languages of texts as ISO 639-1 codes, with their share of the texts that are certain, the largest first.
    At most `most` texts are read. Empty where hardly any text is certain."""
    sample = {row: text for row, text in enumerate(islice(texts, most)) if text and not text.isspace()}
    sure = [code for code in (guess(text) for text in sample.values()) if code]
    if not sample or len(sure) < _SETTLED * len(sample):
        return ()
    return tuple((code, count / len(sure)) for code, count in Counter(sure).most_common())


def guess(text: str) -> str:
    """The language of one text as an ISO 639-1 code; "" where it is too short or not certain."""
    script, letters, _ = _script(text)
    return _within(script, letters, text)


def check(rows: Rows, should_stop: Callable[[], bool]) -> Iterator[Finding]:
    """The language of the texts and of the answers, and the rows that are in another one."""
    yield from _mixed("languages", "text", rows.texts, should_stop)
    if rows.goal.has_texts:
        yield from _mixed("answer_languages", "answer", rows.targets, should_stop)


def languages(cells: Mapping[int, str], should_stop: Callable[[], bool]) -> Languages | None:
    """The language of every cell of which it is certain; None where that is hardly any, or where it was stopped."""
    rows = [row for row, cell in cells.items() if cell and not cell.isspace()]
    sample = rows[:: max(1, len(rows) // SAMPLE)]
    sure: dict[int, str] = {}
    for number, row in enumerate(sample):
        if not number % 100 and should_stop():
            return None
        if code := guess(cells[row]):
            sure[row] = code
    if len(sure) < max(1, _SETTLED * len(sample)):
        return None
    frequent = Counter(sure.values()).most_common()
    by_row = dict(sure)
    if len(frequent) > 1 or len(sample) < len(rows):
        _other_rows(by_row, cells, [row for row in rows if row not in sure], should_stop)
    if should_stop():
        return None
    main = Counter(by_row.values()).most_common(1)[0][0]
    home = _script_of(main, cells, by_row)
    foreign = frozenset(row for row in by_row if by_row[row] != main and _script(cells[row])[0] not in home)
    return Languages(by_row, foreign)


def _mixed(kind: str, noun: str, cells: Mapping[int, str], should_stop: Callable[[], bool]) -> Iterator[Finding]:
    found = languages(cells, should_stop) if cells else None
    if found is None:
        return
    (main, _), *others = found.counts
    total = len(found.by_row)
    told = {code for code, count in others if count >= max(LEAST_ROWS, LEAST_SHARE * total)}
    apart = [row for row, code in found.by_row.items() if code != main and (code in told or row in found.foreign)]
    name = language_name(main)
    which = Counter(found.by_row[row] for row in apart).most_common()
    names = ", ".join(f"{language_name(code)} ({count:,})" for code, count in which[:4])
    names += ", …" if len(which) > 4 else ""
    yield finding(
        kind, apart, "look",
        lambda n: counted(n, f"1 {noun} is", f"{{}} {noun}s are") + f" not in {name} like the rest: {names}",
        f"The {noun}s are in {name}",
        "Fine where people will write in these languages. Each one is learned from its own rows alone.",
        fix=lambda numbers: delete_rows(numbers) if len(numbers) <= MOST_DELETED * total else (),
        notes={row: language_name(found.by_row[row]) for row in apart},
    )  # fmt: skip


def _other_rows(
    by_row: dict[int, str], cells: Mapping[int, str], rows: Sequence[int], should_stop: Callable[[], bool]
) -> None:
    """Settles the rows outside the sample: by script and by the words of the sample's languages, and asks py3langid
    about the rest, as far as there is time."""
    words = _vocabularies(by_row, cells)
    asked: list[tuple[int, str, int]] = []
    known = Counter(by_row.values()).most_common()
    only = known[0][0] if sum(count for _, count in known[1:]) < _HARDLY * len(by_row) else ""
    home = _script_of(known[0][0], cells, by_row)
    for number, row in enumerate(rows):
        if not number % 1000 and should_stop():
            return
        text = cells[row]
        if only and text.isascii() and "Latin" in home:
            by_row[row] = only
            continue
        if text.isascii() and (code := _by_words(text, words)):
            by_row[row] = code
            continue
        script, letters, _ = _script(text)
        if letters < _enough(script):
            continue
        if code := _SCRIPTS[script][1] or (only if script in home else _by_words(text, words)):
            by_row[row] = code
        else:
            asked.append((row, script, letters))
    relatives = _relatives(known[0][0])
    step = -(-len(asked) // _ASKED) or 1
    for number, (row, script, letters) in enumerate(asked):
        if not number % 100 and should_stop():
            return
        in_time = not number % step
        code = _within(script, letters, cells[row], relatives) if in_time else _by_words(cells[row], words, 0.3)
        if code:
            by_row[row] = code


def _vocabularies(by_row: Mapping[int, str], cells: Mapping[int, str]) -> dict[str, frozenset[str]]:
    """The words that several sure texts of a language use."""
    counts: dict[str, Counter[str]] = {}
    for row, code in by_row.items():
        counts.setdefault(code, Counter()).update(set(_WORD.findall(cells[row][:_READ].lower())))
    return {code: frozenset(word for word, count in words.items() if count > 2) for code, words in counts.items()}


def _by_words(text: str, vocabularies: Mapping[str, frozenset[str]], least: float = 0.6) -> str:
    """The language that most of a text's words are of, at least this share of them."""
    words = set(_WORD.findall(text[:_READ].lower()))
    if len(words) < 4:
        return ""
    known = sorted(((len(words & vocabulary), code) for code, vocabulary in vocabularies.items()), reverse=True)
    second = known[1][0] if len(known) > 1 else 0
    most, best = known[0]
    if most >= least * len(words) and most >= 1.5 * second:
        return best
    return best if 0 < 3 * second <= most and most >= 3 else ""


def _within(script: str, letters: int, text: str, relatives: frozenset[str] = frozenset()) -> str:
    if letters < _enough(script):
        return ""
    if only := _SCRIPTS[script][1]:
        return only
    words = _NO_WORDS.sub(" ", text[: 2 * _READ])[:_READ]
    if len(_LETTERS[script].findall(words)) < LETTERS:
        return ""
    code, probability = _identifier().classify(words)
    if code in relatives and (probability < SURE_OF_RELATIVES or letters < LETTERS_OF_RELATIVES):
        return ""
    return code if probability >= SURE else ""


def _script(text: str) -> tuple[str, int, int]:
    """The script that most letters are of, how many those are, and all letters."""
    read = text[: 2 * _READ]
    if read.isascii():
        count = len(_LETTERS["Latin"].findall(read))
        return "Latin", count, count
    counts = {name: len(letters.findall(read)) for name, letters in _LETTERS.items()}
    if counts["Japanese"] > 0.1 * counts["Chinese"]:
        counts["Japanese"] += counts.pop("Chinese")
    # A sign of Chinese, Japanese or Korean is a syllable or a word, so that it counts for three letters.
    best = max(counts, key=lambda name: counts[name] * (3 if name in _PART_OF_LANGUAGE else 1))
    return best, counts[best], sum(counts.values())


def _script_of(code: str, cells: Mapping[int, str], by_row: Mapping[int, str]) -> frozenset[str]:
    """The scripts in which a language is written here: a Serbian text may be Latin or Cyrillic."""
    rows = [row for row, found in by_row.items() if found == code][:200]
    seen = Counter(_script(cells[row])[0] for row in rows)
    return frozenset(script for script, count in seen.items() if count >= 0.05 * len(rows))


def _enough(script: str) -> int:
    return _PART_OF_LANGUAGE.get(script, LETTERS if script == "Latin" else LETTERS // 2)


def _relatives(code: str) -> frozenset[str]:
    near = (set(group.split()) for group in _RELATIVES)
    return frozenset(one for group in near if code in group for one in group if one != code)


@cache
def _identifier() -> LanguageIdentifier:
    """py3langid with the languages that have a name here; reading its model takes about a second."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([*NAMES])
    return identifier
