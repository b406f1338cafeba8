"""What is told of texts that are longer than what a model reads at once.

In: Examples, and the settings by which they are read. Out: how many are read in parts or lose their end, and sentences
for people. Rows are counted as they come, and none is kept. Knows no torch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from studio.config.config import Config
from studio.config.goals import GOALS
from studio.events import Event, Noted, Warned
from studio.tasks.example import Example
from studio.tokens.rows import encode_rows
from studio.tokens.texts import MOST_WINDOWS
from studio.tokens.tokenizer import Tokenizer


@dataclass(frozen=True)
class Long:
    """Of so many `texts`, those that are read in parts (`parted`), and those of which something is `cut`; `limit` in
    tokens."""

    texts: int
    parted: int
    cut: int
    limit: int


def long_among(tokenizer: Tokenizer, examples: Iterable[Example], config: Config) -> Long:
    """How many of the Examples are too long to be read whole, as the goal of `config` reads them."""
    limit = config.task.max_tokens
    assert limit is not None
    in_parts = GOALS[config.task.kind].head in ("labels", "number")  # elsewhere what lies beside a row is another text
    texts = parted = cut = 0
    for row in encode_rows(tokenizer, examples, config):
        texts += 1
        parted += in_parts and bool(row.beside)
        cut += any(one.cut > 0 for one in row.sequences)
    return Long(texts, parted, cut, limit)


def told(found: Long) -> Iterator[Event]:
    """The same in sentences; none where every text is read whole."""
    if found.parted:
        are, much = "it is" if found.texts == 1 else "they are", longer(found.parted, found.texts, found.limit)
        yield Noted(f"{much}: {are} read in parts, and what the parts say is averaged.")
    if found.cut:
        limit = found.limit * MOST_WINDOWS if found.parted else found.limit
        ends = "Shorten it if its end matters." if found.texts == 1 else "Shorten them if their ends matter."
        yield Warned(f"{longer(found.cut, found.texts, limit)} and cut there.", ends)


def longer(count: int, of: int, limit: int, *, what: str = "texts") -> str:
    """How many of how many are longer than a limit in tokens; a text by itself is not counted."""
    if of == 1:
        return f"The {what.removesuffix('s')} is longer than {limit:,} tokens"
    return f"{count:,} of {of:,} {what} {'is' if count == 1 else 'are'} longer than {limit:,} tokens"
