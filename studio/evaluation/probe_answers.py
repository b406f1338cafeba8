"""A look at a model that writes answers: its error on all watching rows, and a few answers in full. (torch)

In: what is asked. Out: Probes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from studio.evaluation import squad
from studio.evaluation.asked import Asked
from studio.evaluation.baselines import some
from studio.evaluation.closeness import closeness
from studio.evaluation.questions import longest_answer, questions
from studio.generation.answer import complete
from studio.models.load import Model
from studio.tasks.example import Example
from studio.training.loss import mean_loss
from studio.training.probes import Probes

WRITTEN = 24, 6  # at most and at least so many watching questions are answered in full at each look
WRITTEN_TOKENS = 24 * 60  # fewer where their answers may be longer together
Measure = Callable[[str, Sequence[str]], float]  # an answer and its references


def probe_answers(asked: Asked) -> Probes:
    """The Probes of a run whose score is the mean chrF of a fixed choice of answers."""
    return _probes(asked, closeness)


def probe_read(asked: Asked) -> Probes:
    """The Probes of a run whose score is the mean F1 of a fixed choice of answers about texts."""
    nothing = asked.config.task.no_answer
    return _probes(asked, lambda answer, references: squad.f1(squad.told(answer, nothing), references))


def _probes(asked: Asked, measure: Measure) -> Probes:
    every = questions(asked.dataset.rows("watching"))
    chosen = [every[i] for i in some(len(every), seed=asked.config.training.seed, at_most=WRITTEN[0])]
    longest = longest_answer(chosen, asked.tokenizer, at_most=asked.config.generation.max_new_tokens)
    chosen = chosen[: max(WRITTEN[1], WRITTEN_TOKENS // longest)]

    def score(model: Model) -> tuple[float, float] | None:
        loss = mean_loss(
            model,
            asked.watching,
            pad_id=asked.tokenizer.pad_id,
            token_budget=asked.budget,
            should_stop=asked.should_stop,
        )
        if loss is None:
            return None
        written = _written(model, asked, [asked.task.asked(question.row) for question in chosen], longest)
        if len(written) < len(chosen):
            return None
        right = [measure(written[i].strip(), question.references) for i, question in enumerate(chosen)]
        return loss, sum(right) / len(right)

    def sample(model: Model) -> list[tuple[str, str, float | None]]:
        written = _written(model, asked, [asked.task.prompt(prompt) for prompt in asked.prompts], longest)
        return [(prompt, written[i], None) for i, prompt in enumerate(asked.prompts) if i in written]

    return Probes(score, sample)


def _written(model: Model, asked: Asked, examples: Sequence[Example], longest: int) -> dict[int, str]:
    """What the model writes to each prompt, by its place; when stopped, some are missing."""
    turns = [asked.tokenizer.fitted(example, asked.limit).turns for example in examples]
    answers = complete(model, asked.tokenizer, turns, max_new_tokens=longest, should_stop=asked.should_stop)
    return dict(answers)
