from __future__ import annotations

import pytest

from studio.data.reading.text.letters import LANGUAGES, MANY_BYTES, ONE_BYTE
from studio.data.reading.text.likelihood import certainty, likelihoods, mean


def best(scores: dict[str, float]) -> str:
    return max(scores, key=lambda name: scores[name])


def test_every_language_of_an_encoding_is_known_and_fits() -> None:
    for name, (prior, languages) in ONE_BYTE.items():
        assert prior <= 0
        for language in languages.split():
            letters = LANGUAGES[language].letters
            written = sum(bool(letter.encode(name, "ignore")) for letter in letters)
            assert written > 0.6 * len(letters), (name, language)
    assert not set(ONE_BYTE) & set(MANY_BYTES)


@pytest.mark.parametrize(
    ("text", "name"),
    [("ПОЧЕМУ ДО СИХ ПОР НЕ ПРИШЁЛ ОТВЕТ", "cp1251"), ("ПОЧЕМУ ДО СИХ ПОР НЕ ПРИШЁЛ ОТВЕТ", "koi8_r"),
     ("ÜBER DIE GRÖSSE DER ÄPFEL", "cp1252"), ("½ л воды, 20 °C", "cp1251")],
)  # fmt: skip
def test_capitals_and_signs(text: str, name: str) -> None:
    sample = text.encode(name, "ignore")
    assert sample.decode(best(likelihoods(sample))) == sample.decode(name)


def test_signs_inside_words_are_unlikely() -> None:
    assert mean("früh".encode("cp1252"), "cp1252") > mean("fr¶h".encode("cp1252"), "cp1252") + 2


def test_more_text_is_surer() -> None:
    letters = "größer, schöner, für alle Bücher".encode("cp1252")
    sure = [certainty(sample, "cp1252", likelihoods(sample)) for sample in (letters[2:4], letters, letters * 5)]
    assert sure == sorted(sure)
    assert sure[0] < 0.9 < 0.95 < sure[-1] < 1


def test_plain_words_tell_the_language() -> None:
    """The same byte is ł in Polish and ³ in the west of Europe."""
    polish = "do tej pory nie ma ani jednej odpowiedzi, a jest ich ma\u0142o".encode("cp1250")
    western = "the room has a volume of 50 m\u00b3 and that is all".encode("cp1252")
    assert best(likelihoods(polish)) == "cp1250"
    assert best(likelihoods(western)) == "cp1252"
