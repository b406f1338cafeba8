"""What "automatic" means here and now: a value and its reason for every setting left open.

In: a Config and Facts about the rows, the model and the machine. Out: {path: Automatic}, and a Config with nothing
left open. The same function serves the form (value and reason beside the field) and the run (what is recorded).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from studio.config.config import Config
from studio.config.edit import change, value
from studio.config.goals import GOALS, Head
from studio.config.pairing import Pairing
from studio.config.passes import readings, sets_back
from studio.config.sizes import size_for, vocabulary_for


@dataclass(frozen=True)
class Facts:
    """What automatic values depend on. `rows` are training rows; token counts are per row, template included;
    `parameters` of the base model; `none_label` is the label for texts that belong to none; memory in bytes. Where
    whole texts are learned, rows are the pieces that they are learned in, and `characters` are those of all training
    texts; a piece of a word holds `per_piece` of them (0 = not measured). What rows to search tell (`pairing`), and
    which prefixes the base model was made with, from which `prefix_source`. `several` is what stands between several
    labels of a cell ("one" where each text has one), the numbers are those of the training rows.
    `is_pair` where two texts are read beside each other; `unlabelled` are the rows with a text and no label."""

    rows: int
    median_tokens: int
    longest_tokens: int
    tokens_95: int
    labels: int
    parameters: int
    model_limit: int
    memory: int
    has_gpu: bool
    none_label: str = ""
    characters: int = 0
    per_piece: float = 0.0
    pairing: Pairing = "passages"
    query_prefix: str = ""
    passage_prefix: str = ""
    prefix_source: str = ""
    several: str = "one"
    number_mean: float = 0.0
    number_spread: float = 1.0
    is_pair: bool = False
    unlabelled: int = 0


@dataclass(frozen=True)
class Automatic:
    """A value chosen by the program, and why, in one short phrase."""

    value: Any
    reason: str


def automatic(config: Config, facts: Facts) -> dict[str, Automatic]:
    """Every open setting's value and reason, except a precision that a trial run decides after loading."""
    return _chosen(_RULES, config, facts)


def shape(config: Config, characters: int, *, has_gpu: bool, per_piece: float = 0.0) -> dict[str, Automatic]:
    """What of a model from nothing is left open, by how many characters it learns from and how many of them a piece of
    a word would hold (0 = not measured): known before anything else."""
    facts = Facts(
        rows=1, median_tokens=1, longest_tokens=1, tokens_95=1, labels=0, parameters=1, model_limit=1, memory=0,
        has_gpu=has_gpu, characters=characters, per_piece=per_piece,
    )  # fmt: skip
    return _chosen(("model.size", "model.units", "model.vocabulary"), config, facts)


def _chosen(paths: Iterable[str], config: Config, facts: Facts) -> dict[str, Automatic]:
    """What is chosen for those of the `paths` that are open, each in knowledge of what was chosen before it."""
    found: dict[str, Automatic] = {}
    for path in paths:
        chosen = _RULES[path](config, facts) if value(config, path) is None else None
        if chosen is not None:
            found[path] = chosen
            config = change(config, path, chosen.value)
    return found


def may_be_automatic(path: str) -> bool:
    """Whether leaving the setting open lets the program choose; otherwise open means none."""
    return path in _RULES


def resolved(config: Config, found: dict[str, Automatic]) -> Config:
    """The Config with the automatic values filled in."""
    for path, chosen in found.items():
        config = change(config, path, chosen.value)
    return config


def _pairing(config: Config, facts: Facts) -> Automatic | None:
    reasons: dict[Pairing, str] = {
        "passages": "nothing marks a passage as wrong",
        "candidates": f"“{config.data.score}” is 1 or 0, for several passages of a query",
        "scores": f"“{config.data.score}” is a number for each pair",
    }
    return Automatic(facts.pairing, reasons[facts.pairing]) if GOALS[config.task.kind].head == "vector" else None


def _query_prefix(config: Config, facts: Facts) -> Automatic | None:
    why = facts.prefix_source or "this model is not known to want any"
    return Automatic(facts.query_prefix, why) if GOALS[config.task.kind].head == "vector" else None


def _passage_prefix(config: Config, facts: Facts) -> Automatic | None:
    why = facts.prefix_source or "this model is not known to want any"
    return Automatic(facts.passage_prefix, why) if GOALS[config.task.kind].head == "vector" else None


