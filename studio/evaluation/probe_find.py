"""What training asks a model on the way that finds answers: how the watching questions go, and where the bar for “no
answer” lies best. (torch)

In: the watching rows and the user's own prompts. Out: Probes for the loop.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from studio.config.automatic import Automatic
from studio.counting import rounded
from studio.evaluation import squad
from studio.evaluation.asked import Asked
from studio.evaluation.baselines import some
from studio.evaluation.marked import Marked, marked_questions
from studio.generation.find import find_scores
from studio.generation.spans import answered, best_bar
from studio.models.load import Model
from studio.tokens.tokenizer import Tokenizer
from studio.training.loss import mean_loss
from studio.training.probes import Probes

MOST_ASKED = 200  # watching questions answered at each look
BAR = "task.no_answer_bar"


def probe_find(asked: Asked) -> Probes:
    """The Probes of a run that finds answers; the score is the mean F1 of a fixed choice of questions, at the bar that
    suits them best."""
    task, tokenizer, dataset, config = asked.task, asked.tokenizer, asked.dataset, asked.config
    every = marked_questions(dataset.rows("watching"))
    chosen = [every[place] for place in some(len(every), seed=config.training.seed, at_most=MOST_ASKED)]
    has_none = any(not row.target.strip() for row in dataset.rows("training"))
    bar = _Bar(config.task.no_answer_bar, has_none)

    def score(model: Model) -> tuple[float, float] | None:
        loss = mean_loss(
            model, asked.watching, pad_id=tokenizer.pad_id, token_budget=asked.budget, should_stop=asked.should_stop
        )
        if loss is None:
            return None
        f1 = bar.choose(model, tokenizer, chosen, asked.limit, asked.should_stop)
        return None if f1 is None else (loss, f1)

    def sample(model: Model) -> list[tuple[str, str, float | None]]:
        pairs = [(turns[0].text, turns[1].text) for turns in (task.prompt(text).turns for text in asked.prompts)]
        every_score = find_scores(model, tokenizer, pairs, max_tokens=asked.limit)
        found = []
        for prompt, pair, scores in zip(asked.prompts, pairs, every_score, strict=True):
            said = None if scores is None else answered(pair[1], scores, bar=bar.bar)
            answer = "(the question is too long)" if said is None else said.answer or "(no answer)"
            found.append((prompt, answer, None if said is None else said.share))
        return found

    return Probes(score, sample, bar.settled)


class _Bar:
    """The bar for “no answer”: the user's own, else the one that suits the watching questions at each look; None where
    no row without an answer was learned, so that it cannot be told."""

    def __init__(self, own: float | None, has_none: bool) -> None:
        self.own, self.has_none = own, has_none
        self.bar = own
        self._reason = ""

    def choose(
        self,
        model: Model,
        tokenizer: Tokenizer,
        asked: Sequence[Marked],
        limit: int,
        should_stop: Callable[[], bool],
    ) -> float | None:
        """Answer the questions, choose the bar, and give the mean F1 at it; None when stopped."""
        pairs = [one.asked for one in asked]
        scores = list(find_scores(model, tokenizer, pairs, max_tokens=limit, should_stop=should_stop))
        if len(scores) < len(asked):
            return None
        known = [(one, found) for one, found in zip(asked, scores, strict=True) if found is not None]
        pieces = [squad.f1(answered(one.text, found, bar=None).answer, one.answers) for one, found in known]
        nones = [squad.f1("", one.answers) for one, _ in known]
        margins = [found.margin for _, found in known]
        if self.own is None and self.has_none and known:
            if any(nones):
                self.bar, _ = best_bar(margins, pieces, nones)
                self._reason = (
                    f"“no answer” is given where it is more than {rounded(self.bar)} points ahead of the best place, "
                    "which comes out best on the watching rows"
                )
            else:
                self.bar, self._reason = 0.0, "no watching question is without an answer, so the bar stays at nought"
        says_none = [self.bar is not None and margin > self.bar for margin in margins]
        right = sum(none if said else piece for said, none, piece in zip(says_none, nones, pieces, strict=True))
        return right / max(1, len(asked))

    def settled(self) -> Mapping[str, Automatic]:
        """What the last look decided."""
        return {} if self.own is not None or self.bar is None else {BAR: Automatic(self.bar, self._reason)}
