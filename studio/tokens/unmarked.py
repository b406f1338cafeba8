"""Rows from which nothing can be learned where answers are found in texts.

In: Examples, a Tokenizer, the limit. Out: Findings for the check-up, as those of cuts.py. A long text is read in
windows, so that no row is cut; but an answer has to fit, and the question has to leave room for its text. Knows no
torch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from studio.counting import counted
from studio.data.checkup.finding import Finding, delete_rows, finding
from studio.stopping import never
from studio.tasks.example import Example
from studio.tokens.cuts import CutFinding
from studio.tokens.tokenizer import Tokenizer
from studio.tokens.windows import encode_marked, fits, stride

_AT_ONCE = 200  # rows between two questions whether to stop


def unmarked_findings(
    examples: Iterable[Example], tokenizer: Tokenizer, max_tokens: int, *, should_stop: Callable[[], bool] = never
) -> tuple[Finding, ...]:
    """Rows whose answer is longer than can be named at this limit, or whose question leaves too little room. Nothing
    where there are no rows, or after a stop."""
    lost: dict[int, str] = {}
    count, waiting = 0, iter(examples)
    while some := list(islice(waiting, _AT_ONCE)):
        if should_stop():
            return ()
        count += len(some)
        for example, row in zip(some, encode_marked(tokenizer, some, max_tokens=max_tokens), strict=True):
            if not any(row.learned):
                has_room = fits(tokenizer, example.turns[-2].text, max_tokens=max_tokens)
                longest = f"the answer is longer than {stride(max_tokens):,} tokens"
                lost[example.row] = longest if has_room else "the question leaves too little room for the text"
    found = _findings(lost, max_tokens) if count else ()
    return tuple(CutFinding(**vars(one), limit=max_tokens) for one in found)


def _findings(lost: dict[int, str], limit: int) -> Iterator[Finding]:
    yield finding(
        "answer_cut", lost, "wrong",
        lambda n: counted(n, "1 row teaches nothing: its", "{} rows teach nothing: their")
        + f" answer or question is too long for windows of {limit:,} tokens",
        f"Every answer and question fits into windows of {limit:,} tokens",
        f"An answer may have a third of that, {stride(limit):,} tokens. Raise the limit, or shorten the answers.",
        fix=delete_rows, notes=lost,
    )  # fmt: skip
