"""A provider of recordings that really speaks HTTP, and misbehaves as told."""

from __future__ import annotations

import base64
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

USER, PASSWORD = "AC123", "secret-token"
_EXPECTED = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()


@dataclass
class Answer:
    """What one request gets; `promise` overrides Content-Length, `drip_s` pauses between 100-byte pieces."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    promise: int | None = None
    drip_s: float = 0
    pause_s: float = 0
    open_to_all: bool = False


class Provider:
    """Answers each path with its list of answers one after the other, the last one for ever."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = defaultdict(list)
        self.seen: list[tuple[str, str, str | None]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def serve(self, path: str, *answers: Answer | bytes) -> str:
        """Set what `path` answers; gives its whole URL."""
        self.answers[path] = [Answer(body=one) if isinstance(one, bytes) else one for one in answers]
        return self.url + path

    def next_answer(self, method: str, path: str, credentials: str | None) -> Answer:
        self.seen.append((method, path, credentials))
        queue = self.answers.get(path)
        if not queue:
            return Answer(404, b"nothing here")
        answer = queue.pop(0) if len(queue) > 1 else queue[0]
        return answer if answer.open_to_all or credentials == _EXPECTED else Answer(401, b"who are you")

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                answer = provider.next_answer(self.command, self.path, self.headers.get("Authorization"))
                time.sleep(answer.pause_s)
                length = len(answer.body) if answer.promise is None else answer.promise
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(length))
                self.end_headers()
                step = 100 if answer.drip_s else max(1, len(answer.body))
                for start in range(0, len(answer.body), step):
                    self.wfile.write(answer.body[start : start + step])
                    time.sleep(answer.drip_s)
                self.close_connection = True

            do_PUT = do_GET  # noqa: N815 - the name http.server looks for
            do_DELETE = do_GET  # noqa: N815 - the name http.server looks for

            def log_message(self, *_: object) -> None:
                pass

            def handle(self) -> None:
                try:
                    super().handle()
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

        return Handler


@contextmanager
def running_provider() -> Iterator[Provider]:
    provider = Provider()
    thread = Thread(target=provider.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        provider.server.shutdown()
        thread.join()
        provider.server.server_close()
