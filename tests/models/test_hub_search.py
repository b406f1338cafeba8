"""What the hub lists of a model is enough to say whether it can be used here, before anything is fetched."""

from __future__ import annotations

from typing import Any

import pytest
from huggingface_hub import ModelInfo

from studio.models import hub_search
from tests.models.fake_hub import COMMIT, git_sum


def listed(name: str, *files: str, **more: Any) -> dict[str, Any]:
    """What the hub says of a repository with these files, each of 1,000,000 bytes."""
    siblings = [{"rfilename": file, "size": 1_000_000, "blobId": git_sum(file.encode())} for file in files]
    config = {"model_type": "bert", "architectures": ["BertModel"]}
    return {"id": name, "sha": COMMIT, "tags": [], "private": False, "siblings": siblings, "config": config, **more}


USUAL = ("config.json", "tokenizer.json", "model.safetensors", "README.md")
REFUSED = {
    "a/bert-code": (listed("a/bert-code", *USUAL, "modeling_mine.py"), "program code"),
    "a/bert-tagged": (listed("a/bert-tagged", *USUAL, tags=["custom_code"]), "program code"),
    "a/bert-mapped": (
        listed("a/bert-mapped", *USUAL, config={"model_type": "bert", "auto_map": {"AutoModel": "x.Y"}}),
        "auto_map",
    ),
    "a/bert-pickled": (listed("a/bert-pickled", "config.json", "vocab.txt", "pytorch_model.bin"), "pytorch_model.bin"),
    "a/bert-bare": (listed("a/bert-bare", "config.json", "vocab.txt"), "no .safetensors"),
    "a/bert-lora": (listed("a/bert-lora", *USUAL, "adapter_config.json"), "adapter"),
    "a/bert-mute": (listed("a/bert-mute", "config.json", "model.safetensors"), "tokenizer"),
    "a/bert-small": (
        listed("a/bert-small", *USUAL, config={"model_type": "bert", "quantization_config": {"quant_method": "awq"}}),
        "compressed",
    ),
    "a/bert-seen": (listed("a/bert-seen", *USUAL, config={"model_type": "vit"}), "“vit” are not supported"),
    "a/bert-unsaid": (listed("a/bert-unsaid", *USUAL, config=None), "not supported"),
}


def test_a_model_that_fits_is_told_with_its_facts() -> None:
    found = hub_search.found(
        ModelInfo(
            **listed(
                "team/bert-nordic",
                *USUAL,
                "train_script.py",
                "pytorch_model.bin",
                cardData={"license": "mit", "language": ["nb", "sv", "multilingual"]},
                safetensors={"parameters": {"F32": 250_000}, "total": 250_000},
                gated="auto",
            )
        )
    )
    assert (found.hub, found.kind, found.type, found.refused) == ("team/bert-nordic", "encoder", "bert", "")
    assert (found.parameters, found.bytes, found.license, found.gated) == (250_000, 4_000_000, "mit", True)
    assert found.languages == ("no", "sv", "mul")


@pytest.mark.parametrize(
    ("card", "tags", "told"),
    [
        ({"license": "other", "license_name": "ours"}, [], "ours"),
        ({"license": ["mit"]}, ["license:apache-2.0"], "mit"),
        ({}, ["license:apache-2.0"], "apache-2.0"),
        (None, [], "not stated"),
    ],
)
def test_the_licence_is_what_the_card_or_a_tag_says(card: Any, tags: list[str], told: str) -> None:
    assert hub_search.found(ModelInfo(**listed("a/bert", *USUAL, cardData=card, tags=tags))).license == told


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_used_says_why(name: str) -> None:
    said, why = REFUSED[name]
    found = hub_search.found(ModelInfo(**said))
    assert why in found.refused
    assert found.bytes == 0 or "adapter" in found.refused
