"""Comparing our calls and recordings with the carrier's lists, and importing what never reached us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from config.jobs.steps import Step
from config.jobs.ticker import Periodic
from ivr import service
from ivr.models import Reconciliation
from ivr.ports import CallLists, ListedCall, ListedRecording
from ivr.rules.facts import call_facts, recording_facts
from ivr.tools import IvrTools

RECONCILE = "reconcile"

OVERLAP = timedelta(hours=4)
"""How far before the last good run the next one looks: a call may last that long, callbacks may be late."""

FIRST_LOOK = timedelta(days=1)
"""How far back the first run looks."""


@dataclass(frozen=True)
class Reconciled:
    """What a run found; `imported` counts what had not reached us."""

    since: datetime
    calls: int
    recordings: int
    imported: int


@dataclass(frozen=True)
class Reconciler:
    """Compares with the carrier's lists; safe to run at any time, twice, or at once."""

    tools: IvrTools
    lists: CallLists

    def run(self) -> Reconciled:
        """Import what is missing since the last good run. Raises ProviderAway or ProviderDenied."""
        started = self.tools.clock()
        since = self._since(started)
        # Listing is slow and on the network: no transaction is open meanwhile.
        calls = [call for call in self.lists.calls_since(since) if not call.direction.startswith("outbound")]
        recordings = list(self.lists.recordings_since(since))
        lines = {call.sid: call.dialled for call in calls}
        # Calls first, so that a recording finds its call and is no orphan.
        imported = sum(self._call(call) for call in calls)
        imported += sum(self._recording(recording, lines) for recording in recordings)
        self._settle(calls)
        found = Reconciled(since, len(calls), len(recordings), imported)
        self._keep(found, started)
        return found

    def _since(self, now: datetime) -> datetime:
        with self.tools.database.begin() as session:
            finished = Reconciliation.finished_at.is_not(None)
            last = session.scalar(select(func.max(Reconciliation.started_at)).where(finished))
        return last - OVERLAP if last else now - FIRST_LOOK

    def _call(self, call: ListedCall) -> bool:
        params = _call_params(call)
        facts = call_facts(params)
        with self.tools.database.begin() as session:
            new = service.status(session, self.tools, facts, params, self.tools.clock())
        return new and facts.has_ended

    def _recording(self, recording: ListedRecording, dialled: dict[str, str]) -> bool:
        params = {"RecordingSid": recording.sid, "RecordingStatus": recording.status, "RecordingUrl": recording.url}
        facts = recording_facts(params, {})
        now = self.tools.clock()
        with self.tools.database.begin() as session:
            line = self.tools.lineup(session, now).answering(dialled.get(recording.call_sid, ""))
            return service.recording(session, self.tools, recording.call_sid, line.slug, facts, params, now)

    def _settle(self, calls: list[ListedCall]) -> None:
        for call in calls:
            with self.tools.database.begin() as session:
                service.nothing_more(session, call.sid, self.tools.clock())

    def _keep(self, found: Reconciled, started: datetime) -> None:
        with self.tools.database.begin() as session:
            session.add(
                Reconciliation(
                    since=found.since,
                    started_at=started,
                    finished_at=self.tools.clock(),
                    calls_seen=found.calls,
                    recordings_seen=found.recordings,
                    imported=found.imported,
                )
            )


def _call_params(call: ListedCall) -> dict[str, str]:
    """Write a listed call as the parameters of its status callback."""
    params = {"CallSid": call.sid, "CallStatus": call.status, "To": call.dialled, "From": call.caller}
    return params | ({"CallDuration": str(call.duration_s)} if call.duration_s is not None else {})


def reconcile_step(reconciler: Reconciler) -> Step:
    """Give the job that reconciles, for the worker."""

    def run() -> None:
        reconciler.run()

    return Step(RECONCILE, "default", run, lambda _: RECONCILE)


def reconcile_periodic(every: timedelta) -> Periodic:
    """Have the clock fire the reconciliation."""
    return Periodic(RECONCILE, every=every)
