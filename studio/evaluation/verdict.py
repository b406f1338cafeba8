"""Is it better? One headline and one plain sentence, computed from the scores and honest when the answer is no.

In: what each way scored, on the same rows. Out: a Verdict. Knows nothing of models; every word and number that it says
follows from its arguments.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from studio.counting import rounded
from studio.evaluation.intervals import CONFIDENCE, Interval
from studio.evaluation.scores import Confused, LabelScore

FEWEST_ROWS = 30  # below this, intervals are so wide that a comparison says nothing
CLEAR_GAIN = 0.05  # points (as a share) from which a gain is called clear …
CLEAR_CUT = 0.25  # … or this share of the best simpler way's errors is gone
NEGLIGIBLE = 0.02  # a gain that is surely smaller than this is "does at least as well"

Answer = Literal["clearly", "a little", "hard to tell", "no", "too few rows"]

HEADLINES: dict[Answer, str] = {
    "clearly": "Is it better? Yes, clearly.",
    "a little": "Is it better? Yes, a little.",
    "hard to tell": "Is it better? Hard to tell.",
    "no": "Is it better? No.",
    "too few rows": "Is it better? Too few test rows to tell.",
}


@dataclass(frozen=True)
class Way:
    """One way to do the task and its score with interval, in 0..1. `key` is tuned, untouched, keywords, nearest or
    always; `seconds` is what a simple way took to make, else 0."""

    key: str
    name: str
    score: float
    low: float
    high: float
    is_tuned: bool = False
    seconds: float = 0.0

    @staticmethod
    def of(key: str, name: str, found: Interval, *, seconds: float = 0.0) -> Way:
        """A way with its score and range."""
        return Way(key, name, found.value, found.low, found.high, key == "tuned", seconds)

    @property
    def has_range(self) -> bool:
        """Whether chance in the choice of rows is in the score; tossing a coin gets half of any."""
        return self.low < self.high


@dataclass(frozen=True)
class Gain:
    """The tuned model's score minus that of the best other way `against`, both on the same rows (paired bootstrap).
    `beyond_chance` where neither the interval nor a randomization test leaves room for luck (5 %)."""

    against: str
    value: float
    low: float
    high: float
    beyond_chance: bool

    @staticmethod
    def of(against: str, found: Interval, *, luck: float) -> Gain:
        """A gain with its range, and how likely one as large is where both ways are equally good (0..1)."""
        is_sure = (found.low > 0 or found.high < 0) and luck < 1 - CONFIDENCE
        return Gain(against, found.value, found.low, found.high, is_sure)


@dataclass(frozen=True)
class Verdict:
    """`emphasis` lists the words of the sentence that matter most, for bold print."""

    answer: Answer
    headline: str
    sentence: str
    emphasis: tuple[str, ...]


def decide(gain: Gain, *, rows: int, best_other: float) -> Answer:
    """What the gain over the best simpler way amounts to."""
    if rows < FEWEST_ROWS:
        return "too few rows"
    if gain.beyond_chance and gain.value > 0:
        is_clear = gain.value >= CLEAR_GAIN or gain.value >= CLEAR_CUT * (1 - best_other)
        return "clearly" if is_clear else "a little"
    if gain.high < NEGLIGIBLE:
        return "no"
    return "hard to tell"


def on_labels(
    ways: Sequence[Way], gain: Gain, *, rows: int, weakest: LabelScore | None, confused: Sequence[Confused]
) -> Verdict:
    """The verdict on a model that sorts texts. `confused` is ordered, most frequent first. Every way is told in the
    same measure: in texts of a hundred, or where there are too few for that, in texts of those that there are."""
    tuned, others = _parted(ways)
    best = max(others, key=lambda way: way.score)
    answer = decide(gain, rows=rows, best_other=best.score)
    whole = rows if rows < FEWEST_ROWS else 100
    digits = _digits([tuned, *others]) if whole == 100 else 0
    amount = f"{whole * tuned.score:.{digits}f} of {whole}"
    counted = f"{round(tuned.score * rows)} of {rows}; " if FEWEST_ROWS <= rows < 100 else ""
    between = f"between {whole * tuned.low:.{digits}f} and {whole * tuned.high:.{digits}f} of {whole}"
    told = [way for way in others if way.key != "always" or way is best]
    parts = [
        f"Your model labels {amount} {'text' if whole == 1 else 'texts'} right ({counted}{between}).",
        _sentence(", ".join(f"{_in_words(way)} gets {whole * way.score:.{digits}f}" for way in told)),
        _conclusion(answer, best, gain, "test rows"),
    ]
    emphasis = [amount]
    if weakest is not None:
        parts.append(_weak_point(weakest, confused, emphasis))
    elif not confused:
        parts.append(f"It made no mistake on {'this row' if rows == 1 else 'these rows'}.")
    return Verdict(answer, HEADLINES[answer], " ".join(parts), tuple(emphasis))


def on_answers(
    ways: Sequence[Way], gain: Gain, *, rows: int, perplexity: float, untouched_perplexity: float
) -> Verdict:
    """The verdict on a model that writes answers; scores are closeness (chrF) as a share."""
    tuned, others = _parted(ways)
    best = max(others, key=lambda way: way.score)
    answer = decide(gain, rows=rows, best_other=best.score)
    digits = _digits([tuned, *others])
    amount = f"{100 * tuned.score:.{digits}f} %"
    parts = [
        f"Your model's answers are {amount} close to yours "
        f"(between {100 * tuned.low:.{digits}f} and {100 * tuned.high:.{digits}f} %).",
        _sentence(", ".join(f"{_in_words(way)} reaches {100 * way.score:.{digits}f} %" for way in others)),
        _conclusion(answer, best, gain, "test questions"),
        _surprise(perplexity, untouched_perplexity),
    ]
    return Verdict(answer, HEADLINES[answer], " ".join(parts), (amount,))


def on_reading(ways: Sequence[Way], gain: Gain, *, rows: int) -> Verdict:
    """The verdict on a model that answers from a text; scores are SQuAD's F1 as a share."""
    tuned, others = _parted(ways)
    best = max(others, key=lambda way: way.score)
    answer = decide(gain, rows=rows, best_other=best.score)
    digits = _digits([tuned, *others])
    amount = f"{100 * tuned.score:.{digits}f} %"
    parts = [
        f"Your model's answers have {amount} of the right words "
        f"(between {100 * tuned.low:.{digits}f} and {100 * tuned.high:.{digits}f} %).",
        _sentence(", ".join(f"{_in_words(way)} reaches {100 * way.score:.{digits}f} %" for way in others)),
        _conclusion(answer, best, gain, "test questions"),
    ]
    return Verdict(answer, HEADLINES[answer], " ".join(parts), (amount,))


