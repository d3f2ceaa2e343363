"""Serving the web application with gunicorn: processes that are restarted, threads that wait for slow pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication

from config.ending import end_in_good_time

REQUEST_SECONDS = 60
"""A worker that is silent for this long is replaced; a webhook has 15 s."""

GRACE_SECONDS = 15


class WebServer(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn on a WSGI application that each process builds for itself, after it was forked."""

    def __init__(self, build: Callable[[], Any], *, bind: str, processes: int, threads: int) -> None:
        self._build = build
        self._options = {
            "bind": bind,
            "workers": processes,
            "threads": threads,
            "worker_class": "gthread",
            "timeout": REQUEST_SECONDS,
            "graceful_timeout": GRACE_SECONDS,
            "keepalive": 15,
            "proc_name": "lang-nghe-web",
            "loglevel": "warning",
            "control_socket_disable": True,
        }
        super().__init__()

    def load_config(self) -> None:
        """Hand our options to gunicorn."""
        for name, value in self._options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """Build the application in this worker process, which lets go of open pages when it is told to stop."""
        end_in_good_time()
        return self._build()
