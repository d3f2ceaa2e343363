"""Putting a job on the queue in the same transaction as the row it works on."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import procrastinate
from procrastinate.exceptions import AlreadyEnqueued
from sqlalchemy.orm import Session

QueueName = Literal["default", "speech", "mail"]

_DEFERRER = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
"""Never opened: every job is inserted on the caller's own connection."""


def defer(
    session: Session,
    task: str,
    *,
    queue: QueueName = "default",
    lock: str | None = None,
    queueing_lock: str | None = None,
    at: datetime | None = None,
    priority: int = 0,
    **kwargs: Any,
) -> bool:
    """Queue `task`, to be run after this transaction commits and not before `at`.

    Jobs with one `lock` run one after the other; with one `queueing_lock`, a second one that waits is
    not added and False is given. `kwargs` must be JSON.
    """
    try:
        # A savepoint: a refused duplicate must not end the caller's transaction.
        with session.begin_nested():
            _DEFERRER.configure_task(
                task,
                queue=queue,
                lock=lock,
                queueing_lock=queueing_lock,
                schedule_at=at,
                priority=priority,
                connection=session.connection().connection.driver_connection,
            ).defer(**kwargs)
    except AlreadyEnqueued:
        return False
    return True
