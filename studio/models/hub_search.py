"""Looks for models on the hub by name: `python -m studio.models.hub_search`, a process of its own.

In: the words that a person looks for, or the id of one model. Out: a Found each as a line of JSON; a Failed says what
ended it. Reads what the hub lists of a repository, its files above all, and fetches none of them.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from huggingface_hub import HfApi, ModelInfo, constants, get_session, set_client_factory
from huggingface_hub.utils import (  # type: ignore[attr-defined]  # documented there, though not listed
    build_hf_headers,
    hf_raise_for_status,
)

from studio.events import Failed, Found, to_json
from studio.models import foreign, gate, hub, languages
from studio.models.hub_troubles import KNOWN, in_words
from studio.problems import Problem

MOST = 12  # models are looked at
_ID = re.compile(r"[\w.-]+/[\w.-]+")
_OWN_CODE = re.compile(r"(modeling|configuration|tokenization)_\w+\.py|custom_generate/.*\.py")
_TIMEOUT = 30  # seconds


def main(arguments: Sequence[str]) -> int:
    """Look, and print what is found; 0 when all was looked at, 1 after a Failed."""
    parser = argparse.ArgumentParser(prog="python -m studio.models.hub_search")
    parser.add_argument("words")
    options = parser.parse_args(arguments)
    out = sys.stdout
    set_client_factory(hub.client)
    with redirect_stdout(sys.stderr):  # what a library says is not taken for an event
        try:
            for found in look_for(options.words.strip()):
                print(to_json(found), file=out, flush=True)
        except KNOWN as error:
            problem = in_words(error, options.words, f"“{options.words}”")
            print(to_json(Failed(problem.what, problem.why, problem.fix)), file=out, flush=True)
            return 1
    return 0


def look_for(words: str) -> Iterator[Found]:
    """The model of that id, else the models with these words in their names, the most used first."""
    api = HfApi()
    if _ID.fullmatch(words):
        yield found(api.model_info(words, files_metadata=True, timeout=_TIMEOUT))
        return
    for hub_id in _names(words):
        yield found(api.model_info(hub_id, files_metadata=True, timeout=_TIMEOUT))


def _names(words: str) -> list[str]:
    # Asked without the hub's own library, which tries for half a minute before it says that there is no connection.
    response = get_session().get(
        f"{constants.ENDPOINT}/api/models",
        params={"search": words, "sort": "downloads", "direction": -1, "limit": MOST},
        headers=build_hf_headers(library_name="finetune-studio", library_version="1"),
        timeout=_TIMEOUT,
    )
    hf_raise_for_status(response)
    return [str(listed["id"]) for listed in response.json()]


def found(info: ModelInfo) -> Found:
    """What the hub lists of a model, with the gate's word on it before anything is fetched."""
    config = info.config if isinstance(info.config, dict) else {}
    size, kind, refused = 0, "", ""
    try:
        _, kind = gate.type_of(config, Path(info.id))
        _refuse(info, config)
        size = sum(file.size for file in hub.choose(hub.files_of(info), info.id))
    except Problem as problem:
        refused = f"{problem.what} {problem.why}"
    total = info.safetensors.total if info.safetensors is not None else 0
    return Found(
        hub=info.id,
        kind=kind,
        type=str(config.get("model_type", "")),
        parameters=int(total),
        bytes=size,
        license=_license(info),
        languages=languages.codes(_listed(info.card_data, "language")),
        gated=bool(info.gated),
        refused=refused,
    )


def _refuse(info: ModelInfo, config: dict[str, Any]) -> None:
    """Raises a Problem for code that the model asks for, for an adapter, and for what cannot read a text."""
    names = [sibling.rfilename for sibling in info.siblings or []]
    code = next((name for name in names if _OWN_CODE.fullmatch(name)), "") or foreign.asks_for_code(config)
    if code or "custom_code" in (info.tags or []):
        where = f"It is in “{code}”" if code else "The hub says so"
        raise Problem("The model comes with program code of its own.", f"{where}; nothing of it was fetched.", "")
    if "adapter_config.json" in names:
        raise Problem("This is an adapter, not a whole model.", "It only holds what was learned on top of another.", "")
    if not any(name in gate.TOKENIZERS for name in names):
        raise Problem("It has no tokenizer.", "Without tokenizer.json the model cannot read text.", "")


def _license(info: ModelInfo) -> str:
    told = _listed(info.card_data, "license_name") or _listed(info.card_data, "license")
    tags = [tag.removeprefix("license:") for tag in info.tags or [] if tag.startswith("license:")]
    return next(iter([*told, *tags]), "not stated")


def _listed(card: Any, name: str) -> list[str]:
    """What a card says under a name, once or several times."""
    told = card.get(name) if card is not None else None
    return [str(one) for one in (told if isinstance(told, list) else [told]) if one]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
