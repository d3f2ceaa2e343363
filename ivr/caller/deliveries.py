"""Brings the provider's callbacks to the hotline: in order, twice, late, swapped or never."""

from __future__ import annotations

import time
from collections.abc import Mapping

from ivr.caller.provider import Provider
from ivr.caller.script import Callbacks, CallPlan
from ivr.carrier.twiml import Record
from ivr.carrier.webhook import Webhook


class Deliveries:
    """The callbacks of one call. Usual order: action, its recording's callback, …, the call's end."""

    def __init__(self, provider: Provider, plan: CallPlan) -> None:
        self._provider = provider
        self._plan = plan
        self._waiting: list[Webhook] = []

    def recording(self, verb: Record, told: Mapping[str, str]) -> None:
        """Take the status callback `told` of one of `verb`'s recordings, if `verb` wants to be told."""
        if verb.callback is None or told["RecordingStatus"] not in verb.callback_events:
            return
        webhook = Webhook(verb.callback, told, verb.callback_method)
        if self._plan.callbacks is Callbacks.SWAPPED:
            self._send(webhook)
        else:
            self._waiting.append(webhook)

    def hung_up(self, action: Webhook) -> None:
        """Tell the action of a recording that ended with a hang-up; its answer is heard by nobody."""
        if self._plan.callbacks is Callbacks.SWAPPED:
            self._waiting.append(action)
        else:
            self._provider.notify(action)

    def after_action(self) -> None:
        """Send what waits for its action to have been fetched."""
        if self._plan.callbacks is not Callbacks.LATE:
            self._send_waiting()

    def end(self, status: Webhook) -> None:
        """Send the call's end and everything that is still due."""
        match self._plan.callbacks:
            case Callbacks.LATE | Callbacks.SWAPPED:
                self._send(status)
                time.sleep(self._plan.late_seconds)
                self._send_waiting()
            case _:
                self._send_waiting()
                self._send(status)

    def _send_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        for webhook in waiting:
            self._send(webhook)

    def _send(self, webhook: Webhook) -> None:
        match self._plan.callbacks:
            case Callbacks.NEVER:
                return
            case Callbacks.TWICE:
                self._provider.notify(webhook, times=2)
            case _:
                self._provider.notify(webhook)