def _method(config: Config, facts: Facts) -> Automatic:
    if GOALS[config.task.kind].from_nothing:
        return Automatic("full", "a model from nothing has everything to learn")
    if GOALS[config.task.kind].head != "words":
        return Automatic("full", "the model is small enough to train whole")
    return Automatic("lora", "learns well from few rows, and the untouched model stays beside it")


_FEW_A_LABEL = 30  # up to here pairs teach more than labels do (measured on 77 labels)


def _approach(config: Config, facts: Facts) -> Automatic:
    if not GOALS[config.task.kind].has_labels:
        return Automatic("direct", "there are no labels to compare")
    if config.training.preset == "quick":
        return Automatic("frozen", "the shortest way: the model stays as it came")
    if config.task.has_several:
        return Automatic("direct", "a text can have several labels: each is learned by itself")
    each = _rows_a_label(facts)
    told = "about one row" if each < 1.5 else f"about {each:,.0f} rows"
    if each <= _FEW_A_LABEL:
        return Automatic("contrastive", f"{told} a label: learns from pairs first")
    return Automatic("direct", f"{told} a label: each text teaches its label")


# Fewer tell little: beside 770 labelled rows, 4,283 others gave 0.9 points, 1,000 none (three draws of banking77).
UNLABELLED_TIMES = 3


def _use_unlabelled(config: Config, facts: Facts) -> Automatic:
    if not GOALS[config.task.kind].has_labels or config.task.several != "one":
        return Automatic(False, "only where each text has one label")
    if config.training.approach == "direct":
        return Automatic(False, "there are labelled rows enough to teach the whole model")
    if facts.unlabelled < UNLABELLED_TIMES * facts.rows:
        return Automatic(False, f"fewer than {UNLABELLED_TIMES} rows without a label for each row with one")
    return Automatic(True, f"{facts.unlabelled:,} rows without a label show what the texts are like")


def _unsure_below(config: Config, facts: Facts) -> Automatic | None:
    """Open where a label means none of these: then the watching rows with it tell, once the model is trained."""
    if GOALS[config.task.kind].has_labels and config.task.several == "one" and facts.none_label:
        return None
    return Automatic(0.0, "every text gets its likeliest label")


def _rows_a_label(facts: Facts) -> float:
    return facts.rows / max(1, facts.labels)


def _learn_label_names(config: Config, facts: Facts) -> Automatic:
    # 10 rows of each of 77 labels, the untouched MiniLM with a fitted last layer: 84.8 % without, 85.1 % with them.
    if not GOALS[config.task.kind].has_labels:
        return Automatic(False, "there are no labels")
    if config.task.has_several:
        return Automatic(False, "a text can have several labels, and a name is no text about one of them")
    if _rows_a_label(facts) <= _FEW_A_LABEL:
        return Automatic(True, "with few rows a label's name is one more text of it")
    return Automatic(False, "there are rows enough")


def _train_word_vectors(config: Config, facts: Facts) -> Automatic:
    # Kumar et al. 2022, "How to Fine-Tune Vision Models with SGD": AdamW moves the first layer too far. Measured on 77
    # labels and 8,980 rows with MiniLM, two rounds: 93.8 % with the table as it was, 93.3 % with all weights trained.
    if GOALS[config.task.kind].head != "words" or config.model.method == "lora":
        return Automatic(False, "words that are rare in your rows keep their meaning, and it is faster")
    return Automatic(True, "the layer that writes words shares them")


def _learning_layers(config: Config, facts: Facts) -> Automatic | None:
    # 10 rows of each of 77 labels, MiniLM, 3,000 held-out rows, one draw: 84.1 % before, 85.2 % with all layers, 85.9 %
    # with the upper half, in half the time. After Lee et al. 2019, "What Would Elsa Do? Freezing Layers During
    # Transformer Fine-Tuning".
    if config.training.approach == "contrastive" and config.model.method == "full":
        return Automatic("upper", "few rows: the lower half keeps what it knows of language, and it is faster")
    return Automatic("all", "there are rows enough")


_LIMITS: dict[Head, tuple[int, int]] = {
    "labels": (256, 512), "number": (256, 512), "span": (384, 512), "vector": (256, 512), "words": (1024, 2048),
}  # fmt: skip


