"""One training row as the model will see it, token by token.

In: a Dataset, the config, a model folder, and which row. Out: `SeenRow`. Without a model the row's text stands whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from studio.config.goals import GOALS

if TYPE_CHECKING:
    from studio.config.config import Config
    from studio.data.parts.dataset import Dataset
    from studio.gui.job import Control
    from studio.tasks.example import Example
    from studio.tokens.encoded import Encoded
    from studio.tokens.preview import Shown, ShownKind
    from studio.tokens.tokenizer import Tokenizer

SpecialKind = Literal["begin", "end", "other", "unknown"]


@dataclass(frozen=True)
class SeenToken:
    """A piece of the row. `place` is its place among the row's tokens from 1 and `id` its entry in the vocabulary, both
    None where no model has cut the text; `special` says what a token is for that only the model knows, or that it
    stands for signs that the model cannot read. `part` is the place of its text among those of the row."""

    text: str
    kind: ShownKind
    place: int | None = None
    id: int | None = None
    special: SpecialKind | None = None
    part: int = 0


@dataclass(frozen=True)
class SeenTemplate:
    """The chat template that the row is written with: its `source`; whether the model brings one of its own; and for
    each of ours, by name, the tokens that the model lacks for it."""

    source: str
    has_own: bool
    lacking: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class SeenRow:
    """A row's place among all training rows and its number in the table, both from 0; its tokens (those that show a
    text, of `token_count`); its label where it has one; how many tokens are cut, and in how many `windows` it is read
    where these are more than one; and the instruction that the model
    adds of its own accord ("" where it adds none), and its chat template where it has one."""

    place: int
    total: int
    number: int
    tokens: tuple[SeenToken, ...]
    token_count: int
    label: str | None
    cut: int
    own_instruction: str = ""
    template: SeenTemplate | None = None
    windows: int = 1


class KeptTokenizer:
    """The tokenizer that rows are shown with, kept from one row to the next."""

    def __init__(self) -> None:
        self._of: tuple[Path | None, str, str] = (None, "", "")
        self._tokenizer: Tokenizer | None = None

    def of(self, base: Path | None, config: Config) -> Tokenizer | None:
        """The tokenizer of a model folder, as the goal of `config` reads with it; None without a folder."""
        from studio.tokens.tokenizer import Tokenizer

        wanted = (base, config.task.kind, config.task.chat_template)
        if wanted != self._of or self._tokenizer is None:
            self._of, self._tokenizer = (None, "", ""), None  # a template with a fault is looked at anew
            if base is not None:
                self._tokenizer = Tokenizer.for_goal(base, config)
            self._of = wanted
        return self._tokenizer


def show_row(
    _: Control, kept: KeptTokenizer, dataset: Dataset, config: Config, base: Path | None, place: int, limit: int
) -> Iterator[object]:
    """The training row at `place`, counted round, as the goal of `config` learns it, with what lies beyond `limit`
    tokens; nothing where there is none."""
    from studio.tasks.task import task_for
    from studio.tokens.own_instruction import own_instruction
    from studio.tokens.preview import preview_row
    from studio.tokens.rows import encode_rows
    from studio.tokens.unread import unknown_id

    total = len(dataset.parts["training"])
    if not total:
        return
    place %= total
    example = task_for(config).example(dataset.row("training", place))
    tokenizer = kept.of(base, config)
    if tokenizer is None:
        whole = tuple(SeenToken(turn.text + "\n", "learned" if turn.learned else "context") for turn in example.turns)
        yield SeenRow(place, total, example.row, whole, len(whole), _to_learn(example), 0)
        return
    shown, unknown = preview_row(tokenizer, example, config, max_tokens=limit), unknown_id(tokenizer)
    special = {number for number, token in tokenizer.backend.get_added_tokens_decoder().items() if token.special}
    kinds = {one: _special(tokenizer, one) for one in shown if one.id in special}
    kinds |= {one: "unknown" for one in shown if one.id == unknown}
    tokens = tuple(
        SeenToken(one.text, one.kind, number, one.id, kinds.get(one), one.part)
        for number, one in enumerate(shown, start=1)
        if one.text
    )
    cut, windows = sum(one.kind == "cut" for one in shown), 1
    if not GOALS[config.task.kind].whole_text:  # which is learned in pieces
        [read] = encode_rows(tokenizer, [example], config, max_tokens=limit)
        cut, windows = cut or read.cut, _windows(tokenizer, example, config, read, limit)
    own = own_instruction(tokenizer.chat, example.turns) if tokenizer.chat is not None else ""
    template = _seen_template(tokenizer, base) if tokenizer.chat is not None and base is not None else None
    yield SeenRow(place, total, example.row, tokens, len(shown), _to_learn(example), cut, own, template, windows)


def _windows(tokenizer: Tokenizer, example: Example, config: Config, read: Encoded, limit: int) -> int:
    """In how many parts a long text is read; 1 where it is read at once."""
    from studio.tokens.windows import windows

    head = GOALS[config.task.kind].head
    if head == "span":  # of which some are learned
        question, text = (turn.text for turn in example.turns)
        return max(1, len(windows(tokenizer, question, text, max_tokens=limit)))
    return len(read.sequences) if head in ("labels", "number") else 1


def _seen_template(tokenizer: Tokenizer, base: Path) -> SeenTemplate:
    from studio.tokens.chat_templates import shipped
    from studio.tokens.template import own_source

    vocabulary = tokenizer.backend.get_vocab()
    lacking = tuple((one.name, one.missing(vocabulary)) for one in shipped())
    return SeenTemplate(tokenizer.template.source, bool(own_source(base)), lacking)


def _to_learn(example: Example) -> str | None:
    """What is learned of a row beside its text: its label, or its number."""
    return example.label if example.number is None else f"{example.number:g}"


def _special(tokenizer: Tokenizer, token: Shown) -> SpecialKind:
    if token.id in tokenizer.end_ids or token.id in tokenizer.suffix or _says(token, "end", "eos", "eot", "/s", "sep"):
        return "end"
    if token.id in tokenizer.prefix or _says(token, "start", "begin", "bos", "<s>"):
        return "begin"
    return "other"


def _says(token: Shown, *names: str) -> bool:
    return any(name in token.text.lower() for name in names)
