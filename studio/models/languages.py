"""For which languages a model was made, and whether the rows are in one of them.

In: language codes of the catalog, of a model's card or of the rows. Out: an answer, words for people, and what to tell
before training. A model learns any language a little; of one that it never read it knows neither words nor grammar, so
that it needs many more rows and stays worse.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from studio.data.checkup.language import NAMES, language_name
from studio.events import Warned

MANY = "mul"  # ISO 639-2 for several languages: made for many, and its maker does not list all of them
_NAMED = 4  # as many languages are told by name
_SAME = {"nb": "no", "nn": "no", "fil": "tl", "iw": "he", "in": "id", "cmn": "zh", "yue": "zh", "multilingual": MANY}
_LONG = {
    "ara": "ar", "ces": "cs", "dan": "da", "deu": "de", "ell": "el", "eng": "en", "fas": "fa", "fin": "fi", "fra": "fr",
    "ger": "de", "heb": "he", "hin": "hi", "hun": "hu", "ind": "id", "ita": "it", "jpn": "ja", "kor": "ko", "nld": "nl",
    "nno": "no", "nob": "no", "nor": "no", "pol": "pl", "por": "pt", "ron": "ro", "rus": "ru", "spa": "es", "swe": "sv",
    "tha": "th", "tur": "tr", "ukr": "uk", "vie": "vi", "zho": "zh",
}  # fmt: skip
_BY_NAME = {name.casefold(): code for code, name in NAMES.items()}


def codes(told: Iterable[str]) -> tuple[str, ...]:
    """Languages as the cards of the hub write them ("en", "pt-BR", "deu", "German", "multilingual") as ISO 639-1 codes,
    each once; what is no language, such as "code", is left out."""
    found = dict.fromkeys(_code(one) for one in told)
    return tuple(code for code in found if code)


def in_words(languages: Sequence[str]) -> str:
    """English; English and German; 94 languages; "" where none is known."""
    listed = [code for code in languages if code != MANY]
    if MANY in languages:
        return "many languages" if len(listed) <= _NAMED else f"{len(listed)} languages and more"
    if len(listed) > _NAMED:
        return f"{len(listed)} languages"
    names = [language_name(code) for code in listed]
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def speaks(languages: Sequence[str], code: str) -> bool | None:
    """Whether a model that was made for `languages` was made for `code`; None where that is not known."""
    if not code or code in languages:
        return True if code else None
    return None if MANY in languages or not languages else False


def foreign(name: str, languages: Sequence[str], code: str, *, better: str = "") -> Warned | None:
    """What to know where the rows are in `code` and the model called `name` was not made for it; None where it was, and
    where nothing is known of it. `better` names a model that was."""
    if speaks(languages, code) is not False:
        return None
    fix = f"Choose one that was made for it, such as {better}." if better else "Choose a model that was made for it."
    return Warned(limit(name, languages, code), f"{fix} With this one, add rows and trust only what the test says.")


def limit(name: str, languages: Sequence[str], code: str) -> str:
    """The sentence that a report and a card keep; "" where the model was made for the language of the rows."""
    if speaks(languages, code) is not False:
        return ""
    return f"The texts are in {language_name(code)}, and {name} was made for {in_words(languages)}."


def _code(told: str) -> str:
    word = told.strip().casefold()
    whole = _SAME.get(word) or _LONG.get(word) or _BY_NAME.get(word)
    if whole:
        return whole
    first = word.replace("_", "-").split("-")[0]
    short = _SAME.get(first) or _LONG.get(first) or first
    return short if len(short) == 2 or short == MANY else ""
