"""One call as the provider carries it: TwiML fetched, walked and obeyed until somebody hangs up."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import singledispatchmethod

from config.errors import HotlineError
from config.phone import e164
from ivr.adapters.sound import seconds
from ivr.adapters.synthesis import EspeakSynthesiser, Synthesiser
from ivr.caller.deliveries import Deliveries
from ivr.caller.events import CallResult, Dialled, Ended, Event, Heard, Listener, Pressed, Spoke, Trouble, What
from ivr.caller.provider import Endpoint, Provider
from ivr.caller.script import CallPlan, Key, Message, Moment, Script, Sound, Text
from ivr.caller.speaking import Mouth, ended_by
from ivr.carrier import parameters, twiml
from ivr.carrier.keyed import gathered
from ivr.carrier.ledger import CarriedCall, HeldRecording, new_sid
from ivr.carrier.twiml import Document, TwimlError, Verb, parse
from ivr.carrier.webhook import NO_ANSWER, NO_DOCUMENT, Webhook, WebhookError

LONGEST_CALL = 200
"""Documents a call may fetch: a hotline that loops is an error, not an endless test."""
_CHARACTERS_A_SECOND = 15.0
"""How fast a sentence is read, to know how long it would have taken."""
_PLAYED_SECONDS = 4.0


class CallLoopError(HotlineError):
    """The hotline sends the call round in circles."""


class _OverError(Exception):
    """The call is over; carries who ended it and Twilio's status."""

    def __init__(self, by: str, status: str = "completed") -> None:
        self.by = by
        self.status = status


def run_call(
    plan: CallPlan,
    endpoint: Endpoint,
    listener: Listener = lambda _event: None,
    voice: Synthesiser | None = None,
) -> CallResult:
    """Call the hotline at `endpoint` as `plan` says, telling `listener` of each event.

    `voice` says the plan's texts (eSpeak NG by default). Raises CallLoopError, and SynthesisError or
    NotSoundError for a message that cannot be said; a hotline that fails is part of the result.
    """
    return _Call(plan, endpoint, listener, voice or EspeakSynthesiser()).run()


