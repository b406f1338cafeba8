"""The licence and the languages are read from a card as people write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.models.model_card import CardFacts, read_card


@pytest.mark.parametrize(
    ("front", "license_", "languages"),
    [
        ("language: en\nlicense: apache-2.0", "apache-2.0", ("en",)),
        ("license: 'mit'\nlanguage: [de, \"fr\"]", "mit", ("de", "fr")),
        ("language:\n- en\n- pt-BR\n  - zh\ntags:\n- bert", "", ("en", "pt-BR", "zh")),
        ("languages: multilingual\r\nlicense: llama3.2\r", "llama3.2", ("multilingual",)),
        ("tags:\n- language\n", "", ()),
        ("license: other\nlicense_name: my-licence", "other", ()),
    ],
)
def test_what_the_front_matter_says(tmp_path: Path, front: str, license_: str, languages: tuple[str, ...]) -> None:
    (tmp_path / "README.md").write_bytes(f"---\n{front}\n---\n# A model\nlanguage: none\n".encode())
    assert read_card(tmp_path) == CardFacts(license_, languages)


@pytest.mark.parametrize(
    "text", ["", "# A model\n", "language: en\n", "---\nlanguage: en\n", "text\n---\nlanguage: en\n---\n"]
)
def test_a_card_without_front_matter_says_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "README.md").write_text(text)
    assert read_card(tmp_path) == CardFacts()


def test_no_card_says_nothing(tmp_path: Path) -> None:
    assert read_card(tmp_path) == CardFacts()