def on_preferences(ways: Sequence[Way], gain: Gain, *, rows: int, what: str) -> Verdict:
    """The verdict on a model that learned what is better; scores are shares of pairs, `what` names those."""
    tuned, others = _parted(ways)
    best = max(others, key=lambda way: way.score)
    answer = decide(gain, rows=rows, best_other=best.score)
    digits = _digits([tuned, *others])
    amount = f"{100 * tuned.score:.{digits}f} of 100 {what}"
    between = f"between {100 * tuned.low:.{digits}f} and {100 * tuned.high:.{digits}f}"
    parts = [
        f"Your model favours the better answer in {amount} ({between}).",
        _sentence(", ".join(f"{_in_words(way)} gets {100 * way.score:.{digits}f}" for way in others)),
        _conclusion(answer, best, gain, "test rows"),
        "Whether it also writes better can be read in its answers.",
    ]
    headline = HEADLINES[answer].replace("Is it better?", "Does it tell better from worse?")
    return Verdict(answer, headline, " ".join(parts), (amount,))


def on_search(
    ways: Sequence[Way], gain: Gain, *, queries: int, first: Mapping[str, float], among_ten: float
) -> Verdict:
    """The verdict on a model that searches; scores are MRR@10. `first` is the share of queries for which each way (by
    its key) finds a right passage first, `among_ten` that for which the tuned model has one among its first ten."""
    tuned, others = _parted(ways)
    best = max(others, key=lambda way: way.score)
    answer = decide(gain, rows=queries, best_other=best.score)
    whole = queries if queries < FEWEST_ROWS else 100
    amount = f"{whole * first[tuned.key]:.0f} of {whole}"
    parts = [
        f"For {amount} {'query' if whole == 1 else 'queries'} your model finds a right passage first, for "
        f"{whole * among_ten:.0f} among the first ten.",
        _sentence(", ".join(f"{_in_words(way)} gets {whole * first[way.key]:.0f} first" for way in others)),
        f"Its score for how high the right one comes (MRR@10) is {tuned.score:.2f}, between {tuned.low:.2f} and "
        f"{tuned.high:.2f}, against {best.score:.2f}.",
        _conclusion(answer, best, gain, "test queries"),
    ]
    return Verdict(answer, HEADLINES[answer], " ".join(parts), (amount,))


