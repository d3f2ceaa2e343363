"""Serves a small web application in a thread of its own, on a port that must be free."""

from __future__ import annotations

import socket
import threading
from types import TracebackType
from typing import Any

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from config.errors import HotlineError

_POLL = 0.02
"""Seconds until the server sees that it is to stop."""


class PortBusyError(HotlineError):
    """The port that recordings are to be served on is taken."""


class ThreadServer:
    """Serves `app` at `host`:`port` while used as a context manager; port 0 takes a free one.

    Raises PortBusyError.
    """

    def __init__(self, app: Flask, host: str, port: int) -> None:
        self._server = _bind(host, port, app)
        self.url = f"http://{host}:{self._server.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(_POLL,), daemon=True)

    def __enter__(self) -> ThreadServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _bind(host: str, port: int, app: Flask) -> BaseWSGIServer:
    """Open the port first: where it is taken, werkzeug by itself would end the program."""
    try:
        opened = socket.create_server((host, port))
    except OSError as error:
        raise PortBusyError(f"Không mở được cổng {port} để phát bản ghi âm: {error.strerror}.") from error
    with opened:  # werkzeug duplicates it
        return make_server(host, port, app, threaded=True, request_handler=_QuietHandler, fd=opened.fileno())


class _QuietHandler(WSGIRequestHandler):
    """Leaves the terminal to the conversation."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
        """Say nothing."""
