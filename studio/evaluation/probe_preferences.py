"""A look at a model that learns what is better: how often the better answer has won more. (torch)

In: what is asked. Out: Probes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch

from studio.evaluation.asked import Asked
from studio.evaluation.preferences import Ranking, wins
from studio.evaluation.questions import longest_answer, questions
from studio.generation.answer import complete
from studio.models.load import Model
from studio.tokens import batches
from studio.tokens.collate import Batch, collate
from studio.tokens.encoded import Encoded
from studio.training.loss import number_format
from studio.training.objectives.preference import PreferenceLoss, preference_loss
from studio.training.probes import Probes


def probe_preferences(asked: Asked) -> Probes:
    """The Probes of a run whose score is the share of watching pairs in which the better answer has the higher reward;
    of answers with a verdict, of all pairs of a good and a bad one. A tie, as before the first step, is half won."""
    look = _Look(asked)
    asks = questions(asked.dataset.rows("watching"))
    longest = longest_answer(asks, asked.tokenizer, at_most=asked.config.generation.max_new_tokens)

    def sample(model: Model) -> list[tuple[str, str, float | None]]:
        turns = [asked.task.prompt(prompt).turns for prompt in asked.prompts]
        answers = complete(model, asked.tokenizer, turns, max_new_tokens=longest, should_stop=asked.should_stop)
        written = dict(answers)
        return [(prompt, written[place], None) for place, prompt in enumerate(asked.prompts) if place in written]

    return Probes(look.score, sample)


class _Look:
    """The watching rows, with what the untouched model finds of them: that is computed at the first look and kept."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.loss: PreferenceLoss | None = None
        self.rows: list[Encoded] = []
        self.parts: list[list[int]] = []

    def score(self, model: Model) -> tuple[float, float] | None:
        """The mean error and the share won; None when stopped."""
        if self.loss is None or self.loss.model is not model:
            self.loss = preference_loss(model, self.asked.watching)
            self.rows = [row for row in self.asked.watching if self.loss.weight(row) > 0]
            sizes = [row.size for row in self.rows]
            self.parts = batches.micro_batches(range(len(self.rows)), sizes, token_budget=self.asked.budget)
        total, rewards = 0.0, dict[int, list[float]]()
        with torch.no_grad(), number_format(model):
            self.loss.begin(lambda: self._batches(model))
            for places, batch in zip(self.parts, self._batches(model), strict=False):
                seen = self.loss.seen(batch)
                total += float(seen.errors.sum())
                for owner, reward in zip(batch.owner.tolist(), seen.rewards.tolist(), strict=True):
                    rewards.setdefault(places[owner], []).append(reward)
        if len(rewards) < len(self.rows):
            return None
        weight = sum(map(self.loss.weight, self.rows))
        return total / max(1.0, weight), _won([rewards[place] for place in range(len(self.rows))], self.rows)

    def _batches(self, model: Model) -> Iterator[Batch]:
        for places in self.parts:
            if self.asked.should_stop():
                return
            some = [self.rows[place] for place in places]
            yield collate(some, pad_id=self.asked.tokenizer.pad_id, device=model.device)


def _won(rewards: Sequence[Sequence[float]], rows: Sequence[Encoded]) -> float:
    if any(row.beside for row in rows):
        found = wins([one[0] for one in rewards], [one[1] for one in rewards])
        return sum(found) / len(found)
    marked = [(reward[0], bool(row.number)) for reward, row in zip(rewards, rows, strict=True)]
    good, bad = (tuple(reward for reward, is_good in marked if is_good == kind) for kind in (True, False))
    return Ranking(good, bad).auc