def on_pairs(ways: Sequence[Way], gain: Gain, *, pairs: int) -> Verdict:
    """The verdict on a model that finds texts alike; scores are rank correlations with the table's numbers."""
    tuned, others = _parted(ways)
    best = max(others, key=lambda way: way.score)
    answer = decide(gain, rows=pairs, best_other=best.score)
    amount = rounded(tuned.score)
    parts = [
        f"Your model puts the pairs in an order that agrees with your numbers to {amount} (between "
        f"{rounded(tuned.low)} and {rounded(tuned.high)}; 1 is the same order, 0 is none).",
        _sentence(", ".join(f"{_in_words(way)} reaches {rounded(way.score)}" for way in others)),
        _conclusion(answer, best, gain, "test pairs"),
    ]
    return Verdict(answer, HEADLINES[answer], " ".join(parts), (amount,))


def on_scores(ways: Sequence[Way], gain: Gain, *, rows: int, unit: str, score: str) -> Verdict:
    """The verdict on scores in 0..1 that need no more words than their name, such as "F1"; `unit` names what was
    judged, such as "test questions"."""
    tuned, others = _parted(ways)
    best = max(others, key=lambda way: way.score)
    answer = decide(gain, rows=rows, best_other=best.score)
    digits = _digits([tuned, *others])
    amount = f"{100 * tuned.score:.{digits}f} %"
    parts = [
        f"Your model reaches {amount} {score} "
        f"(between {100 * tuned.low:.{digits}f} and {100 * tuned.high:.{digits}f} %).",
        _sentence(", ".join(f"{_named(way)} reaches {100 * way.score:.{digits}f} %" for way in others)),
        _conclusion(answer, best, gain, unit)
        if answer != "no"
        else f"{_named(best)} does {'better' if gain.high < 0 else 'at least as well'}, so it has learned nothing of "
        "use yet: add rows.",
    ]
    return Verdict(answer, HEADLINES[answer], " ".join(parts), (amount,))


def on_several(ways: Sequence[Way], gain: Gain, *, rows: int, weakest: LabelScore | None) -> Verdict:
    """The verdict on a model that gives several labels; scores are the mean F1 of each text's labels."""
    tuned, others = _parted(ways)
    best = max(others, key=lambda way: way.score)
    answer = decide(gain, rows=rows, best_other=best.score)
    digits = _digits([tuned, *others])
    amount = f"{100 * tuned.score:.{digits}f} %"
    parts = [
        f"Your model's labels agree with yours to {amount} (between {100 * tuned.low:.{digits}f} and "
        f"{100 * tuned.high:.{digits}f} %; what is missed counts as much as what is too much).",
        _sentence(", ".join(f"{_in_words(way)} reaches {100 * way.score:.{digits}f} %" for way in others)),
        _conclusion(answer, best, gain, "test rows"),
    ]
    emphasis = [amount]
    if weakest is not None:
        parts.append(_weak_point(weakest, (), emphasis))
    return Verdict(answer, HEADLINES[answer], " ".join(parts), tuple(emphasis))


def on_numbers(
    ways: Sequence[Way], gain: Gain, *, rows: int, off: Mapping[str, float], spread: tuple[float, float], digits: int
) -> Verdict:
    """The verdict on a model that rates; scores are rank correlations, `off` is the mean absolute error of each way by
    its key, told with so many digits, on numbers that lie within `spread`."""
    tuned, others = _parted(ways)
    best = max(others, key=lambda way: way.score)
    answer = decide(gain, rows=rows, best_other=best.score)
    amount = f"{off[tuned.key]:.{digits}f}"
    first, *rest = (f"{_in_words(way)} {{}}by {off[way.key]:.{digits}f}" for way in others)
    simpler = ", ".join([first.format("is off "), *(one.format("") for one in rest)])
    parts = [
        f"Your model is off by {amount} on average, on numbers from {spread[0]:g} to {spread[1]:g}.",
        _sentence(simpler),
        f"It puts the texts in an order that agrees with yours to {rounded(tuned.score)} (between {rounded(tuned.low)} "
        f"and {rounded(tuned.high)}; 1 is the same order, 0 is none), against {max(0.0, best.score):.2f}.",
        _conclusion(answer, best, gain, "test rows"),
    ]
    return Verdict(answer, HEADLINES[answer], " ".join(parts), (amount,))