def _max_tokens(config: Config, facts: Facts) -> Automatic:
    """Not the longest row itself: later texts may be longer, and a limit that is not reached costs nothing."""
    if GOALS[config.task.kind].whole_text:
        most = min(facts.model_limit, 1024 if facts.has_gpu else 512)
        return Automatic(most, "longer texts are learned in pieces of this length; nothing of them is lost")
    limits = [min(facts.model_limit, limit) for limit in _LIMITS[GOALS[config.task.kind].head]]
    for limit in limits:
        if facts.longest_tokens <= limit:
            return Automatic(limit, "every row fits whole")
        if GOALS[config.task.kind].head == "span":
            return Automatic(limit, "longer texts are read in windows of this length; nothing of them is lost")
        if facts.tokens_95 <= limit:
            has_head = GOALS[config.task.kind].head in ("labels", "number")
            in_parts = has_head and not facts.is_pair and config.task.windows is not False
            return Automatic(limit, f"fits most rows; longer ones are {'read in parts' if in_parts else 'cut'}")
    reads_more = facts.model_limit > limits[-1]
    return Automatic(limits[-1], "longer texts take long to learn" if reads_more else "all that the model can read")


_LEAST_STEP, _MOST_STEP = 512, 8192  # tokens of a step where whole texts are learned
_STEPS_A_ROUND = {False: 50, True: 200}  # at least, within these bounds; from nothing there is more to learn
_ROWS_PER_STEP: dict[Head, int] = {"labels": 32, "number": 32, "span": 16, "vector": 64, "words": 16}


_FEWEST_RIVALS = 32  # rows of a step whose passages are rivals; 8 of them teach little more than what is known
_PAIRED_ROWS = 64  # of a step: their pairs are many more


def _rows_per_step(config: Config, facts: Facts) -> Automatic:
    if config.training.approach == "contrastive":
        return Automatic(_PAIRED_ROWS, "each text is compared with all others of its step")
    if GOALS[config.task.kind].whole_text:
        return _pieces_per_step(config, facts)
    wanted = _ROWS_PER_STEP[GOALS[config.task.kind].head]
    small = 2 ** max(2, int(math.log2(max(1, facts.rows) / 12)))
    if GOALS[config.task.kind].head == "vector" and config.task.pairing != "scores" and small < _FEWEST_RIVALS:
        return Automatic(_FEWEST_RIVALS, "each passage has to be told from the others of its step")
    if small < wanted:
        return Automatic(small, f"few rows ({facts.rows:,}): smaller steps learn more from each")
    return Automatic(wanted, "a good balance for this goal")


def _pieces_per_step(config: Config, facts: Facts) -> Automatic:
    """By tokens, because texts differ so much in length: a small part of the whole, within bounds."""
    whole = facts.rows * max(1, facts.median_tokens)
    parts = _STEPS_A_ROUND[GOALS[config.task.kind].from_nothing]
    tokens = 2 ** int(math.log2(min(_MOST_STEP, max(_LEAST_STEP, whole / parts))))
    return Automatic(
        max(1, round(tokens / max(1, facts.median_tokens))),
        f"together about {tokens:,} of the {whole:,} tokens to learn from",
    )


_EPOCHS: dict[Head, dict[str, float]] = {
    "labels": {"quick": 2.0, "balanced": 5.0, "thorough": 8.0},
    "number": {"quick": 2.0, "balanced": 5.0, "thorough": 8.0},
    "span": {"quick": 2.0, "balanced": 4.0, "thorough": 8.0},
    "vector": {"quick": 1.0, "balanced": 3.0, "thorough": 6.0},
    "words": {"quick": 1.0, "balanced": 2.0, "thorough": 4.0},
}
_EPOCHS_OF_MANY = {"quick": 1.0, "balanced": 2.5, "thorough": 5.0}
_EPOCHS_OF_LARGE_STEPS = {"quick": 1.0, "balanced": 3.0, "thorough": 6.0}  # where part of the change is taken back
_SMALL = 5e7  # parameters of a model that takes, and needs, larger steps
_MANY_ROWS = 2000  # from here on an encoder with a fitted head needs fewer rounds (measured on 77 labels)


