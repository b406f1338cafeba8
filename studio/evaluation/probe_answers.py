"""A look at a model that writes answers: its error on all watching rows, and a few answers in full. (torch)

In: what is asked. Out: Probes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from studio.evaluation.asked import Asked
from studio.evaluation.baselines import some
from studio.evaluation.closeness import closeness
from studio.evaluation.questions import Question, longest_answer, questions
from studio.generation.answer import complete
from studio.models.load import Model
from studio.tasks.task import Task
from studio.tokens.tokenizer import Tokenizer
from studio.training.loss import mean_loss
from studio.training.probes import Probes

WRITTEN = 24, 6  # at most and at least so many watching questions are answered in full at each look
WRITTEN_TOKENS = 24 * 60  # fewer where their answers may be longer together


def probe_answers(asked: Asked) -> Probes:
    """The Probes of a run whose score is the mean chrF of a fixed choice of answers."""
    task, tokenizer, config, should_stop = asked.task, asked.tokenizer, asked.config, asked.should_stop
    every = questions(asked.dataset.rows("watching"))
    chosen = [every[i] for i in some(len(every), seed=config.training.seed, at_most=WRITTEN[0])]
    longest = longest_answer(chosen, tokenizer, at_most=config.generation.max_new_tokens)
    chosen = chosen[: max(WRITTEN[1], WRITTEN_TOKENS // longest)]

    def score(model: Model) -> tuple[float, float] | None:
        loss = mean_loss(
            model, asked.watching, pad_id=tokenizer.pad_id, token_budget=asked.budget, should_stop=should_stop
        )
        closest = None if loss is None else _score_answers(model, tokenizer, task, chosen, longest, should_stop)
        return None if loss is None or closest is None else (loss, closest)

    return Probes(score, lambda model: _sample_answers(model, tokenizer, task, asked.prompts, longest, should_stop))


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
