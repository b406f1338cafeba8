"""Whether a model was made for a language is answered with yes, no, or that nobody knows."""

from __future__ import annotations

import pytest

from studio.models import languages


@pytest.mark.parametrize(
    ("told", "codes"),
    [
        (("en",), ("en",)),
        (("pt-BR", "pt_PT"), ("pt",)),
        (("German", "deu", "ger"), ("de",)),
        (("nb", "nn", "nob"), ("no",)),
        (("multilingual", "code", ""), ("mul",)),
        (("zh-Hans", "zho", "yue"), ("zh",)),
    ],
)
def test_codes_from_what_cards_say(told: tuple[str, ...], codes: tuple[str, ...]) -> None:
    assert languages.codes(told) == codes


@pytest.mark.parametrize(
    ("of", "words"),
    [
        ((), ""),
        (("en",), "English"),
        (("de", "en"), "German and English"),
        (("no", "sv", "da"), "Norwegian, Swedish and Danish"),
        (("ar", "de", "en", "fr", "ja"), "5 languages"),
        (("en", "mul"), "many languages"),
        (("ar", "de", "en", "fr", "ja", "mul"), "5 languages and more"),
    ],
)
def test_languages_in_words(of: tuple[str, ...], words: str) -> None:
    assert languages.in_words(of) == words


@pytest.mark.parametrize(
    ("of", "code", "answer"),
    [
        (("en",), "en", True),
        (("en",), "de", False),
        ((), "de", None),
        (("en", "mul"), "de", None),
        (("en", "mul"), "en", True),
        (("en",), "", None),
    ],
)
def test_whether_a_model_was_made_for_a_language(of: tuple[str, ...], code: str, answer: bool | None) -> None:
    assert languages.speaks(of, code) is answer


def test_only_a_model_that_was_made_for_other_languages_is_warned_of() -> None:
    told = languages.foreign("MiniLM", ("en",), "de", better="GBERT")
    assert told is not None
    assert told.what == "The texts are in German, and MiniLM was made for English."
    assert "such as GBERT" in told.fix
    assert languages.foreign("MiniLM", ("en",), "en") is None
    assert languages.foreign("Ours", (), "de") is None
    assert languages.limit("Gemma", ("en", "mul"), "de") == ""
