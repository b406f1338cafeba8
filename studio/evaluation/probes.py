"""What training asks on the way: how well the watching rows go, and what the user's own prompts get. (torch)

In: the task, its watching rows and the user's prompts. Out: Probes for the loop. Cheap on purpose: labels of all
watching rows in one pass; the error on all of them, but only a few written answers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from studio.config.config import Config
from studio.data.parts.dataset import Dataset
from studio.evaluation.baselines import some
from studio.evaluation.closeness import closeness
from studio.evaluation.questions import Question, longest_answer, questions
from studio.generation.answer import complete
from studio.generation.labels import label_shares
from studio.models.load import Model
from studio.tasks.task import Task
from studio.tokens.encoded import Encoded
from studio.tokens.tokenizer import Tokenizer
from studio.training.loss import mean_loss
from studio.training.probes import Probes

WRITTEN = 24, 6  # at most and at least so many watching questions are answered in full at each look
WRITTEN_TOKENS = 24 * 60  # fewer where their answers may be longer together
_SMALLEST = 1e-12  # share below which an error is not told apart


def probes(
    task: Task,
    tokenizer: Tokenizer,
    dataset: Dataset,
    watching: Sequence[Encoded],
    config: Config,
    prompts: Sequence[str],
    should_stop: Callable[[], bool],
) -> Probes:
    """The Probes of a run; `watching` are the encoded watching rows, in the dataset's order. The score is the share of
    right labels, or the mean chrF of a fixed choice of answers; both in 0..1."""
    limit = config.task.max_tokens
    assert limit is not None
    if task.kind == "classify":
        texts = [row.input for row in dataset.rows("watching")]
        truth = [row.label for row in watching]
        return Probes(
            lambda model: _score_labels(model, tokenizer, texts, truth, limit, should_stop),
            lambda model: _sample_labels(model, tokenizer, prompts, limit),
        )
    asked = questions(dataset.rows("watching"))
    chosen = [asked[i] for i in some(len(asked), seed=config.training.seed, at_most=WRITTEN[0])]
    longest = longest_answer(chosen, tokenizer, at_most=config.generation.max_new_tokens)
    chosen = chosen[: max(WRITTEN[1], WRITTEN_TOKENS // longest)]
    budget = config.training.token_budget
    assert budget is not None

    def score(model: Model) -> tuple[float, float] | None:
        loss = mean_loss(model, watching, pad_id=tokenizer.pad_id, token_budget=budget, should_stop=should_stop)
        closest = None if loss is None else _score_answers(model, tokenizer, task, chosen, longest, should_stop)
        return None if loss is None or closest is None else (loss, closest)

    return Probes(score, lambda model: _sample_answers(model, tokenizer, task, prompts, longest, should_stop))


def _score_labels(
    model: Model,
    tokenizer: Tokenizer,
    texts: Sequence[str],
    truth: Sequence[int],
    limit: int,
    should_stop: Callable[[], bool],
) -> tuple[float, float] | None:
    errors, right = 0.0, 0
    for true, shares in zip(truth, label_shares(model, tokenizer, texts, max_tokens=limit), strict=True):
        if should_stop():
            return None
        share = shares[true] if true >= 0 else 0.0  # a label that training does not know can only be missed
        errors -= math.log(max(share, _SMALLEST))
        right += share == max(shares)
    return errors / len(texts), right / len(texts)


def _sample_labels(
    model: Model, tokenizer: Tokenizer, prompts: Sequence[str], limit: int
) -> list[tuple[str, str, float | None]]:
    found = zip(prompts, label_shares(model, tokenizer, prompts, max_tokens=limit), strict=True)
    return [(prompt, model.labels[shares.index(max(shares))], max(shares)) for prompt, shares in found]


def _score_answers(
    model: Model,
    tokenizer: Tokenizer,
    task: Task,
    asked: Sequence[Question],
    longest: int,
    should_stop: Callable[[], bool],
) -> float | None:
    turns = [task.asked(question.row).turns for question in asked]
    written = dict(complete(model, tokenizer, turns, max_new_tokens=longest, should_stop=should_stop))
    if len(written) < len(asked):
        return None
    return sum(closeness(written[i], question.references) for i, question in enumerate(asked)) / len(asked)


def _sample_answers(
    model: Model,
    tokenizer: Tokenizer,
    task: Task,
    prompts: Sequence[str],
    longest: int,
    should_stop: Callable[[], bool],
) -> list[tuple[str, str, float | None]]:
    turns = [task.prompt(prompt).turns for prompt in prompts]
    written = dict(complete(model, tokenizer, turns, max_new_tokens=longest, should_stop=should_stop))
    return [(prompt, written[i], None) for i, prompt in enumerate(prompts) if i in written]
