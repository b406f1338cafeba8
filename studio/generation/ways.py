"""How the rows of each goal are answered for a table. (torch)

In: Asking (a Model and everything it takes to ask it) and rows. Out: what is told of them first, then the cells of each
row; and the names of the columns that are added.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass

from studio.config.config import Config
from studio.config.goals import TaskKind
from studio.data.parts.dataset import Row
from studio.data.roles.several import joined
from studio.data.roles.target import ONE
from studio.events import Event, Warned
from studio.generation.answer import complete_ids
from studio.generation.find import find_scores
from studio.generation.forward import context_limit
from studio.generation.labels import label_shares, numbers
from studio.generation.naming import labels_of
from studio.generation.ranges import Scale, ends, given
from studio.generation.search import batch_vectors, read_passages
from studio.generation.spans import answered
from studio.generation.too_long import long_among, longer, told
from studio.models.load import Model
from studio.runs.calibration import Calibration
from studio.tasks.search import Search
from studio.tasks.task import Task
from studio.tokens.rows import encode_rows
from studio.tokens.tokenizer import Tokenizer
from studio.tokens.windows import fits

_QUERIES_AT_ONCE = 16

Cells = tuple[str, ...]
Step = Event | tuple[int, Cells]  # a notice, or the cells of a row (its place among the rows)


@dataclass(frozen=True)
class Asking:
    """A tuned model and everything it takes to ask it about rows; `config` has nothing left open."""

    model: Model
    tokenizer: Tokenizer
    task: Task
    config: Config
    calibration: Calibration
    should_stop: Callable[[], bool]

    @property
    def limit(self) -> int:
        """The length limit of training, in tokens."""
        assert self.config.task.max_tokens is not None
        return self.config.task.max_tokens

    def notices(self, rows: Sequence[Row]) -> Iterator[Event]:
        """What is told of rows that are too long to be read whole."""
        yield from told(long_among(self.tokenizer, map(self.task.asked, rows), self.config))


@dataclass(frozen=True)
class Way:
    """How the rows of a goal are answered: `names` of the columns that are added, given what was learned; after how
    many rows progress is told (a written answer takes about a second)."""

    answers: Callable[[Asking, Sequence[Row]], Iterator[Step]]
    names: Callable[[str, Model], Sequence[str]]
    say_every: int


def _labels(asking: Asking, rows: Sequence[Row]) -> Iterator[Step]:
    """The label and the share of the likeliest one; where a text can have several, those that reach their thresholds,
    and all shares."""
    yield from asking.notices(rows)
    model, sign = asking.model, asking.config.task.several or ONE
    for number, shares in enumerate(label_shares(model, asking.tokenizer, map(asking.task.asked, rows))):
        if asking.should_stop():
            return
        named = labels_of(model.labels, shares, asking.calibration)
        if sign == ONE:
            yield number, (*named, f"{max(shares):.3f}")
        else:
            cell = joined(sorted(named, key=model.labels.index), sign)
            yield number, (cell, *(f"{share:.3f}" for share in shares))


def _numbers(asking: Asking, rows: Sequence[Row]) -> Iterator[Step]:
    """The number, and the range that goes with it."""
    yield from asking.notices(rows)
    reach, known = asking.calibration.reach, asking.calibration.scale
    scale = Scale(*known) if known else None
    for number, value in enumerate(numbers(asking.model, asking.tokenizer, map(asking.task.asked, rows))):
        if asking.should_stop():
            return
        between = ("", "") if reach is None else (f"{end:.6g}" for end in ends(value, reach, scale))
        yield number, (f"{given(value, scale):.6g}", *between)


def _texts(asking: Asking, rows: Sequence[Row]) -> Iterator[Step]:
    """What is written; nothing for what fills all that the model can read."""
    model, tokenizer, short = asking.model, asking.tokenizer, 0
    turns = []
    for row in rows:
        example = tokenizer.fitted(asking.task.asked(row), asking.limit)
        short += example.source is not None and example.source.is_shortened
        turns.append(example.turns)
    if short:
        much = longer(short, len(rows), asking.limit)
        yield Warned(f"{much}, question included: the passages nearest to the question are read.", "Shorten them.")
    prompts, most = tokenizer.encode_prompts(turns), context_limit(model)
    full = sum(len(ids) >= most for ids in prompts)
    if full:
        much = longer(full, len(rows), most)
        yield Warned(f"{much}, too long for the model, and left without an answer.", "Shorten them.")
    length = asking.config.generation.max_new_tokens
    written = complete_ids(model, tokenizer, prompts, max_new_tokens=length, should_stop=asking.should_stop)
    for number, text in written:
        yield number, (text,)


def _pieces(asking: Asking, rows: Sequence[Row]) -> Iterator[Step]:
    """The piece of the text, where it begins, and how sure that is."""
    limit, bar = asking.limit, asking.config.task.no_answer_bar
    too_long = sum(not fits(asking.tokenizer, row.input, max_tokens=limit) for row in rows)
    if too_long:
        some = "1 question is" if too_long == 1 else f"{too_long:,} questions are"
        yield Warned(f"{some} too long to be read with a text, and left without an answer.", "Shorten them.")
    pairs = ((row.input, row.context) for row in rows)
    every = find_scores(asking.model, asking.tokenizer, pairs, max_tokens=limit, should_stop=asking.should_stop)
    for number, scores in enumerate(every):
        if scores is None:
            yield number, ("", "", "")
            continue
        said = answered(rows[number].context, scores, bar=bar)
        yield number, (said.answer, "" if said.is_none else str(said.start), f"{said.share:.3f}")


def search_way(asking: Asking, passages: Sequence[str]) -> Generator[Event, None, Way | None]:
    """How rows are answered by a search in `passages`, which are read first; None where it was stopped."""
    task, count = asking.task, asking.config.generation.passages
    assert isinstance(task, Search)
    library = yield from read_passages(
        asking.model, asking.tokenizer, task, passages, "Reading the passages",
        max_tokens=asking.limit, should_stop=asking.should_stop,
    )  # fmt: skip
    if library is None:
        return None
    yield from library.notices(asking.limit)

    def answers(asking: Asking, rows: Sequence[Row]) -> Iterator[Step]:
        yield from asking.notices(rows)
        for start in range(0, len(rows), _QUERIES_AT_ONCE):
            if asking.should_stop():
                return
            examples = [asking.task.asked(row) for row in rows[start : start + _QUERIES_AT_ONCE]]
            encoded = list(encode_rows(asking.tokenizer, examples, asking.config))
            for number, vector in enumerate(batch_vectors(asking.model, asking.tokenizer, encoded), start):
                hits = library.closest(vector, count)
                cells = [cell for hit in hits for cell in (hit.passage, f"{hit.likeness:.3f}")]
                yield number, (*cells, *[""] * (2 * (count - len(hits))))

    def names(target: str, _: Model) -> Sequence[str]:
        pairs = ((f"{target} {place}", f"{target} {place} (closeness)") for place in range(1, count + 1))
        return [name for pair in pairs for name in pair]

    return Way(answers, names, 32)


def _label_names(target: str, model: Model) -> Sequence[str]:
    what = target or "labels"
    if not model.config.task.has_several:
        return (f"{what} (predicted)", f"{what} (certainty)")
    return (f"{what} (predicted)", *(f"{label} (share)" for label in model.labels))


def _number_names(target: str, _: Model) -> Sequence[str]:
    return (f"{target} (predicted)", f"{target} (from)", f"{target} (to)")


WAYS: Mapping[TaskKind, Way] = {
    "classify": Way(_labels, _label_names, 32),
    "rate": Way(_numbers, _number_names, 32),
    "answer": Way(_texts, lambda target, _: (f"{target} (written)",), 1),
    "read": Way(_texts, lambda target, _: (f"{target} (written)",), 1),
    "continue": Way(_texts, lambda *_: ("continued",), 1),
    "pretrain": Way(_texts, lambda *_: ("continued",), 1),
    "prefer": Way(_texts, lambda target, _: (f"{target} (written)",), 1),
    "find": Way(_pieces, lambda target, _: (f"{target} (found)", f"{target} (found at)", f"{target} (certainty)"), 16),
}  # a search has its passages beside: search_way
