"""What a model that finds answers makes of questions and their texts. (torch)

In: questions with their texts, a Model and its Tokenizer. Out: Scored pieces of each text, in the questions' order.
Knows nothing of rows, runs or known answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from studio.generation.forward import asking
from studio.generation.spans import Floats, Scored, scored
from studio.models.device import at_once
from studio.models.load import Model
from studio.stopping import never
from studio.tokens.batches import micro_batches
from studio.tokens.collate import collate
from studio.tokens.tokenizer import Tokenizer
from studio.tokens.windows import Window, stride, windows

TOGETHER = 32  # questions whose windows are sorted by length together
TOKENS_AT_ONCE = 4096
Asked = tuple[str, str]  # a question and its text


def find_scores(
    model: Model,
    tokenizer: Tokenizer,
    asked: Iterable[Asked],
    *,
    max_tokens: int,
    should_stop: Callable[[], bool] = never,
) -> Iterator[Scored | None]:
    """For each question in order the scored pieces of its text, None where the question is too long to be read with
    it. Ends early when stopped."""
    waiting, most = iter(asked), at_once(TOKENS_AT_ONCE, model.device)
    while some := list(islice(waiting, TOGETHER)):
        every = [windows(tokenizer, question, text, max_tokens=max_tokens) for question, text in some]
        flat = [window for found in every for window in found]
        begins: dict[int, Floats] = {}
        ends: dict[int, Floats] = {}
        for places in micro_batches(range(len(flat)), [len(one.ids) for one in flat], token_budget=most):
            if should_stop():
                return
            for place, begin, end in _logits(model, tokenizer, flat, places):
                begins[place], ends[place] = begin, end
        at = 0
        for found in every:
            own = range(at, at + len(found))
            at += len(found)
            scores = [begins[place] for place in own], [ends[place] for place in own]
            yield scored(found, *scores, longest=stride(max_tokens)) if found else None


def _logits(
    model: Model, tokenizer: Tokenizer, flat: Sequence[Window], places: Sequence[int]
) -> Iterator[tuple[int, Floats, Floats]]:
    batch = collate([flat[place] for place in places], pad_id=tokenizer.pad_id, device=model.device)
    with asking(model):
        found = model.net(**batch.inputs)
        begins, ends = (logits.float().cpu().numpy() for logits in (found.start_logits, found.end_logits))
    for row, place in enumerate(places):
        yield place, begins[row], ends[row]