def _epochs(config: Config, facts: Facts) -> Automatic:
    preset = config.training.preset
    if config.training.approach == "contrastive":
        return _epochs_of_pairs(config, facts)
    if GOALS[config.task.kind].from_nothing:
        return _rounds_from_nothing(config, facts)
    base = _EPOCHS[GOALS[config.task.kind].head][preset]
    if GOALS[config.task.kind].has_labels and facts.rows >= _MANY_ROWS:
        rounds = _EPOCHS_OF_LARGE_STEPS if _takes_large_steps(config, facts) else _EPOCHS_OF_MANY
        return Automatic(rounds[preset], f"by the preset; {facts.rows:,} rows teach much in each round")
    more = _more_rounds(base * 2, config, facts) if GOALS[config.task.kind].head == "vector" else None
    if more is not None:
        return more
    if facts.rows < 1000 and preset != "quick":
        return Automatic(base * 2, f"few rows ({facts.rows:,}): more rounds, stopped early when it no longer helps")
    return Automatic(base, "by the preset")


_PAIRED_ROUNDS = {"quick": 3.0, "balanced": 6.0, "thorough": 12.0}
_FEWEST_STEPS = 40  # where texts are compared, and a round has a step or two


def _more_rounds(rounds: float, config: Config, facts: Facts) -> Automatic | None:
    """So many rounds that there are _FEWEST_STEPS; None where the `rounds` have them."""
    each = max(1.0, facts.rows / (config.training.rows_per_step or _PAIRED_ROWS))
    if rounds * each >= _FEWEST_STEPS:
        return None
    return Automatic(float(math.ceil(_FEWEST_STEPS / each)), f"few rows ({facts.rows:,}): more rounds")


def _epochs_of_pairs(config: Config, facts: Facts) -> Automatic:
    base = _PAIRED_ROUNDS[config.training.preset]
    more = _more_rounds(base, config, facts)
    return more or Automatic(base, "by the preset; each round compares other texts")


_ROUNDS = {"quick": (0.2, 2.0), "balanced": (1.0, 10.0), "thorough": (3.0, 30.0)}  # of what suits it, and at most


def _rounds_from_nothing(config: Config, facts: Facts) -> Automatic:
    """Twenty tokens for each weight are what suits a model (Hoffmann et al. 2022, "Training Compute-Optimal Large
    Language Models"); the same text read more than some ten times teaches little more."""
    share, most = _ROUNDS[config.training.preset]
    tokens = facts.rows * max(1, facts.median_tokens)
    suits = share * 20 * facts.parameters / max(1, tokens)
    if suits >= most:
        return Automatic(most, "by the preset; the text is short, and more rounds would only repeat it")
    return Automatic(round(max(1.0, suits), 1), "by the preset; about twenty tokens for each weight are enough")


def _learning_rate(config: Config, facts: Facts) -> Automatic:
    if GOALS[config.task.kind].compares:
        return Automatic(3e-4 if facts.parameters < 5e8 else 5e-5, "gentler where two answers are compared")
    if GOALS[config.task.kind].from_nothing:
        # Kaplan et al. 2020, "Scaling Laws for Neural Language Models", equation D.1.
        rate = 0.003239 - 0.0001395 * math.log(max(1, facts.parameters))
        return Automatic(float(f"{max(1e-4, rate):.2g}"), "the larger the model, the smaller")
    if config.model.method == "lora":
        return Automatic(1e-3 if facts.parameters < 5e8 else 2e-4, "usual for an adapter on a model of this size")
    if GOALS[config.task.kind].head == "words":
        return Automatic(1e-4 if facts.parameters < 5e8 else 2e-5, "usual for training all layers at this size")
    if config.training.approach == "contrastive":
        # As far as 10 rows a label carry: 2e-5, 5e-5 and 1e-4 end alike on held-out rows, 2e-4 two points lower.
        return Automatic(5e-5, "gentle: what the model knows of language is to stay")
    if GOALS[config.task.kind].head == "number":
        # 96 rows with MiniLM, 48 steps: error 0.62 at 1e-4, 0.55 at 5e-5, 0.53 at 3e-5 (0.57 before training).
        return Automatic(4e-5, "numbers ask for small corrections")
    if GOALS[config.task.kind].head == "vector":
        # 179 questions about 77 passages with MiniLM, MRR of 90 other questions: .71 untouched, .64 at 1e-4 in steps of
        # 8 rows, .69 to .71 at 2e-5 and 5e-5 in steps of 32.
        return Automatic(4e-5 if facts.parameters < _SMALL else 2e-5, "gentle: what the model knows already is to stay")
    if _takes_large_steps(config, facts):
        return Automatic(2e-4, "a small model and many rows; part of the change is taken back at the end")
    if facts.rows >= _MANY_ROWS or facts.parameters >= _SMALL:
        return Automatic(4e-5, "keeps what the model knows already")
    return Automatic(1e-4, f"a small model and few rows ({facts.rows:,}): each has to teach more")


