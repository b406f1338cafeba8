"""What training asks on the way where whole texts are learned. (torch)

In: the watching texts in pieces and the user's own beginnings. Out: Probes: the surprise of a token, the share of
tokens that were foretold, and how the model goes on with each beginning.
"""

from __future__ import annotations

from collections.abc import Sequence

from studio.evaluation.asked import Asked
from studio.evaluation.foretell import foretell, mean_foretold
from studio.generation.answer import generate
from studio.models.load import Model
from studio.tokens.encoded import Encoded
from studio.training.probes import Probes

_OPERATIONS = 4e12  # for one look on a processor: about a minute; a card has fifty times as many
_ON_CARD = 50
_WRITTEN = 48  # tokens that go on with a beginning


def probe_texts(asked: Asked) -> Probes:
    """The Probes of a run. Where the pieces of the watching texts are many for the model's size, every so many of them
    are measured, the same at each look."""
    seed = asked.config.generation.seed or 0
    generation = asked.config.generation.model_copy(update={"max_new_tokens": _WRITTEN, "seed": seed})

    def score(model: Model) -> tuple[float, float] | None:
        found = foretell(
            model,
            measured(asked.watching, model),
            pad_id=asked.tokenizer.pad_id,
            token_budget=asked.budget,
            should_stop=asked.should_stop,
        )
        return None if found is None else mean_foretold(found)

    def sample(model: Model) -> list[tuple[str, str, float | None]]:
        said: list[tuple[str, str, float | None]] = []
        for prompt in asked.prompts:
            turns = asked.task.prompt(prompt).turns
            pieces = generate(model, asked.tokenizer, turns, generation, should_stop=asked.should_stop)
            said.append((prompt, "".join(piece.text for piece in pieces), None))
        return said

    return Probes(score, sample)


def measured(rows: Sequence[Encoded], model: Model) -> Sequence[Encoded]:
    """The rows that are measured at a look: all, or evenly as many as so much computing allows."""
    tokens = sum(len(row.ids) for row in rows)
    return rows[:: max(1, -(-tokens // tokens_allowed(model)))]


def tokens_allowed(model: Model) -> int:
    """How many tokens a model of this size reads at a look; two operations a token for each weight."""
    operations = _OPERATIONS * (_ON_CARD if model.device.type != "cpu" else 1)
    return max(1, int(operations / (2 * max(1, model.parameters))))
