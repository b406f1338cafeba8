"""A download brings exactly the safe files, whole or not at all, and says what hindered it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from huggingface_hub import constants

from studio.cli.main import main
from studio.events import Event, Noted, Progressed
from studio.models import catalog, download
from studio.models import hub as hub_process
from studio.models.catalog import CatalogEntry
from studio.models.sentence import style_of
from studio.problems import Problem
from tests.models.fake_hub import COMMIT, FakeHub, folder_files, serving
from tests.models.test_catalog import model_at
from tests.models.test_gate import weights

HUB = "openai-community/gpt2"


def _fetched() -> Path:
    return catalog.find_model("gpt2", ("causal",)) / "model.safetensors"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty hub cache, and nobody who is logged in."""
    place = tmp_path / "hub"
    monkeypatch.setenv("HF_HUB_CACHE", str(place))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.delenv("HF_TOKEN", raising=False)
    return place


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    folder = model_at(tmp_path / "source", model_type="gpt2")
    weights(folder / "model.safetensors", rows=100_000)
    files = folder_files(folder) | {
        "README.md": b"---\nlicense: mit\n---\n",
        "pytorch_model.bin": b"pickled",
        "modeling.py": b"print('code')",
        "training_args.json": b"{}",
    }
    with serving(FakeHub(HUB, files)) as made:
        monkeypatch.setenv("HF_ENDPOINT", made.url)
        yield made


def entry() -> CatalogEntry:
    return next(found for found in catalog.catalog() if found.hub == HUB)


def run(should_stop: Callable[[], bool] = lambda: False) -> list[Event]:
    return list(download.download(entry(), should_stop=should_stop))


def failed() -> Problem:
    with pytest.raises(Problem) as caught:
        run()
    problem = caught.value
    assert problem.what
    assert problem.why
    assert problem.fix
    assert entry().folder is None
    return problem


def headers_of(hub: FakeHub, name: str) -> dict[str, str]:
    """What was sent when the file was last asked for, by names in lower case."""
    sent = next(headers for path, headers in reversed(hub.asked) if path.endswith(f"/{name}"))
    return {name.lower(): value for name, value in sent.items()}


def progress(events: list[Event]) -> list[Progressed]:
    return [event for event in events if isinstance(event, Progressed)]


def test_a_model_comes_whole_and_can_be_chosen(hub: FakeHub) -> None:
    events = run()
    folder = catalog.find_model("gpt2", ("causal",))
    assert folder.name == COMMIT
    assert {path.name for path in folder.iterdir()} == {
        "config.json", "tokenizer.json", "model.safetensors", "README.md",
    }  # fmt: skip
    assert all((folder / path.name).read_bytes() == hub.files[path.name] for path in folder.iterdir())
    last = progress(events)[-1]
    assert last.done == last.total == sum(len(hub.files[path.name]) for path in folder.iterdir())
    assert last.unit == "bytes"
    assert events[-1] == Noted("GPT-2 is on this computer.", time=events[-1].time)


def test_nothing_unsafe_is_even_asked_for(hub: FakeHub) -> None:
    run()
    assert sorted(hub.fetched) == ["README.md", "config.json", "model.safetensors", "tokenizer.json"]
    assert hub.fetched[-1] == "model.safetensors"


def test_how_a_sentence_encoder_makes_its_vectors_comes_with_it(hub: FakeHub) -> None:
    """Without these files another way of pooling would be taken for the plain one."""
    hub.files["modules.json"] = b'[{"idx": 0, "type": "sentence_transformers.models.Transformer"}]'
    hub.files["1_Pooling/config.json"] = b'{"pooling_mode_cls_token": true}'
    hub.files["config_sentence_transformers.json"] = b'{"prompts": {"query": "ask: "}}'
    hub.files["2_Dense/config.json"] = b"{}"
    run()
    folder = catalog.find_model("gpt2", ("causal",))
    assert {*hub.fetched} >= {"modules.json", "1_Pooling/config.json", "config_sentence_transformers.json"}
    assert "2_Dense/config.json" not in hub.fetched
    assert (style_of(folder).pooling, style_of(folder).query) == ("first", "ask: ")