def _head_learning_rate(config: Config, facts: Facts) -> Automatic:
    if GOALS[config.task.kind].head == "number":
        return Automatic(1e-4, "numbers ask for small corrections")
    value = 2e-4 if facts.rows >= _MANY_ROWS else 5e-4
    return Automatic(value, "the new head learns faster than the rest")


def _kept_change(config: Config, facts: Facts) -> Automatic:
    # 8,003 rows of 77 labels with MiniLM, four rounds, 2,000 held-out rows: at 1.5e-4 92.45 % with all of the change,
    # 92.65 % with 0.7 of it, 92.2 % with half; upper half of the layers alone at 3e-4: 91.9, 92.3 and 92.2 %.
    if _takes_large_steps(config, facts):
        return Automatic(0.7, "after large steps, part of the way back is often surer on new texts")
    return Automatic(1.0, "all of it: the steps are small or few")


def _agreement(config: Config, facts: Facts) -> Automatic:
    # The same rows, upper half of the layers, four rounds: 92.25 % at 2e-4, without it 91.9 % at 1e-4 and at 3e-4.
    if _takes_large_steps(config, facts):
        return Automatic(1.0, "what it says of a text is not to hang on chance; takes twice as long")
    return Automatic(0.0, "each text is read once")


def _takes_large_steps(config: Config, facts: Facts) -> bool:
    """Whether many rows teach labels to the whole of a small encoder, and part of the change is taken back."""
    is_one_label = GOALS[config.task.kind].has_labels and not config.task.has_several
    is_direct = is_one_label and config.training.approach == "direct"
    is_whole_and_small = config.model.method == "full" and facts.parameters < _SMALL
    takes_back = config.training.kept_change is None or config.training.kept_change < 1
    return is_direct and is_whole_and_small and facts.rows >= _MANY_ROWS and takes_back


def _validations(config: Config, facts: Facts) -> Automatic:
    if config.training.approach == "contrastive":
        return Automatic(1, "few rows to look at could not tell one moment from the next: the end counts, or the start")
    if GOALS[config.task.kind].head == "words" and not facts.has_gpu:
        return Automatic(5, "each look writes answers, which takes a while on a processor")
    return Automatic(10, "often enough to see the best moment")


def _beta(config: Config, facts: Facts) -> Automatic:
    # Only pairs are: an answer with a verdict counts as a whole whatever is chosen.
    if config.task.length_normalised and config.data.rejected:
        return Automatic(5.0, "usual where answers are compared by the token (Tülu 3)")
    return Automatic(0.1, "usual for learning from preferences")


def _token_budget(config: Config, facts: Facts) -> Automatic:
    share, most = (0.6, 16384) if facts.has_gpu else (0.2, 2048)  # a card has nothing else to hold
    # Of one reading, though texts may be read twice: that is chosen for small encoders, and they keep far less.
    fits = share * facts.memory / _kept_per_token(facts)
    budget = min(most, max(256, 2 ** int(math.log2(max(1.0, fits)))))
    return Automatic(budget, f"fits {facts.memory / 2**30:.0f} GB with room")


def _kept_per_token(facts: Facts) -> float:
    """Bytes kept for each token between the forward and the backward pass: 280 times the root of the weights' number,
    which gives the 3.2 MB measured for SmolLM2-135M with an adapter, and more than the 0.2 MB measured for MiniLM."""
    return 280.0 * math.sqrt(facts.parameters)


def _gradient_checkpointing(config: Config, facts: Facts) -> Automatic:
    copies = 4 if config.model.method == "full" else 1  # the weights, their gradient and AdamW's two means
    if sets_back(config):
        copies += 1  # and the start
    weights = facts.parameters * 4 * copies
    tokens = max(config.training.token_budget or 2048, min(facts.longest_tokens, config.task.max_tokens or 2048))
    needed = weights + readings(config) * _kept_per_token(facts) * tokens
    if needed > 0.7 * facts.memory:
        return Automatic(True, "memory is short for this model")
    return Automatic(False, f"fits: about {needed / 2**30:.1f} of {facts.memory / 2**30:.0f} GB")


