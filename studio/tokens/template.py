"""The words round a conversation: a model's chat template, the same in training and in chat.

In: a model folder; turns. Out: one text, and where in it each answer lies. Nothing else builds a prompt. Knows nothing
of token ids. Rendered as transformers does (trimmed blocks, loop controls, sandbox), so that an exported folder says
the same words through `apply_chat_template`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import jinja2
import jinja2.nodes
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from studio.problems import Problem, Where
from studio.tasks.example import Turn
from studio.tokens.chat_templates import PLAIN, is_own_text, source_of

TEMPLATE_FILE = "chat_template.jinja"
CONFIG_FILE = "tokenizer_config.json"
SPECIALS_FILE = "special_tokens_map.json"
_PROBE = (Turn("user", "Zq0"), Turn("assistant", "Zq1"))


class Span(NamedTuple):
    """Where the answer of turn number `turn` lies in a text, its end-of-turn included: characters [start, end)."""

    turn: int
    start: int
    end: int


@dataclass(frozen=True)
class Template:
    """A chat template: its jinja `source`, the special tokens by `names` such as eos_token, and every special token's
    text in `markers`. `is_plain` says that the model had no template of its own."""

    source: str
    names: Mapping[str, str]
    markers: tuple[str, ...] = ()
    is_plain: bool = False
    end: str = field(init=False)
    """What ends an answer and is learned with it; empty where neither template nor tokens know an end."""
    _rest: str = field(init=False)
    _added: str = field(init=False)

    def __post_init__(self) -> None:
        _, written, tail = self.render(_PROBE, for_answer=False).rpartition(_PROBE[-1].text)
        if not written:
            raise Problem(
                "The chat template leaves the answer out.",
                "Nothing could be learned with it.",
                "Choose another chat template, or another model.",
            )
        known = (*self.markers, *self.names.values())
        ends = [tail.index(marker) + len(marker) for marker in known if marker and marker in tail]
        cut = min(ends) if ends else len(tail.rstrip())
        added = "" if ends else self.names.get("eos_token", "")
        for name, value in (("end", tail[:cut] + added), ("_rest", tail[cut:]), ("_added", added)):
            object.__setattr__(self, name, value)

    @staticmethod
    def load(
        folder: Path,
        *,
        names: Mapping[str, str] | None = None,
        markers: Sequence[str] = (),
        opens_with_bos: bool = False,
        chosen: str = "",
    ) -> Template:
        """The `chosen` template (a name of ours, or jinja text), else the folder's own, else the plain one. One of ours
        begins with bos_token if the tokenizer `opens_with_bos`. `names` and `markers` are what the tokenizer knows
        beyond the folder's own settings. Raises a Problem where a chosen one would end answers in plain letters."""
        known = {**(names or {}), **token_names(folder)}
        own = "" if chosen.strip() else _unthinking(own_source(folder))
        source = source_of(chosen) or own or source_of(PLAIN)
        is_ours = not own and not is_own_text(chosen)
        if is_ours and opens_with_bos and "bos_token" in known and "bos_token" not in source:
            source = "{{ bos_token }}" + source
        found = Template(source, known, tuple(markers), is_plain=not own and not chosen.strip())
        if chosen.strip():
            _refuse_written_end(found)
        return found

    def render(self, turns: Sequence[Turn], *, for_answer: bool) -> str:
        """The conversation as one text; `for_answer` opens the next answer, as chat does. Raises a Problem where the
        template refuses the turns."""
        messages = [{"role": turn.role, "content": turn.text} for turn in turns]
        try:
            return _compiled(self.source).render(
                messages=messages, tools=None, documents=None, add_generation_prompt=for_answer, **self.names
            )
        except SecurityError as error:
            raise Problem(
                "This chat template is refused.",
                f"It reaches for what lies behind the texts ({error}), which no template needs.",
                "Choose another one.",
                Where(line=line_of(error)),
            ) from error
        except (jinja2.TemplateError, TypeError, ValueError, LookupError, ArithmeticError) as error:
            raise Problem(
                "The chat template cannot write this conversation.",
                f"It says: {error}.",
                "Leave the instruction empty if the model takes none, or choose another chat template or model.",
                Where(line=line_of(error)),
            ) from error

    def answered(self, turns: Sequence[Turn]) -> tuple[str, tuple[Span, ...]]:
        """The conversation as the model reads it, and where its answers lie. The text ends with the last answer's
        end-of-turn, or, after any other turn, where the next answer would begin. What stands before a learned answer
        is letter for letter what chat sends to get it. Raises RewritesEarlierError where that cannot be."""
        text, spans = "", list[Span]()
        stops = [number for number, turn in enumerate(turns) if turn.role == "assistant"]
        open_end = not turns or turns[-1].role != "assistant"
        for stop in [*stops, len(turns)] if open_end else stops:
            prompt = self.render(turns[:stop], for_answer=True)
            if not prompt.startswith(text):
                if any(turns[span.turn].learned for span in spans):
                    raise RewritesEarlierError
                spans = []
            text = prompt
            if stop < len(turns):
                text = prompt + self._reply(turns[: stop + 1], prompt)
                spans.append(Span(stop, len(prompt), len(text)))
        return text, tuple(spans)

    def texts(self, turns: Sequence[Turn]) -> tuple[tuple[Turn, ...], ...]:
        """The conversations as which these turns are learned: themselves, or, where the template writes earlier answers
        in other words, one for each learned answer, up to it."""
        try:
            self.answered(turns)
        except RewritesEarlierError:
            stops = [number for number, turn in enumerate(turns) if turn.learned]
            return tuple(
                tuple(turn._replace(learned=number == stop) for number, turn in enumerate(turns[: stop + 1]))
                for stop in stops
            )
        return (tuple(turns),)

    def _reply(self, turns: Sequence[Turn], prompt: str) -> str:
        whole = self.render(turns, for_answer=False)
        written = self.end.removesuffix(self._added) + self._rest
        if whole.startswith(prompt) and whole[len(prompt) :].endswith(written):
            return whole[len(prompt) : len(whole) - len(self._rest)] + self._added
        # The template opens an answer in other words than it repeats one in: learn the answer that chat asks for.
        return turns[-1].text + self.end


