"""A small model hub on this computer: it lists one repository and sends its files, well or badly."""

from __future__ import annotations

import hashlib
import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class FakeHub:
    """`files` by name; `asked` are the requests as (path, headers). What goes wrong: `status` answers with (number,
    error code) instead, `breaks` ends a file once after so many bytes, `cuts` ends it there
    each time, `holds` keeps it back there until `go_on`, `moved` sends whoever asks to that address instead,
    `changed` sends other bytes of the same length, `longer` sends more, `ranges` says whether it can begin anywhere.
    `lists` are further repositories by name, as the hub tells of them; a search finds those with its words in their
    names."""

    name: str
    files: dict[str, bytes]
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    status: dict[str, tuple[int, str]] = field(default_factory=dict)
    breaks: dict[str, int] = field(default_factory=dict)
    cuts: dict[str, int] = field(default_factory=dict)
    holds: dict[str, int] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    longer: set[str] = field(default_factory=set)
    ranges: bool = True
    lists: dict[str, dict[str, Any]] = field(default_factory=dict)
    url: str = ""
    go_on: Event = field(default_factory=Event)

    @property
    def fetched(self) -> list[str]:
        """The names of the files that were asked for."""
        return [path.split(f"/resolve/{COMMIT}/")[1] for path, _ in self.asked if "/resolve/" in path]

    def listing(self) -> dict[str, Any]:
        """What the hub says of the repository."""
        siblings = []
        for name, content in self.files.items():
            entry: dict[str, Any] = {"rfilename": name, "size": len(content), "blobId": git_sum(content)}
            if name.endswith((".safetensors", ".bin")):
                digest = hashlib.sha256(content).hexdigest()
                entry["lfs"] = {"sha256": digest, "size": len(content), "pointerSize": 134}
            siblings.append(entry)
        return {"id": self.name, "sha": COMMIT, "siblings": siblings, "private": False, "tags": []}


def git_sum(content: bytes) -> str:
    """The sum by which git knows a file."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def folder_files(folder: Path) -> dict[str, bytes]:
    """The files of a model folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@contextmanager
def serving(hub: FakeHub, certificate: Path | None = None) -> Iterator[FakeHub]:
    """The hub, listening on 127.0.0.1; encrypted where there is a `certificate` (a file with its key)."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            hub.asked.append((path, dict(self.headers)))
            if found := next((answer for end, answer in hub.status.items() if path.endswith(end)), None):
                self._answer(found[0], b"<html>Please log in.</html>", {"X-Error-Code": found[1]} if found[1] else {})
            elif path == f"/api/models/{hub.name}":
                self._answer(200, json.dumps(hub.listing()).encode(), {"Content-Type": "application/json"})
            elif path == "/api/models":
                words = parse_qs(urlsplit(self.path).query)["search"][0].casefold()
                found = [listed for name, listed in hub.lists.items() if words in name.casefold()]
                self._answer(200, json.dumps(found).encode(), {"Content-Type": "application/json"})
            elif path.removeprefix("/api/models/") in hub.lists:
                listed = hub.lists[path.removeprefix("/api/models/")]
                self._answer(200, json.dumps(listed).encode(), {"Content-Type": "application/json"})
            elif path.removeprefix(f"/{hub.name}/resolve/{COMMIT}/") in hub.files:
                self._send(path.removeprefix(f"/{hub.name}/resolve/{COMMIT}/"))
            else:
                missing = "RepoNotFound" if path.startswith("/api/models/") else "EntryNotFound"
                self._answer(404, b"{}", {"X-Error-Code": missing})

        def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _send(self, name: str) -> None:
            if name in hub.moved:
                self._answer(302, b"", {"Location": hub.moved[name]})
                return
            content = hub.files[name]
            start = 0
            if hub.ranges and (wanted := self.headers.get("Range")):
                start = int(wanted.removeprefix("bytes=").removesuffix("-"))
            body = content[start:]
            if name in hub.changed:
                body = bytes(len(body))
            if name in hub.longer:
                body += b"more"
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            most = hub.breaks.pop(name, hub.cuts.get(name, len(body)))
            if most < len(body):
                self.wfile.write(body[:most])
                self.close_connection = True
                return
            if name in hub.holds:
                first = hub.holds.pop(name)
                self.wfile.write(body[:first])
                self.wfile.flush()
                hub.go_on.wait(20)
                body = body[first:]
            try:
                self.wfile.write(body)
            except OSError:  # the other side has left
                self.close_connection = True

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Whoever asked may leave at any moment."""

    server = Server(("127.0.0.1", 0), Handler)
    hub.url = f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_port}"
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield hub
    finally:
        hub.go_on.set()
        server.shutdown()
        server.server_close()
        thread.join()