def _precision(config: Config, facts: Facts) -> Automatic | None:
    """Open where a trial run decides it, which is wherever there is a step to try."""
    return Automatic("fp32", "there is no step to make faster") if config.training.approach == "frozen" else None


def _no_answer_bar(config: Config, facts: Facts) -> Automatic | None:
    """Chosen at each look on the watching rows; it stays open where no row without an answer is learned."""
    return None


def _size(config: Config, facts: Facts) -> Automatic | None:
    if not GOALS[config.task.kind].from_nothing:
        return None
    return Automatic(
        size_for(facts.characters, has_gpu=facts.has_gpu).name,
        f"suits {facts.characters:,} characters on {'a graphics card' if facts.has_gpu else 'a processor'}",
    )


_WORTH_PIECES = 1.5  # characters: below, pieces of words cost a vocabulary and save little


def _units(config: Config, facts: Facts) -> Automatic | None:
    if not GOALS[config.task.kind].from_nothing:
        return None
    if 0 < facts.per_piece < _WORTH_PIECES:
        return Automatic("characters", f"a piece of a word would hold only {facts.per_piece:.1f} characters here")
    if not facts.per_piece:
        return Automatic("pieces", "reads more at once than single characters")
    return Automatic("pieces", f"reads about {facts.per_piece:.1f} times as much at once as single characters")


def _vocabulary(config: Config, facts: Facts) -> Automatic | None:
    if not GOALS[config.task.kind].from_nothing:
        return None
    if config.model.units == "characters":
        return Automatic(0, "one for each character that comes twice")
    tokens = vocabulary_for(facts.characters)
    return Automatic(tokens, f"each is met often enough in {facts.characters:,} characters")


def _several(config: Config, facts: Facts) -> Automatic | None:
    if not GOALS[config.task.kind].has_labels:
        return None
    if facts.several == "one":
        return Automatic("one", "no text has more than one label")
    if facts.several == "[]":
        return Automatic("[]", "some texts have several labels, in a list or in columns of their own")
    sign = "a line break" if facts.several == "\n" else f"“{facts.several}”"
    return Automatic(facts.several, f"some texts have several labels, with {sign} between them")


def _number_mean(config: Config, facts: Facts) -> Automatic | None:
    is_number = GOALS[config.task.kind].head == "number"
    return Automatic(facts.number_mean, "the mean of your training rows") if is_number else None


def _number_spread(config: Config, facts: Facts) -> Automatic | None:
    is_number = GOALS[config.task.kind].head == "number"
    return Automatic(facts.number_spread, "the standard deviation of your training rows") if is_number else None


def _windows(config: Config, facts: Facts) -> Automatic | None:
    if GOALS[config.task.kind].head not in ("labels", "number"):
        return None
    if facts.is_pair:
        return Automatic(True, "of a pair the longer text is cut; a text that stands alone is read in parts")
    if facts.longest_tokens > (config.task.max_tokens or facts.longest_tokens):
        return Automatic(True, "some texts are longer than the limit: nothing of them is lost")
    return Automatic(True, "every text fits whole; a longer one later is read in parts")


_RULES: dict[str, Callable[[Config, Facts], Automatic | None]] = {
    "task.several": _several,
    "task.number_mean": _number_mean,
    "task.number_spread": _number_spread,
    "training.approach": _approach,
    "training.use_unlabelled": _use_unlabelled,
    "task.pairing": _pairing,
    "task.query_prefix": _query_prefix,
    "task.passage_prefix": _passage_prefix,
    "task.learn_label_names": _learn_label_names,
    "task.unsure_below": _unsure_below,
    "model.size": _size,
    "model.units": _units,
    "model.vocabulary": _vocabulary,
    "model.method": _method,
    "model.train_word_vectors": _train_word_vectors,
    "model.learning_layers": _learning_layers,
    "task.max_tokens": _max_tokens,
    "task.windows": _windows,
    "task.beta": _beta,
    "task.no_answer_bar": _no_answer_bar,
    "training.rows_per_step": _rows_per_step,
    "training.kept_change": _kept_change,
    "training.agreement": _agreement,
    "training.epochs": _epochs,
    "training.learning_rate": _learning_rate,
    "training.head_learning_rate": _head_learning_rate,
    "training.validations": _validations,
    "training.token_budget": _token_budget,
    "training.gradient_checkpointing": _gradient_checkpointing,
    "training.precision": _precision,
}