def check_source(source: str) -> None:
    """Raises a Problem, with its line where it is known, for a template that is no jinja, is unsafe, or leaves
    something out of a conversation; whatever model it is for."""
    if not is_own_text(source):
        raise Problem("This is no template.", "It writes the same whatever is said.", "Put messages in with {{ … }}.")
    template = Template(source, {"eos_token": "</s>", "bos_token": "<s>"})
    said = template.render([*_PROBE, Turn("user", "Zq2")], for_answer=True)
    if _PROBE[0].text not in said or "Zq2" not in said:
        raise Problem("The chat template leaves a message out.", "The model could not read it.", "Write every message.")


def line_of(error: BaseException) -> int | None:
    """The 1-based line of the template at which an error of jinja's arose, where it is known."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return error.lineno
    found, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":  # jinja puts the template's own lines there
            found = trace.tb_lineno
        trace = trace.tb_next
    return found


def _refuse_written_end(template: Template) -> None:
    """An end that is no special token is written as letters: whoever reads an answer would see it."""
    left = template.end
    for known in (*template.markers, *template.names.values()):
        left = left.replace(known, "")
    if left.strip():
        raise Problem(
            f"With this chat template every answer would end in “{left.strip()[:60]}”.",
            "This model does not know that as a token, so that it would stand in the answer as letters.",
            "Choose another chat template, or end the answer with {{ eos_token }}.",
        )


class RewritesEarlierError(Problem):
    """A template writes an earlier answer in other words than it was given in: one text cannot teach both answers."""

    def __init__(self) -> None:
        super().__init__(
            "The chat template rewrites earlier answers.",
            "What is learned of a long conversation would differ from what is said in one.",
            "Choose another chat template or model, or rows with one message and one answer.",
        )


def _unthinking(source: str) -> str:
    """The template told that the model answers at once: nothing else can be learned from rows that hold no thoughts.
    It stands in the template itself, so that it travels with the model."""
    return "{%- set enable_thinking = false %}" + source if "enable_thinking" in source else source


def token_names(folder: Path) -> dict[str, str]:
    """The special tokens that a model folder names: {"eos_token": "</s>", ...}."""
    found = {}
    for file in (SPECIALS_FILE, CONFIG_FILE):
        for name, value in read_json(folder / file).items():
            text = value.get("content") if isinstance(value, dict) else value
            if name.endswith("_token") and isinstance(text, str):
                found[name] = text
    return found


def own_source(folder: Path) -> str:
    """The jinja text of the template that a model folder brings along; "" where it has none."""
    file = folder / TEMPLATE_FILE
    if file.is_file():
        return file.read_text(encoding="utf-8")
    found = read_json(folder / CONFIG_FILE).get("chat_template")
    if isinstance(found, list):  # named templates: [{"name": "default", "template": ...}, ...]
        found = next((entry["template"] for entry in found if entry.get("name") == "default"), None)
    return found if isinstance(found, str) else ""


def read_json(file: Path) -> dict[str, Any]:
    """A settings file of a model folder, {} where there is none; a Problem where it is damaged."""
    if not file.is_file():
        return {}
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise Problem(
            "The model's folder is damaged.",
            f"{file.name} cannot be read.",
            "Get the model again, or choose another one.",
            Where(str(file)),
        ) from error
    return found if isinstance(found, dict) else {}


@lru_cache(maxsize=16)
def _compiled(source: str) -> jinja2.Template:
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, loopcontrols]
    )
    environment.filters["tojson"] = _to_json
    environment.globals["raise_exception"] = _raise_exception
    environment.globals["strftime_now"] = lambda pattern: datetime.now().strftime(pattern)
    return environment.from_string(source)


class _Generation(Extension):
    """`{% generation %}` marks answers for other trainers; here it writes what is inside, and no more."""

    tags = {"generation"}  # noqa: RUF012 - jinja2 declares it as an instance's set

    def parse(self, parser: Parser) -> list[jinja2.nodes.Node]:
        next(parser.stream)
        return list(parser.parse_statements(("name:endgeneration",), drop_needle=True))


def _raise_exception(message: str) -> NoReturn:
    raise jinja2.TemplateError(message)


def _to_json(
    value: Any,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    # Jinja's own filter escapes HTML, which would change what the model reads.
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)
