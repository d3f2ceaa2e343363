"""Waiting for several things at once on a call."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

from ivr.gateway.leg import HungUp, Leg

T = TypeVar("T")


async def while_there(leg: Leg, work: Awaitable[T]) -> T:
    """Give what `work` gives; raises HungUp, and cancels it, if the other side goes meanwhile."""
    task: asyncio.Future[T] = asyncio.ensure_future(work)
    gone: asyncio.Future[Any] = asyncio.ensure_future(leg.gone.wait())
    try:
        await asyncio.wait(_set(task, gone), return_when=asyncio.FIRST_COMPLETED)
        if leg.gone.is_set() or not task.done():
            raise HungUp
        return task.result()
    finally:
        await _drop(task, gone)


async def unless_key(leg: Leg, work: Awaitable[object]) -> str | None:
    """Do `work` unless a key is pressed, which cancels it and is given; raises HungUp."""
    task = asyncio.ensure_future(work)
    key = asyncio.ensure_future(leg.keys.get())
    gone = asyncio.ensure_future(leg.gone.wait())
    try:
        await asyncio.wait(_set(task, key, gone), return_when=asyncio.FIRST_COMPLETED)
        if leg.gone.is_set():
            raise HungUp
        if key.done():
            return key.result()
        task.result()
        return None
    finally:
        await _drop(task, key, gone)


def forget_keys(leg: Leg) -> None:
    """Forget what was pressed before it was asked for."""
    while not leg.keys.empty():
        leg.keys.get_nowait()


def _set(*tasks: asyncio.Future[Any]) -> set[asyncio.Future[Any]]:
    return set(tasks)


async def _drop(*tasks: asyncio.Future[Any]) -> None:
    """Cancel what is not done, and see it end: a cut prompt must not play on."""
    open_tasks = [task for task in tasks if not task.done()]
    for task in open_tasks:
        task.cancel()
    if open_tasks:
        await asyncio.wait(open_tasks)
    for task in tasks:
        if not task.cancelled():
            task.exception()
