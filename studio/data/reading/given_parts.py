"""Parts that the table itself names: a column that says train, validation or test.

In: that column's cells. Out: each row's Part, in the words of several languages and libraries.
"""

from __future__ import annotations

import re
from typing import Literal

Part = Literal["training", "watching", "test"]

_WORDS: dict[Part, str] = {
    "training": "train training learn learning fit trainieren training lernen entrainement apprentissage entrenamiento "
    "addestramento treino treinamento trening eğitim обучение обучающая 训练 训练集 学習 훈련",
    "watching": "validation valid val dev development devel eval evaluation watching watch validierung entwicklung "
    "validación validacion validazione validação validacao walidacja doğrulama валидация 验证 验证集 開発 検証 검증",
    "test": "test tests testing holdout heldout prüfung prueba pruebas prova teste тест тестовая 测试 测试集 "
    "テスト 테스트",
}
_PART_OF: dict[str, Part] = {word: part for part, words in _WORDS.items() for word in words.split()}


def part_of(value: str) -> Part | None:
    """The part that a cell names ("Train", "test_set", "validation"), or None."""
    words = re.findall(r"[^\W\d_]+", value.casefold().replace("held-out", "heldout").replace("hold-out", "holdout"))
    found = {_PART_OF[word] for word in words if word in _PART_OF}
    return found.pop() if len(found) == 1 and len(words) <= 3 else None