class _Call:
    """A call in progress."""

    def __init__(self, plan: CallPlan, endpoint: Endpoint, listener: Listener, voice: Synthesiser) -> None:
        self._plan = plan
        self._endpoint = endpoint
        self._listener = listener
        self._mouth = Mouth(voice, "ULAW" if plan.mu_law else "PCM_16")
        self._script = Script(plan)
        self._media = endpoint.media
        self._elapsed = 0.0
        self._events: list[Event] = []
        self._recordings: list[str] = []
        self._provider = Provider(endpoint, self._note, plan.lost_webhooks)
        self._deliveries = Deliveries(self._provider, plan)
        self._record = CarriedCall(
            sid=new_sid("CA"), caller=e164(plan.caller), called=e164(plan.line), started=datetime.now(UTC)
        )

    def run(self) -> CallResult:
        """Carry the call to its end."""
        self._media.ledger.keep_call(self._record)
        status = "ringing"
        step = Webhook(self._endpoint.address(self._endpoint.incoming), {})
        try:
            for _ in range(LONGEST_CALL):
                document = self._fetch(step, status)
                status = "in-progress"
                step = self._walk(document)
            raise CallLoopError(f"{LONGEST_CALL} documents in one call, the last from {step.url}")
        except _OverError as end:
            return self._end(end)

    def _note(self, what: What) -> None:
        event = Event(self._elapsed, what)
        self._events.append(event)
        self._listener(event)

    def _pass(self, duration: float) -> None:
        """Let `duration` seconds of the call pass."""
        self._elapsed += duration
        time.sleep(duration * self._plan.pace)

    # Fetching

    def _fetch(self, step: Webhook, status: str) -> Document:
        """Ask for the next document, and for the fallback if it fails; a second failure ends the call."""
        try:
            return self._document(step, status)
        except (WebhookError, TwimlError) as error:
            code = error.code if isinstance(error, WebhookError) else NO_DOCUMENT
            self._note(Trouble(code, str(error)))
            if self._endpoint.fallback is None:
                raise _OverError("provider") from error
            told = {"ErrorCode": str(code), "ErrorUrl": step.url}
        try:
            return self._document(Webhook(self._endpoint.address(self._endpoint.fallback), told), status)
        except (WebhookError, TwimlError) as error:
            self._note(Trouble(NO_ANSWER, f"fallback: {error}"))
            raise _OverError("provider") from error

    def _document(self, step: Webhook, status: str) -> Document:
        call = parameters.standard(self._media.account, self._record, status)
        asked = replace(step, params={**call, **step.params})
        document = parse(self._provider.twiml(asked, 2 if self._plan.webhooks_twice else 1), step.url)
        for warning in document.warnings:
            self._note(Trouble(12200, warning))
        return document

    # Walking

    def _walk(self, document: Document) -> Webhook:
        """Obey `document`; gives what to fetch next. At its end Twilio hangs up."""
        self._deliveries.after_action()
        for verb in document.verbs:
            following = self._obey(verb)
            if following is not None:
                return following
        raise _OverError("hotline")

    @singledispatchmethod
    def _obey(self, verb: Verb) -> Webhook | None:
        """Do what `verb` says; gives what to fetch next, None to go on with the next verb."""
        raise TypeError(f"no way to obey {verb!r}")

    @_obey.register
    def _say(self, verb: twiml.Say) -> None:
        self._hear(verb)
        if self._script.hangs_up(Moment.SAY):
            raise _OverError("caller")

    @_obey.register
    def _play(self, verb: twiml.Play) -> None:
        self._hear(verb)
        if self._script.hangs_up(Moment.SAY):
            raise _OverError("caller")

    @_obey.register
    def _pause(self, verb: twiml.Pause) -> None:
        self._pass(verb.length)

    def _hear(self, prompt: twiml.Prompt) -> None:
        if isinstance(prompt, twiml.Pause):
            self._pass(prompt.length)
        elif isinstance(prompt, twiml.Say):
            self._note(Heard(prompt.text))
            self._pass(len(prompt.text) / _CHARACTERS_A_SECOND)
        else:
            self._note(Heard("", prompt.url))
            status = self._provider.fetch_sound(prompt.url)
            if status != 200:
                self._note(Trouble(NO_ANSWER, f"HTTP {status} for the sound {prompt.url}"))
            self._pass(_PLAYED_SECONDS)

    @_obey.register
    def _gather(self, verb: twiml.Gather) -> Webhook | None:
        for prompt in verb.prompts:
            self._hear(prompt)
        if self._script.hangs_up(Moment.GATHER):
            raise _OverError("caller")
        keys = self._script.keys()
        self._note(Pressed(keys))
        keyed = gathered(verb, keys)
        waits = not keys or not keyed.completes(verb)
        self._pass(verb.timeout if waits else 1.0)
        if not keyed.digits and not verb.action_on_empty_result:
            return None
        told = parameters.gathered(keyed.digits, keyed.finished_on)
        return Webhook(verb.action, told, verb.method)

    @_obey.register
    def _record_message(self, verb: twiml.Record) -> Webhook | None:
        message = self._script.message()
        hangs_up = self._script.hangs_up(Moment.RECORD)
        share = self._plan.hang_up.share if hangs_up and self._plan.hang_up else 1.0
        recording = self._keep(self._mouth.say(message, verb.max_length, share))
        if not recording.seconds:
            self._deliveries.recording(verb, self._told(recording, "absent"))
            self._pass(verb.timeout)
            return None
        self._recordings.append(recording.sid)
        self._note_speech(message, recording)
        self._pass(recording.seconds)
        self._deliveries.recording(verb, self._told(recording, "completed"))
        if not hangs_up:
            key = ended_by(message, verb, recording.seconds, self._plan.end_key)
            return self._action(verb, recording, key)
        if self._plan.action_on_hang_up:
            call = parameters.standard(self._media.account, self._record, "completed")
            action = self._action(verb, recording, "hangup")
            self._deliveries.hung_up(replace(action, params={**call, **action.params}))
        raise _OverError("caller")

    def _action(self, verb: twiml.Record, recording: HeldRecording, key: str) -> Webhook:
        url = self._media.media_url(recording.sid)
        return Webhook(verb.action, parameters.recorded(recording, url, key), verb.method)

    def _keep(self, sound: bytes) -> HeldRecording:
        recording = HeldRecording(
            sid=new_sid("RE"),
            call_sid=self._record.sid,
            content=sound,
            seconds=seconds(sound) if sound else 0.0,
            made=datetime.now(UTC),
            status="completed" if sound else "absent",
        )
        self._media.faults[recording.sid] = self._plan.media_fault
        self._media.ledger.keep_recording(recording)
        return recording

    def _told(self, recording: HeldRecording, status: str) -> parameters.Parameters:
        url = self._media.media_url(recording.sid)
        return parameters.recording_status(self._media.account, recording, url, status)

    def _note_speech(self, message: Message, recording: HeldRecording) -> None:
        words = message.words if isinstance(message, Text) else ""
        name = message.name if isinstance(message, Sound) else ""
        if isinstance(message, Key):
            self._note(Pressed(message.key))
        else:
            self._note(Spoke(recording.seconds, words, name, recording.sid))

    @_obey.register
    def _dial(self, verb: twiml.Dial) -> Webhook | None:
        outcome = self._plan.dial
        for number in verb.numbers:
            self._note(Dialled(number, outcome.status))
        if self._script.hangs_up(Moment.DIAL):
            raise _OverError("caller")
        self._pass(outcome.seconds or verb.timeout)
        if verb.action is None:
            return None
        told = parameters.dialled(new_sid("CA"), outcome.status, outcome.seconds)
        return Webhook(verb.action, told, verb.method)

    @_obey.register
    def _redirect(self, verb: twiml.Redirect) -> Webhook:
        return Webhook(verb.url, {}, verb.method)

    @_obey.register
    def _hang_up(self, _verb: twiml.Hangup) -> None:
        raise _OverError("hotline")

    @_obey.register
    def _reject(self, verb: twiml.Reject) -> None:
        # Twilio: the call ends as busy or no-answer, depending on the reason.
        raise _OverError("hotline", "busy" if verb.reason == "busy" else "no-answer")

    # Ending

    def _end(self, end: _OverError) -> CallResult:
        self._note(Ended(end.by, end.status))
        started = self._record.started
        duration = round(self._elapsed) if end.status == "completed" else 0
        self._record = replace(
            self._record,
            status=end.status,
            duration=duration,
            ended=max(datetime.now(UTC), started + timedelta(seconds=duration)),
        )
        self._media.ledger.keep_call(self._record)
        told = parameters.ended(self._media.account, self._record, datetime.now(UTC))
        self._deliveries.end(Webhook(self._endpoint.address(self._endpoint.status), told))
        return CallResult(
            sid=self._record.sid,
            caller=self._record.caller,
            called=self._record.called,
            events=tuple(self._events),
            recordings=tuple(self._recordings),
            status=end.status,
            ended_by=end.by,
            duration=duration,
        )
