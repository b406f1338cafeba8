"""Examples to token ids, and ids back to text.

In: a model folder; Examples or turns. Out: Encoded rows with the mask of what is learned, prompts as chat sends them,
text. What training reads before an answer is, id for id, what `encode_prompt` gives: a text is encoded up to each
answer's border, and where a token would straddle one, both sides are encoded by themselves. Knows no torch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Literal

import tokenizers

from studio.config.config import Config
from studio.config.goals import GOALS
from studio.problems import Problem, Where
from studio.tasks.example import Example, Turn
from studio.tasks.passages import shortened
from studio.tokens.backend import configured_ends, end_of_text, ids_around, read_backend
from studio.tokens.encoded import Encoded
from studio.tokens.template import CONFIG_FILE, Template, read_json, token_names

UNLIMITED = 1 << 30
ANSWER_ROOM = 128  # tokens of the limit that are kept free for an answer where a text is shortened
CHUNK = 1000  # rows encoded at once: enough for every core, few enough to report progress
BLOCK = 1 << 20  # characters of a long text that are encoded at once
UNFINISHED = "\ufffd"


@dataclass(frozen=True, eq=False)
class Tokenizer:
    """A model's tokenizer. `pad_id` fills rows up; any of `end_ids` ends an answer. `prefix` and `suffix` are what an
    encoder wants round a text ([CLS], [SEP]); they are empty for a causal model, whose template writes everything.
    Where a causal model reads a text instead of a conversation, `opening` stands before it and `text_end` behind.
    `has_types`: the model tells the first text of a pair from the second by token types."""

    backend: tokenizers.Tokenizer
    kind: Literal["encoder", "causal"]
    pad_id: int
    end_ids: frozenset[int]
    prefix: tuple[int, ...]
    suffix: tuple[int, ...]
    chat: Template | None
    opening: tuple[int, ...] = ()
    text_end: int = -1
    has_types: bool = False

    @staticmethod
    def load(folder: Path, kind: Literal["encoder", "causal"], chat_template: str = "") -> Tokenizer:
        """The tokenizer of a model folder; for a causal model with the chat template that is chosen (as the setting
        names it, "" for the model's own). Raises a Problem where it is missing or damaged, or where a causal model
        does not say how an answer ends."""
        backend = read_backend(folder)
        names, around, ends = token_names(folder), ids_around(backend), configured_ends(folder)
        eos = backend.token_to_id(names.get("eos_token", ""))
        pad = backend.token_to_id(names.get("pad_token", ""))
        ends = tuple(dict.fromkeys((*ends, eos))) if eos is not None else ends
        pad_id = next(number for number in (pad, *ends, 0) if number is not None)
        if kind == "encoder":
            kinds = read_json(folder / "config.json").get("type_vocab_size")
            return Tokenizer(
                backend, kind, pad_id, frozenset(), *around, None, has_types=isinstance(kinds, int) and kinds > 1
            )
        chat = _chat(folder, backend, ends, around[0], chat_template)
        ends = (*ends, *backend.encode(chat.end, add_special_tokens=False).ids[-1:])
        text_end = end_of_text(backend, ends[0], written=chat.source)
        opening = around[0] or (text_end,)
        return Tokenizer(backend, kind, pad_id, frozenset((*ends, text_end)), (), (), chat, opening, text_end)

    @property
    def opening_text(self) -> str:
        """What has to be written before a text that another program reads, so that it begins as here; "" where that
        program's tokenizer writes it by itself."""
        written = self.backend.encode("").ids[: len(self.opening)]
        marks = (self.backend.id_to_token(token) or "" for token in self.opening)
        return "" if tuple(written) == self.opening else "".join(marks)

    @staticmethod
    def for_goal(folder: Path, config: Config) -> Tokenizer:
        """The tokenizer as the goal of `config` reads with it: through the chat template where words are written, else
        plainly."""
        writes = GOALS[config.task.kind].head == "words"
        return Tokenizer.load(folder, "causal" if writes else "encoder", config.task.chat_template)

    @property
    def template(self) -> Template:
        """The template of a causal model; an encoder has none (ValueError)."""
        if self.chat is None:
            raise ValueError("an encoder reads a text without a template")
        return self.chat

    def encode(self, example: Example, *, max_tokens: int) -> Encoded:
        """One Example as ids; see `encode_many`."""
        return next(self.encode_many([example], max_tokens=max_tokens))

    def encode_many(self, examples: Iterable[Example], *, max_tokens: int) -> Iterator[Encoded]:
        """Examples as ids, in order, at most `max_tokens` each. A source is shortened first; then a text is cut before
        its [SEP], a conversation at its end. Where the template writes earlier answers anew, a conversation of several
        learned answers becomes several sequences, each up to one of them."""
        waiting = iter(examples)
        while chunk := list(islice(waiting, CHUNK)):
            if self.chat is not None and is_text(chunk[0].turns):
                yield from (self._whole(example, max_tokens) for example in chunk)
                continue
            whole = [self.fitted(self.apart(example), max_tokens) for example in chunk]
            lines = iter(self._lines([one for example in whole for one in (example, *example.beside)]))
            for example in whole:
                own = self._encoded(example, next(lines), max_tokens)
                beside = tuple(self._encoded(one, next(lines), max_tokens) for one in example.beside)
                yield replace(own, beside=beside) if beside else own

    def fitted(self, example: Example, max_tokens: int) -> Example:
        """The Example with its source shortened to the passages nearest to its question, so that its prompt leaves room
        for an answer within `max_tokens`; itself where it has no source or is short enough. What is asked is the same
        whether an answer stands behind it or not."""
        source = example.source
        if source is None or max_tokens >= UNLIMITED:
            return example
        most = max_tokens - min(ANSWER_ROOM, max_tokens // 4)
        asked = example.turns[: source.turn + 1]
        turn = asked[-1]

        def put(text: str) -> Turn:
            return turn._replace(text=turn.text[: source.start] + text + turn.text[source.end :])

        def fits(text: str) -> bool:
            return len(self.encode_prompt((*asked[:-1], put(text)))) <= most

        text = turn.text[source.start : source.end]
        if fits(text):
            return example
        text = shortened(text, source.question, fits)
        turns = (*asked[:-1], put(text), *example.turns[source.turn + 1 :])
        left = source._replace(end=source.start + len(text), is_shortened=True)
        return replace(example, turns=turns, source=left)

    def apart(self, example: Example) -> Example:
        """The Example with a conversation beside it for each further answer, where one text cannot teach them all."""
        if self.chat is None or example.beside or sum(turn.learned for turn in example.turns) < 2:
            return example
        first, *further = self.chat.texts(example.turns)
        beside = tuple(Example(example.row, turns) for turns in further)
        return replace(example, turns=first, beside=beside) if further else example

    def encode_prompt(self, turns: Sequence[Turn]) -> tuple[int, ...]:
        """The ids after which the model answers, without a length limit; for an encoder, the text's ids; for a text to
        be gone on with, its opening and its ids."""
        return self.encode_prompts([turns])[0]

    def encode_prompts(self, prompts: Sequence[Sequence[Turn]]) -> list[tuple[int, ...]]:
        """As `encode_prompt`, of many at once."""
        found: list[tuple[int, ...]] = []
        for start in range(0, len(prompts), CHUNK):
            some = prompts[start : start + CHUNK]
            if self.chat is not None and is_text(some[0]):
                found += [(*self.opening, *self.text_ids(_text(turns))) for turns in some]
                continue
            asked = [Example(-1, tuple(turn._replace(learned=False) for turn in turns)) for turns in some]
            found += [(*self.prefix, *line.ids, *self.suffix) for line in self._lines(asked)]
        return found

    def text_ids(self, text: str) -> list[int]:
        """A bare text as ids, however long it is. The same number is one object however often it occurs, so that a
        token of a long text takes eight bytes."""
        ids = [number for part in self._ids(_blocks(text)) for number in part]
        one = {number: number for number in set(ids)}
        return [one[number] for number in ids]

    def text_bytes(self, text: str) -> tuple[list[int], list[int]]:
        """The ids of a bare text, and how many of its bytes each of them stands for; together they are all of them. A
        character that takes several tokens counts for the first of them."""
        ids, sizes = list[int](), list[int]()
        for block in _blocks(text):
            found = self.backend.encode(block, add_special_tokens=False)
            numbers, offsets = found.ids, found.offsets  # each look at them copies them whole
            seen = 0
            for place, (_, end) in enumerate(offsets):
                stop = len(block) if place == len(numbers) - 1 else max(seen, end)
                sizes.append(len(block[seen:stop].encode(errors="replace")))
                seen = stop
            ids += numbers
        return ids, sizes

    def segments(self, example: Example) -> tuple[str, ...]:
        """The parts of the text that are encoded each by itself; mostly one. Together they are the whole text,
        without an encoder's prefix and suffix."""
        line = self._lines([example])[0]
        return tuple(line.text[a:b] for a, b in zip(line.seams, [*line.seams[1:], len(line.text)], strict=True))

    def decode(self, ids: Sequence[int]) -> str:
        """The text of ids, special tokens left out."""
        return self.backend.decode(list(ids), skip_special_tokens=True)

    def stream(self) -> Stream:
        """A decoder for ids that arrive one by one."""
        return Stream(self)

    def _whole(self, example: Example, max_tokens: int) -> Encoded:
        """A text with its opening and its end, learned where its turn is."""
        ids = self.text_ids(_text(example.turns))
        line = (*self.opening, *ids, *((self.text_end,) if example.turns[-1].learned else ()))
        learned = (False,) * len(self.opening) + (example.turns[-1].learned,) * (len(line) - len(self.opening))
        return Encoded(example.row, line[:max_tokens], learned[:max_tokens], cut=max(0, len(line) - max_tokens))

    def _encoded(self, example: Example, line: _Line, max_tokens: int) -> Encoded:
        ids = line.ids
        learned = [False] * len(ids)
        for turn, (start, end) in line.answers():
            if example.turns[turn].learned:
                learned[start:end] = [True] * (end - start)
        around = len(self.prefix) + len(self.suffix)
        room = max(0, max_tokens - around)
        kept = (*self.prefix, *ids[:room], *self.suffix)
        mask = (*(False,) * len(self.prefix), *learned[:room], *(False,) * len(self.suffix))
        is_shortened = example.source is not None and example.source.is_shortened
        cut = max(int(is_shortened), len(ids) - room)
        return Encoded(example.row, kept, mask, cut=cut, number=example.number)

    def _lines(self, examples: Sequence[Example]) -> list[_Line]:
        """Texts as ids up to each border in turn, all texts' first borders together, then all second ones, ..."""
        lines = [self._line(example) for example in examples]
        while waiting := [line for line in lines if not line.is_done]:
            self._advance(waiting)
        return lines

    def _line(self, example: Example) -> _Line:
        if self.chat is None:
            text = "\n".join(turn.text for turn in example.turns)
            return _Line(text, [len(text)])
        text, spans = self.chat.answered(example.turns)
        borders = [border for span in spans for border in (span.start, span.end)]
        if not borders or borders[-1] < len(text):
            borders.append(len(text))
        return _Line(text, borders, turns=[span.turn for span in spans])

    def _advance(self, lines: Sequence[_Line]) -> None:
        straddled = []
        for line, ids in zip(lines, self._ids([line.next_piece for line in lines]), strict=True):
            if not line.accept(ids):
                line.split()
                straddled.append(line)
        for line, ids in zip(straddled, self._ids([line.next_piece for line in straddled]), strict=True):
            line.accept(ids)

    def _ids(self, texts: list[str]) -> list[list[int]]:
        if not texts:
            return []
        return [found.ids for found in self.backend.encode_batch_fast(texts, add_special_tokens=False)]


@dataclass
class _Line:
    """A text on its way to ids. `borders` are characters, `marks` the tokens that lie before each border reached;
    `seams` are the characters where encoding started anew."""

    text: str
    borders: list[int]
    turns: list[int] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)
    seams: list[int] = field(default_factory=lambda: [0])
    ids: list[int] = field(default_factory=list)
    _settled: int = 0

    @property
    def is_done(self) -> bool:
        return len(self.marks) == len(self.borders)

    @property
    def next_piece(self) -> str:
        return self.text[self.seams[-1] : self.borders[len(self.marks)]]

    def accept(self, ids: list[int]) -> bool:
        """Take the ids from the last seam to the next border, unless they change those before the last border."""
        if ids[: len(self.ids) - self._settled] != self.ids[self._settled :]:
            return False
        self.ids[self._settled :] = ids
        self.marks.append(len(self.ids))
        return True

    def split(self) -> None:
        """Start anew at the last border reached."""
        self.seams.append(self.borders[len(self.marks) - 1])
        self._settled = len(self.ids)

    def answers(self) -> Iterator[tuple[int, tuple[int, int]]]:
        """Each answer's turn with its tokens [start, end)."""
        for number, turn in enumerate(self.turns):
            yield turn, (self.marks[2 * number], self.marks[2 * number + 1])


def is_text(turns: Sequence[Turn]) -> bool:
    """Whether these turns are a text and no conversation."""
    return bool(turns) and turns[0].role == "text"


def _text(turns: Sequence[Turn]) -> str:
    return "\n".join(turn.text for turn in turns)


def _blocks(text: str) -> list[str]:
    """A text in blocks of about a million characters, each of which begins with a line end where there is one,
    so that hardly a token is cut apart."""
    found, start = [], 0
    while len(text) - start > BLOCK:
        at = text.rfind("\n", start + 1, start + BLOCK)
        at = at if at > start else start + BLOCK
        found.append(text[start:at])
        start = at
    return [*found, text[start:]]


class Stream:
    """Turns ids that arrive one by one into text, never half a character."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._ids: list[int] = []
        self._start = self._shown = 0

    def push(self, token: int) -> str:
        """The text that `token` completes; "" while a character is unfinished."""
        self._ids.append(token)
        # Some decoders write a token differently at the start of a text, so the last shown ones are decoded again.
        before = self._tokenizer.decode(self._ids[self._start : self._shown])
        after = self._tokenizer.decode(self._ids[self._start :])
        if len(after) <= len(before) or after.endswith(UNFINISHED):
            return ""
        self._start, self._shown = self._shown, len(self._ids)
        return after[len(before) :]


def _chat(
    folder: Path, backend: tokenizers.Tokenizer, ends: tuple[int, ...], opening: tuple[int, ...], chosen: str
) -> Template:
    found = {"eos_token": ends[:1], "bos_token": opening[:1]}
    names = {name: backend.id_to_token(ids[0]) for name, ids in found.items() if ids}
    markers = [token.content for token in backend.get_added_tokens_decoder().values() if token.special]
    chat = Template.load(
        folder,
        names={name: token for name, token in names.items() if token},
        markers=markers,
        opens_with_bos=bool(opening),
        chosen=chosen,
    )
    if not chat.end:
        raise Problem(
            "This model does not say how an answer ends.",
            "Its folder names no end token (eos_token), so that it could never learn to stop.",
            "Choose another model.",
            Where(str(folder / CONFIG_FILE)),
        )
    return chat