def test_only_names_are_sent(hub: FakeHub) -> None:
    run()
    for _, headers in hub.asked:
        sent = {name.lower(): value for name, value in headers.items()}
        assert "authorization" not in sent
        assert "torch" not in sent["user-agent"]
        assert "agent/" not in sent["user-agent"]


@pytest.fixture
def encrypted(hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    """The same hub behind https, and somebody who is logged in."""
    file = tmp_path / "certificate.pem"
    maker = shutil.which("openssl")
    if maker is None:
        pytest.skip("there is no openssl to make a certificate with")
    made = f"req -x509 -newkey rsa:2048 -nodes -days 2 -keyout {file} -out {file}.crt -subj /CN=hub"
    subprocess.run([maker, *made.split(), "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    file.write_text(file.read_text() + Path(f"{file}.crt").read_text())
    monkeypatch.setenv("SSL_CERT_FILE", f"{file}.crt")
    monkeypatch.setenv("HF_TOKEN", "hf_ours")
    with serving(FakeHub(HUB, hub.files), file) as made_safe:
        monkeypatch.setenv("HF_ENDPOINT", made_safe.url)
        yield made_safe


def test_who_is_logged_in_is_known_to_the_hub(encrypted: FakeHub) -> None:
    run()
    for name in ("gpt2", "config.json", "model.safetensors"):
        assert headers_of(encrypted, name)["authorization"] == "Bearer hf_ours"


def test_a_log_in_stays_here_where_others_could_read_it(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_ours")
    run()
    assert entry().folder is not None
    assert not [path for path, headers in hub.asked if "authorization" in {name.lower() for name in headers}]


def test_a_log_in_goes_nowhere_else(encrypted: FakeHub, hub: FakeHub) -> None:
    with serving(FakeHub(HUB, hub.files), Path(os.environ["SSL_CERT_FILE"]).with_suffix("")) as other:
        for name, place in (("config.json", other), ("tokenizer.json", hub)):
            encrypted.moved[name] = f"{place.url}/{HUB}/resolve/{COMMIT}/{name}"
        run()
        assert "authorization" in headers_of(encrypted, "tokenizer.json")
        assert "authorization" not in headers_of(other, "config.json")
        assert "authorization" not in headers_of(hub, "tokenizer.json")


@pytest.mark.parametrize("answer", [(401, "RepoNotFound"), (401, ""), (403, "GatedRepo")])
def test_a_log_in_that_was_held_back_is_told(
    hub: FakeHub, monkeypatch: pytest.MonkeyPatch, answer: tuple[int, str]
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_ours")
    hub.status["config.json"] = answer
    problem = failed()
    assert "Your log-in was not sent" in problem.why
    assert "https://" in problem.fix


def test_the_request_itself_is_robbed_of_a_log_in_that_is_not_for_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "ENDPOINT", "https://hub.example/models")
    sent = []
    for address in (
        "https://hub.example/a", "http://hub.example/a", "https://hub.example:444/a", "https://cdn.hub.example/a",
    ):  # fmt: skip
        request = httpx2.Request("GET", address, headers={"authorization": "Bearer hf_ours"})
        hub_process._hold_back_log_in(request)
        sent.append("authorization" in request.headers)
    assert sent == [True, False, False, False]


def test_what_is_here_is_not_fetched_again(hub: FakeHub) -> None:
    run()
    hub.asked.clear()
    run()
    assert hub.fetched == []


def test_a_partial_file_is_continued(hub: FakeHub, cache: Path) -> None:
    content = hub.files["model.safetensors"]
    digest = hub.listing()["siblings"][list(hub.files).index("model.safetensors")]["lfs"]["sha256"]
    partial = cache / "models--openai-community--gpt2" / "blobs" / f"{digest}.incomplete"
    partial.parent.mkdir(parents=True)
    partial.write_bytes(content[:1_000_000])
    run()
    assert headers_of(hub, "model.safetensors")["range"] == "bytes=1000000-"
    assert _fetched().read_bytes() == content
    assert not partial.exists()


@pytest.mark.parametrize("left", [b"\1" * 1000, b"\1" * 10_000_000])
def test_a_wrong_partial_file_is_thrown_away(hub: FakeHub, cache: Path, left: bytes) -> None:
    digest = hub.listing()["siblings"][list(hub.files).index("model.safetensors")]["lfs"]["sha256"]
    partial = cache / "models--openai-community--gpt2" / "blobs" / f"{digest}.incomplete"
    partial.parent.mkdir(parents=True)
    partial.write_bytes(left)
    last = progress(run())[-1]
    assert last.done == last.total
    assert _fetched().read_bytes() == hub.files["model.safetensors"]


@pytest.mark.parametrize("ranges", [True, False])
def test_a_connection_that_breaks_is_taken_up_again(hub: FakeHub, ranges: bool) -> None:
    hub.breaks["model.safetensors"], hub.ranges = 700_000, ranges
    last = progress(run())[-1]
    assert last.done == last.total
    assert _fetched().read_bytes() == hub.files["model.safetensors"]
    assert hub.fetched.count("model.safetensors") == 2


def test_a_connection_that_breaks_early_each_time_still_gets_there(hub: FakeHub, tmp_path: Path) -> None:
    weights(tmp_path / "small", rows=20_000)  # 640 kB
    hub.files["model.safetensors"] = (tmp_path / "small").read_bytes()
    hub.cuts["model.safetensors"] = 200_000
    run()
    assert _fetched().read_bytes() == hub.files["model.safetensors"]
    begun = [headers.get("Range") for path, headers in hub.asked if path.endswith("/model.safetensors")]
    assert begun == [None, "bytes=200000-", "bytes=400000-", "bytes=600000-"]


def test_a_server_that_begins_anew_and_breaks_each_time_is_given_up(hub: FakeHub) -> None:
    hub.ranges, hub.cuts["model.safetensors"] = False, 300_000
    with pytest.raises(Problem, match="cannot be reached"):
        run(should_stop=lambda: hub.fetched.count("model.safetensors") > 2 * hub_process._TRIES)
    assert hub.fetched.count("model.safetensors") == hub_process._TRIES


def test_stopping_keeps_what_came_and_the_next_download_goes_on(hub: FakeHub, cache: Path) -> None:
    hub.holds["model.safetensors"] = 1_000_000
    blobs = cache / "models--openai-community--gpt2" / "blobs"
    last = run(should_stop=lambda: any(path.stat().st_size > 500_000 for path in blobs.glob("*.incomplete")))[-1]
    assert isinstance(last, Noted)
    assert "kept" in last.text
    assert entry().folder is None
    [partial] = blobs.glob("*.incomplete")
    kept = partial.stat().st_size
    assert 0 < kept <= 1_000_000
    hub.go_on.set()
    hub.asked.clear()
    run()
    assert hub.fetched == ["model.safetensors"]
    assert headers_of(hub, "model.safetensors")["range"] == f"bytes={kept}-"
    assert entry().folder is not None


def test_a_closed_generator_leaves_no_process(hub: FakeHub) -> None:
    hub.holds["model.safetensors"] = 1_000_000
    events = download.download(entry(), should_stop=lambda: False)
    next(events)
    next(events)
    events.close()  # type: ignore[attr-defined]
    assert entry().folder is None


def test_a_model_that_is_not_there(hub: FakeHub) -> None:
    hub.status["/gpt2"] = (404, "RepoNotFound")
    assert "does not have GPT-2" in failed().what


def test_terms_that_are_not_accepted(hub: FakeHub) -> None:
    hub.status["config.json"] = (403, "GatedRepo")
    problem = failed()
    assert "accepted its terms" in problem.what
    assert f"{hub.url}/{HUB}" in problem.fix
    assert "model.safetensors" not in hub.fetched


def test_a_log_in_that_does_not_count(hub: FakeHub) -> None:
    hub.status["config.json"] = (401, "")
    assert "hub" in failed().what


def test_a_file_that_went_away(hub: FakeHub) -> None:
    hub.status["model.safetensors"] = (404, "EntryNotFound")
    assert "not on the hub any more" in failed().what


def test_a_hub_in_trouble(hub: FakeHub) -> None:
    hub.status["model.safetensors"] = (503, "")
    problem = failed()
    assert "503" in problem.why
    assert "kept" in problem.fix


def test_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{port}")
    problem = failed()
    assert "cannot be reached" in problem.what
    assert "127.0.0.1" in problem.why


def test_a_page_that_is_not_the_hub(hub: FakeHub) -> None:
    hub.status["/gpt2"] = (200, "")
    assert "does not seem to be the model hub" in failed().what


def test_weights_in_an_unsafe_format_alone(hub: FakeHub) -> None:
    del hub.files["model.safetensors"]
    problem = failed()
    assert "no weights in a safe format" in problem.what
    assert "pytorch_model.bin" in problem.why
    assert hub.fetched == []


def test_a_request_for_code_is_refused_before_the_weights_come(hub: FakeHub) -> None:
    config = json.loads(hub.files["config.json"]) | {"auto_map": {"AutoModel": "modeling.Ours"}}
    hub.files["config.json"] = json.dumps(config).encode()
    problem = failed()
    assert "cannot be used here" in problem.what
    assert "program code" in problem.why
    assert not {"modeling.py", "model.safetensors"} & set(hub.fetched)


def test_bytes_that_were_changed_on_the_way(hub: FakeHub, cache: Path) -> None:
    hub.changed.add("model.safetensors")
    assert "did not arrive as it is on the hub" in failed().what
    assert not list((cache / "models--openai-community--gpt2" / "blobs").glob("*.incomplete"))
    hub.changed.clear()
    run()
    assert entry().folder is not None


def test_more_bytes_than_were_announced(hub: FakeHub) -> None:
    hub.longer.add("model.safetensors")
    assert "not as large as the hub says" in failed().what


def test_a_model_that_grew_is_not_fetched(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    listing = hub.listing()
    for sibling in listing["siblings"]:
        if "lfs" in sibling:
            sibling["lfs"]["size"] = 5_000_000_000
    monkeypatch.setattr(hub, "listing", lambda: listing)
    problem = failed()
    assert "larger on the hub" in problem.what
    assert "548 MB were named" in problem.why
    assert hub.fetched == []


def test_too_little_disk_is_told_before_anything_comes(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    listing = hub.listing()
    for sibling in listing["siblings"]:
        if "lfs" in sibling:
            sibling["lfs"]["size"] = 10**18
    monkeypatch.setattr(hub, "listing", lambda: listing)
    with pytest.raises(Problem, match="too little room") as caught:
        list(download.download(replace(entry(), bytes=10**18), should_stop=lambda: False))
    assert "1,000,000,000.0 GB" in caught.value.why
    assert hub.fetched == []


def test_weights_in_parts_come_with_their_list(hub: FakeHub, tmp_path: Path) -> None:
    del hub.files["model.safetensors"]
    for number, name in ((1, "a"), (2, "b")):
        part = tmp_path / f"part-{number}"
        weights(part, names=(name,))
        hub.files[f"model-0000{number}-of-00002.safetensors"] = part.read_bytes()
    places = {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}
    hub.files["model.safetensors.index.json"] = json.dumps({"weight_map": places}).encode()
    run()
    assert len(hub.fetched) == 6
    assert entry().folder is not None


def test_a_process_that_dies_says_so(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert "nobody foresaw" in failed().what


def test_the_command_line_downloads_by_name(hub: FakeHub, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "--get", "gpt2"]) == 0
    folder = entry().folder
    assert folder is not None
    assert capsys.readouterr().out.splitlines() == [
        "Downloading GPT-2 … 0 of 548 MB",
        "GPT-2 is on this computer.",
        f"GPT-2 lies in {folder}",
    ]
    assert main(["models", "--get", "openai-community/gpt2"]) == 0
    assert capsys.readouterr().out == f"GPT-2 lies in {folder}\n"
    assert main(["models", "--get", "nonsense"]) == 1
    assert "no model “nonsense”" in capsys.readouterr().err
