"""A part of a Dataset as token ids, and what becomes of rows that do not fit.

In: a Task, a Tokenizer, a Dataset and the length limit. Out: Encoded rows; Warned events for cut and skipped ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from studio.config.config import Config
from studio.config.goals import GOALS
from studio.config.passes import reads_unlabelled
from studio.data.parts.dataset import Dataset, Row, rows_at
from studio.data.parts.unlabelled import unlabelled
from studio.data.reading.given_parts import Part
from studio.events import Event, Noted, Warned
from studio.models import catalog, choosing, suited
from studio.models.gate import ModelFacts
from studio.problems import Problem, Where
from studio.tasks.example import Example
from studio.tasks.task import Task, Together, examples_of
from studio.tokens.encoded import Encoded
from studio.tokens.pieces import pieces
from studio.tokens.texts import MOST_WINDOWS, encode_for_head
from studio.tokens.tokenizer import Tokenizer
from studio.tokens.windows import encode_marked, stride


def encode_part(task: Task, tokenizer: Tokenizer, dataset: Dataset, part: Part, config: Config) -> list[Encoded]:
    """One part's rows as tokens, within the length limit; whole texts in pieces of that length."""
    if GOALS[config.task.kind].whole_text:
        return list(encode_texts(task, tokenizer, dataset.texts(part), config))
    return list(encode_rows(tokenizer, examples_of(task, dataset.rows(part)), config, labels=dataset.labels))


def encode_unlabelled(task: Task, tokenizer: Tokenizer, dataset: Dataset, config: Config) -> list[Encoded]:
    """The rows without a label that are read beside those with one; none where the Config does not use them."""
    if not reads_unlabelled(config):
        return []
    return list(encode_rows(tokenizer, map(task.asked, unlabelled(dataset)), config))


def told_unlabelled(others: Sequence[Encoded]) -> Iterator[Event]:
    """Say that rows which are left out for want of a label are read all the same; nothing where there are none."""
    if others:
        yield Noted(f"{len(others):,} rows without a label are read beside those that have one.")


def encode_rows(
    tokenizer: Tokenizer,
    examples: Iterable[Example],
    config: Config,
    *,
    labels: Sequence[str] = (),
    max_tokens: int | None = None,
) -> Iterator[Encoded]:
    """Examples as the goal of `config` learns them, in order: what is learned, measured and shown comes from here. The
    length limit is that of `config`, or `max_tokens` in its place; `labels` are those of a model that has some."""
    limit, head = max_tokens or config.task.max_tokens, GOALS[config.task.kind].head
    assert limit is not None
    if head == "span":
        return encode_marked(tokenizer, examples, max_tokens=limit)
    if head in ("labels", "number"):
        return encode_for_head(
            tokenizer,
            examples,
            max_tokens=limit,
            labels=labels,
            most_windows=MOST_WINDOWS if config.task.windows else 1,
        )
    return tokenizer.encode_many(examples, max_tokens=limit)


def encode_texts(task: Task, tokenizer: Tokenizer, texts: Iterable[Row], config: Config) -> Iterator[Encoded]:
    """Whole texts in pieces of the length limit, of which no token is lost."""
    limit = config.task.max_tokens
    assert limit is not None
    for row in texts:
        ids = tokenizer.text_ids(task.example(row).turns[0].text)
        yield from pieces(row.number, ids, opening=tokenizer.opening, end=tokenizer.text_end, max_tokens=limit)


def untaught(task: Task, dataset: Dataset) -> Iterator[Event]:
    """Say which training rows are in nothing that is learned."""
    if isinstance(task, Together):
        yield from task.untaught(dataset.rows("training"))


def check_words(rows: Sequence[Encoded], model: ModelFacts) -> None:
    """Raises a Problem where a row has a token for which the model has no vector: its tokenizer is another one's."""
    highest = max((max(one.ids, default=0) for row in rows for one in row.sequences), default=0)
    if model.vocabulary and highest >= model.vocabulary:
        raise Problem(
            "This model folder is damaged.",
            f"Its tokenizer gives token number {highest:,}; the model knows {model.vocabulary:,} tokens.",
            "Get the model again, or choose another one.",
            Where(str(model.folder)),
        )


