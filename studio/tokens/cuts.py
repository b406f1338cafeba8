"""Rows that do not fit the length limit, and rows of whose answer nothing remains.

In: Examples, a Tokenizer, the limit. Out: Findings for the check-up. A row whose answer is cut away entirely would be
trained on and teach nothing, without a word; so it is found before. Knows no torch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from studio.config.config import Config
from studio.counting import counted
from studio.data.checkup.finding import Finding, delete_rows, finding
from studio.models.hub_cache import base_name
from studio.stopping import never
from studio.tasks.example import Example, Role, Turn
from studio.tokens.encoded import Encoded
from studio.tokens.rows import encode_rows
from studio.tokens.tokenizer import UNLIMITED, Tokenizer

Shape = tuple[tuple[Role, bool], ...]  # who speaks in turn, and whether it is learned
_CHUNK = 500  # rows between two questions whether to stop
_MOST_BYTES = 33
_SPARE = 8  # tokens a turn: blanks and marks that a tokenizer may put round a text of its own accord


@dataclass(frozen=True)
class CutFinding(Finding):
    """A Finding about the length `limit`, with the number of tokens of the `longest` of all rows that it cuts (0 where
    it cuts none)."""

    limit: int = 0
    longest: int = 0


def cut_at(base: Path, limit: int) -> str:
    """In words at which limit, and by the tokens of which model, rows are cut: what kept findings are about."""
    return f"{limit} tokens of {base_name(base)}"


def fitting_limit(findings: Iterable[Finding], most: int) -> int:
    """The limit at which every row fits, but not beyond `most` tokens; 0 where none is cut."""
    return min(most, max((one.longest for one in findings if isinstance(one, CutFinding)), default=0))


def cut_findings(
    examples: Iterable[Example],
    tokenizer: Tokenizer,
    max_tokens: int,
    *,
    should_stop: Callable[[], bool] = never,
) -> tuple[Finding, ...]:
    """Rows whose whole answer lies beyond `max_tokens` tokens, and rows that are cut otherwise; each row by its number
    in the Example. Nothing where there are no rows, or after a stop."""
    seen = _Seen({}, {})
    room = max_tokens - len(tokenizer.prefix) - len(tokenizer.suffix)
    around: dict[Shape, int] = {}
    long: list[Example] = []
    count = 0
    for count, example in enumerate(examples, start=1):
        if not count % _CHUNK and should_stop():
            return ()
        if not _surely_fits(example, tokenizer, room, around):
            long.append(example)
        if len(long) == _CHUNK:
            seen.take(long, tokenizer, max_tokens)
            long.clear()
    if should_stop():
        return ()
    seen.take(long, tokenizer, max_tokens)
    found = _findings(seen.lost, seen.cut, max_tokens, seen.longest, count) if count else ()
    return tuple(CutFinding(**vars(one), limit=max_tokens, longest=seen.longest) for one in found)


def head_cut_findings(
    examples: Iterable[Example], tokenizer: Tokenizer, config: Config, *, should_stop: Callable[[], bool] = never
) -> tuple[Finding, ...]:
    """The same where one thing is said of each text: pairs that are cut, and texts of which something lies beyond all
    the parts that they are read in. Nothing where there are no rows, or after a stop."""
    limit = config.task.max_tokens
    assert limit is not None
    cut: dict[int, str] = {}
    count, longest, waiting = 0, 0, iter(examples)
    while some := list(islice(waiting, _CHUNK)):
        if should_stop():
            return ()
        count += len(some)
        for example, row in zip(some, encode_rows(tokenizer, some, config), strict=True):
            if row.cut:
                read = sum(len(one.ids) for one in row.sequences)
                cut[example.row] = f"{read:,} of {read + row.cut:,} tokens are read"
                parts = len(row.sequences)
                longest = max(longest, row.longest + -(-row.cut // parts))
    found = _findings({}, cut, limit, longest, count, are_read_in_parts=bool(config.task.windows)) if count else ()
    return tuple(CutFinding(**vars(one), limit=limit, longest=longest) for one in found)


@dataclass
class _Seen:
    """What is told of rows that are too long, by number: those that lose their answer, and those that are cut."""

    lost: dict[int, str]
    cut: dict[int, str]
    longest: int = 0

    def take(self, examples: Sequence[Example], tokenizer: Tokenizer, limit: int) -> None:
        """Look at some more rows."""
        for example, row in zip(examples, tokenizer.encode_many(examples, max_tokens=UNLIMITED), strict=True):
            if row.longest <= limit:
                continue
            self.longest = max(self.longest, row.longest)
            # Of a source the farthest passages go first, and the answer stays.
            read = row if example.source is None else tokenizer.encode(example, max_tokens=limit)
            long = max(read.sequences, key=lambda one: len(one.ids))
            if row.is_learnable and not any(any(one.learned[:limit]) for one in read.sequences):
                begins = f"the answer begins at token {long.learned.index(True) + 1:,}" if any(long.learned) else ""
                self.lost[example.row] = f"{begins or 'the question fills it'}, the limit is {limit:,}"
            elif example.source is not None:
                self.cut[example.row] = f"the nearest {read.longest:,} of {row.longest:,} tokens are read"
            else:
                self.cut[example.row] = _read(long, limit)


def _findings(
    lost: dict[int, str], cut: dict[int, str], limit: int, longest: int, rows: int, *, are_read_in_parts: bool = False
) -> Iterator[Finding]:
    """The good news is told once, where every row fits."""
    fits = f"Every row fits into {limit:,} tokens" + (
        ", or is read in parts of that length" if are_read_in_parts else ""
    )
    raised = f"With a limit of {longest:,} tokens every row would fit."
    if lost:
        yield finding(
            "answer_cut", lost, "wrong",
            lambda n: counted(n, "1 row loses its whole answer", "{} rows lose their whole answer")
            + f": the text before it fills the limit of {limit:,} tokens",
            "", f"Nothing can be learned from such a row. Raise the limit, or shorten the texts. {raised}",
            fix=lambda numbers: delete_rows(numbers) if 2 * len(numbers) < rows else (),  # else the limit is wrong
            notes=lost,
        )  # fmt: skip
    if cut or not lost:
        yield finding(
            "cut", cut, "look",
            lambda n: counted(n, "1 row is", "{} rows are") + f" longer than {limit:,} tokens and cut",
            fits,
            f"What lies beyond the limit is not read. Raise the limit if the ends matter. {raised}",
            notes=cut,
        )  # fmt: skip


def _read(row: Encoded, limit: int) -> str:
    """How much of a row is read, and of its answer."""
    note = f"{limit:,} of {len(row.ids):,} tokens are read"
    answer = sum(row.learned)
    kept = sum(row.learned[:limit])
    return note + (f", {kept:,} of {answer:,} of the answer learned" if kept < answer else "")


def _surely_fits(example: Example, tokenizer: Tokenizer, room: int, around: dict[Shape, int]) -> bool:
    """Whether a row cannot be too long, told without encoding it: a token takes at least one byte of what is encoded.
    Where a tokenizer writes texts anew first, it leaves ASCII as long as it is, and of another character makes at most
    33 bytes (Unicode's NFKC form of U+FDFA). `around` keeps what a template writes, by the roles."""
    most = 1 if tokenizer.backend.normalizer is None else _MOST_BYTES
    length = 0
    for turn in example.turns:
        length += len(turn.text) + _SPARE
        if not turn.text.isascii():
            length += most * (len(turn.text.encode(errors="replace")) - len(turn.text))
        if length > room:
            return False
    if tokenizer.chat is None:
        return True
    shape = tuple((turn.role, turn.learned) for turn in example.turns)
    if shape not in around:
        texts = tokenizer.chat.texts([Turn(role, "x", learned) for role, learned in shape])
        around[shape] = max(len(tokenizer.chat.answered(turns)[0].encode()) for turns in texts)
    return length + around[shape] <= room