def _named(way: Way) -> str:
    """A way by its name, within a sentence; what it quotes itself stands in single quotes."""
    return f"“{way.name.replace('“', '‘').replace('”', '’')}”"


def _parted(ways: Sequence[Way]) -> tuple[Way, list[Way]]:
    tuned = next(way for way in ways if way.is_tuned)
    return tuned, [way for way in ways if not way.is_tuned]


def _digits(ways: Sequence[Way]) -> int:
    # Whole points, unless rounding would hide a difference or turn a mistake into "100 of 100".
    shown = [round(100 * way.score) for way in ways]
    hides = len(set(shown)) < len({way.score for way in ways})
    claims = any(points in {0, 100} and way.score not in {0.0, 1.0} for points, way in zip(shown, ways, strict=True))
    return 1 if hides or claims else 0


def _sentence(text: str) -> str:
    return f"{_capital(text)}."


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _in_words(way: Way) -> str:
    match way.key:
        case "keywords":
            return f"a keyword model made in {_seconds(way.seconds)}"
        case "nearest":
            return "copying the answer of the most similar known question"
        case "sentence":
            return "copying the sentence nearest to the question"
        case "words":
            return "comparing words alone"
        case "always":
            return "always naming the most common label" if way.name.endswith(" label") else _lowered(way.name)
        case "chance":
            return "tossing a coin"
        case "untouched":
            return f"the {way.name[0].lower()}{way.name[1:]}"
        case _:
            return way.name


def _seconds(seconds: float) -> str:
    whole = max(1, round(seconds))
    return "one second" if whole == 1 else "two seconds" if whole == 2 else f"{whole} seconds"


def _conclusion(answer: Answer, best: Way, gain: Gain, rows: str) -> str:
    match answer:
        case "clearly" | "a little":
            return "The gain is beyond chance."
        case "hard to tell":
            found = "There is no difference" if gain.value == 0 else "The difference could be chance"
            return f"{found}: more {rows}, or more training rows, would tell."
        case "too few rows":
            return f"With fewer than {FEWEST_ROWS} {rows} nothing can be said for sure: set more rows apart."
        case "no" if best.key == "always":
            does = "gets more right" if gain.high < 0 else "does at least as well"
            return f"{_capital(_in_words(best))} {does}, so it has learned nothing of use yet: add rows."
        case "no":
            does = "does better" if gain.high < 0 else "does at least as well"
            return f"{_capital(_in_words(best))} {does}: {_what_to_do(best)}."


def _what_to_do(best: Way) -> str:
    """What somebody can do in this program where a simpler way is as good: none of these ways can be kept in it."""
    match best.key:
        case "keywords":
            return "single words already tell these texts apart. Add harder rows, where they do not"
        case "words":
            return "the words that both texts share already tell. Add rows that say it in other words"
        case "nearest":
            return "these questions are much like known ones. Add rows with other questions"
        case "sentence":
            return "these questions are answered by a sentence as it stands. Add rows that need more"
        case "chance":
            return (
                "it has not found what the better answers have in common. Add rows, or see that better and worse are "
                "not mixed up"
            )
        case _:
            return "training brings nothing on these rows. Add harder rows"


def _weak_point(weakest: LabelScore, confused: Sequence[Confused], emphasis: list[str]) -> str:
    emphasis.append(weakest.label)
    pair = next((c for c in confused if c.truth == weakest.label), None)
    if pair is None:
        return f"It is weakest on {weakest.label}."
    emphasis.append(pair.answer)
    times = "1 row" if pair.count == 1 else f"{pair.count:,} rows"
    return f"It is weakest on {weakest.label}, which it takes for {pair.answer} in {times}."


def _surprise(ours: float, theirs: float) -> str:
    shown = f"{ours:.3g}", f"{theirs:.3g}"
    verb = "as much as" if shown[0] == shown[1] else "less than" if ours < theirs else "more than"
    return f"Your own answers surprise it {verb} the untouched model (perplexity {shown[0]} against {shown[1]})."
