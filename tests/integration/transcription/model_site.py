"""A site that offers one file, and misbehaves when told to."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from zipfile import ZipFile


class ModelSite(ThreadingHTTPServer):
    """Serves `content` at every path, with ranges; `breaks` lists after how many bytes each answer stops."""

    daemon_threads = True

    def __init__(self, content: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.content = content
        self.version = '"v1"'
        self.status = 200
        self.breaks: list[int] = []
        self.asked: list[str | None] = []

    @property
    def url(self) -> str:
        """Where the file is."""
        return f"http://127.0.0.1:{self.server_address[1]}/model.zip"


class _Handler(BaseHTTPRequestHandler):
    server: ModelSite

    def do_GET(self) -> None:
        site = self.server
        site.asked.append(self.headers.get("Range"))
        first = self._first()
        body = site.content[first:]
        self.send_response(site.status if not first else 206)
        self.send_header("ETag", site.version)
        self.send_header("Content-Length", str(len(body)))
        if first:
            self.send_header("Content-Range", f"bytes {first}-{len(site.content) - 1}/{len(site.content)}")
        self.end_headers()
        self.wfile.write(body[: site.breaks.pop(0)] if site.breaks else body)

    def _first(self) -> int:
        wanted, version = self.headers.get("Range"), self.headers.get("If-Range")
        if wanted is None or version != self.server.version:
            return 0
        return int(wanted.removeprefix("bytes=").removesuffix("-"))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


@contextmanager
def serving(content: bytes) -> Iterator[ModelSite]:
    """The site while the block runs."""
    with ModelSite(content) as site:
        thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield site
        site.shutdown()
        thread.join()


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip file of these."""
    made = io.BytesIO()
    with ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()