def leave_out_unlearnable(rows: list[Encoded], config: Config, model: ModelFacts) -> Iterator[Event]:
    """Say how many texts are cut, and take out of `rows` those of whose answer nothing remains. Raises a Problem where
    that would be all of them. The advice is to raise the limit only where `model` reads more."""
    limit, more = config.task.max_tokens, _more_room(config, model)
    cut = sum(any(one.cut for one in row.sequences) for row in rows)
    several = sum(bool(row.beside) for row in rows)
    if several and GOALS[config.task.kind].head in ("labels", "number"):
        yield Noted(
            f"{several:,} of {len(rows):,} texts are longer than {limit} tokens: they are read in parts, and what the "
            "parts say is averaged."
        )
    if cut and "context" not in GOALS[config.task.kind].roles:  # see shortened_texts
        yield Warned(
            f"{cut:,} of {len(rows):,} texts are longer than {limit} tokens and are cut.",
            f"{more} if their ends matter.",
        )
    if GOALS[config.task.kind].head == "span":
        yield from _leave_out_unmarked(rows, limit, more)
        return
    if GOALS[config.task.kind].head != "words":
        return
    needs_all = GOALS[config.task.kind].compares
    silent = [row for row in rows if not _teaches(row, needs_all)]
    if len(silent) == len(rows):
        raise Problem(
            "Nothing would be learned.",
            f"Every text to read fills the whole limit of {limit} tokens, so that no answer remains.",
            f"{more}, or shorten the texts.",
        )
    if silent:
        rows[:] = [row for row in rows if _teaches(row, needs_all)]
        yield Warned(
            f"{len(silent):,} rows are skipped: their text alone fills the limit of {limit} tokens.",
            f"{more} to learn from them.",
        )


def shortened_texts(
    task: Task, tokenizer: Tokenizer, dataset: Dataset, rows: Sequence[Encoded], config: Config, model: ModelFacts
) -> Iterator[Event]:
    """Say of how many of the training `rows` only some passages of the text are read, and how often the answer stood
    elsewhere; nothing for a goal without texts of that kind."""
    limit = config.task.max_tokens
    assert limit is not None
    if not rows or not GOALS[config.task.kind].writes or "context" not in GOALS[config.task.kind].roles:
        return
    short = [row.row for row in rows if row.cut]
    if not short:
        return
    lost = 0
    for row in rows_at(dataset.table, dataset.columns, sorted(short)):
        example = task.example(row)
        turn = example.source.turn if example.source is not None else 0
        answer = row.target.strip().casefold()
        had, has = (one.turns[turn].text.casefold() for one in (example, tokenizer.fitted(example, limit)))
        lost += bool(answer) and answer in had and answer not in has
    told = f" In {lost:,} of them the answer stands in another passage, and the row teaches to guess." if lost else ""
    yield Warned(
        f"{len(short):,} of {len(rows):,} rows are longer than {limit} tokens: of their texts the passages nearest to "
        f"the question are read.{told}",
        f"{_more_room(config, model)} if it matters.",
    )


def _more_room(config: Config, model: ModelFacts) -> str:
    """What lets more of a text be read: a higher limit, or, where the model reads no more, another model."""
    if (config.task.max_tokens or 0) < model.context:
        return "Raise the length limit"
    spoken = catalog.languages_of(model.folder)
    other = choosing.reads_more(config.task.kind, catalog.catalog(), model.context, spoken)
    name = suited.title_of(model.folder)
    if other is None:
        return f"{name} reads no more than that: divide the texts into shorter ones"
    return f"{name} reads no more than that: choose a model that does, such as {other.title} ({other.context:,} tokens)"


def _teaches(row: Encoded, needs_all: bool) -> bool:
    """Whether anything of it is learned; where answers are compared, something of each has to be."""
    return all(any(one.learned) for one in row.sequences) if needs_all else row.is_learnable


def _leave_out_unmarked(rows: list[Encoded], limit: int | None, more: str) -> Iterator[Event]:
    """Say how many texts are read in windows, and take out the rows that teach nothing."""
    assert limit is not None
    several = sum(bool(row.beside) for row in rows)
    if several:
        yield Noted(
            f"{several:,} of {len(rows):,} texts are longer than {limit} tokens with their question: they are read in "
            f"windows that share {stride(limit)} tokens, so that nothing is cut."
        )
    silent = [row for row in rows if not any(row.learned)]
    longest = f"longer than {stride(limit)} tokens, a third of the limit"
    if len(silent) == len(rows):
        raise Problem(
            "Nothing would be learned.",
            f"In every row the answer is {longest}, or the question fills the window.",
            f"{more}, or choose shorter answers.",
        )
    if silent:
        rows[:] = [row for row in rows if any(row.learned)]
        count = "1 row is" if len(silent) == 1 else f"{len(silent):,} rows are"
        yield Warned(
            f"{count} skipped: the answer is {longest}, or the question leaves too little room for the text.",
            f"{more} to learn from them, or shorten the answers.",
        )
