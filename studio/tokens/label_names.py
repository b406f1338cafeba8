"""The names of labels as texts: “card_arrival” says what a text about it may say.

In: label names, a Tokenizer and the length limit. Out: one Encoded for each label whose name is made of words. With few
rows of a label its name is one more text of it, and in a domain of their own people name labels well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from studio.config.config import Config
from studio.counting import counted
from studio.events import Event, Noted
from studio.tasks.example import Example, Turn
from studio.tokens.encoded import Encoded
from studio.tokens.texts import encode_for_head
from studio.tokens.tokenizer import Tokenizer

NO_ROW = -1  # where a row's number is wanted
_BORDERS = re.compile(r"[\W_]+|(?<=[a-z])(?=[A-Z])")
_FEWEST_LETTERS = 3  # in a row; shorter ones are codes


def spoken(label: str) -> str:
    """The label's name as a text ("cardArrival" and "card_arrival" say “card” and “arrival”); "" for a code or a
    number."""
    words = [word for word in _BORDERS.split(label) if word]
    longest = max((len(letters) for word in words for letters in re.findall(r"[^\W\d_]+", word)), default=0)
    is_dense = any("\u2e80" <= letter <= "\ud7ff" for letter in label)  # one letter of these scripts is a word
    return " ".join(words) if longest >= _FEWEST_LETTERS or is_dense else ""


def named_rows(tokenizer: Tokenizer, labels: Sequence[str], config: Config) -> list[Encoded]:
    """The names that say something, each as a row of its label; their row number is NO_ROW."""
    assert config.task.max_tokens is not None
    texts = ((label, spoken(label)) for label in labels)
    examples = [Example(NO_ROW, (Turn("text", text),), label) for label, text in texts if text]
    return list(encode_for_head(tokenizer, examples, max_tokens=config.task.max_tokens, labels=labels))


def told(named: Sequence[Encoded], rows: Sequence[Encoded]) -> Iterator[Event]:
    """Say that so many names are learned beside the training rows; nothing where there is none."""
    if named:
        names = counted(len(named), "The name of 1 label is", "The names of {} labels are")
        yield Noted(f"{names} learned as texts of theirs, beside {len(rows):,} rows.")
