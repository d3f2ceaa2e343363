"""A conversation: the hotline's TwiML, done on a leg, until somebody hangs up.

Behaviour as documented at twilio.com/docs/voice/twiml. Of several numbers in one `<Dial>` we ring one
after the other, where Twilio rings all at once.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from functools import singledispatchmethod

from config.errors import HotlineError
from ivr.carrier import parameters, twiml
from ivr.carrier.keyed import Keyed, gathered
from ivr.carrier.ledger import CarriedCall, new_sid
from ivr.carrier.twiml import Document, TwimlError, Verb
from ivr.carrier.webhook import NO_DOCUMENT, Webhook, WebhookError
from ivr.gateway.dialling import Connector
from ivr.gateway.exchange import Exchange
from ivr.gateway.leg import HungUp, Leg
from ivr.gateway.messages import HANG_UP, Message, take_message
from ivr.gateway.sound import Line8k
from ivr.gateway.waiting import forget_keys, unless_key, while_there

log = logging.getLogger(__name__)

LONGEST_CHAIN = 300
"""Documents a call may fetch: a hotline that loops is an error, not an endless call."""
ENDLESS = 1000
"""How often a prompt that is to be repeated for ever is played."""
APOLOGY = (
    "Xin lỗi Quý vị, tổng đài đang gặp sự cố. Nếu cần cấp cứu, xin gọi 115. "
    "Xin Quý vị để lại lời nhắn sau tiếng bíp, chúng tôi sẽ nghe và xử lý."
)
LAST_RESORT = twiml.Record(action="", timeout=7, finish_on_key="#", max_length=300, trim=False)
"""The message that is taken when the hotline answers nothing at all; it is found by reconciliation."""
REFUSED = {"busy": (486, "busy"), "rejected": (603, "no-answer")}
"""SIP status and call status of a `<Reject>`, by its reason."""


class Unreachable(HotlineError):
    """The hotline gave no TwiML, nor did its fallback."""


class Over(HotlineError):
    """The hotline ends the call; its status in Twilio's words."""

    def __init__(self, status: str = "completed") -> None:
        super().__init__(status)
        self.status = status


class Conversation:
    """One call to the hotline on `leg`."""

    def __init__(self, leg: Leg, exchange: Exchange) -> None:
        self._leg = leg
        self._exchange = exchange
        self._answered: float | None = None
        self.call = CarriedCall(new_sid("CA"), leg.caller, leg.called, exchange.clock())

    async def run(self) -> None:
        """Hold the conversation and tell the hotline of its end; raises nothing but cancellation."""
        status = "failed"
        try:
            await self._exchange.keep_call(self.call)
            async with asyncio.timeout(self._exchange.longest_call):
                status = await self._talk()
        except TimeoutError:
            log.warning("%s: longer than %g s, ended", self.call.sid, self._exchange.longest_call)
            status = "completed"
        except asyncio.CancelledError:
            status = "completed" if self._answered else "canceled"
            raise
        except Exception:  # whatever went wrong with one call, the caller and the hotline must learn its end
            log.exception("%s: the conversation failed", self.call.sid)
        finally:
            await self._end(status)

    async def _talk(self) -> str:
        """Obey documents until the end; gives the call's final status."""
        try:
            await self._follow(Webhook(self._exchange.client.address("/voice/incoming"), {}))
        except HungUp:
            return "completed" if self._answered else "canceled"
        except Over as over:
            return over.status
        except Unreachable:
            await self._last_resort()
        return "completed"

    async def _follow(self, step: Webhook | None) -> None:
        """Go from document to document; at the end of one that leads nowhere the call ends."""
        for _ in range(LONGEST_CHAIN):
            if step is None:
                return
            step = await self._walk(await self._fetch(step))
        log.error("%s: %d documents in one call, the last asked of %s", self.call.sid, LONGEST_CHAIN, step)

    async def _walk(self, document: Document) -> Webhook | None:
        for verb in document.verbs:
            if not isinstance(verb, twiml.Redirect | twiml.Reject | twiml.Pause):
                await self._answer()
            following = await self._obey(verb)
            if following is not None:
                return following
        await self._answer()
        return None

    async def _answer(self) -> None:
        if self._answered is None:
            await while_there(self._leg, self._leg.answer())
            self._answered = asyncio.get_running_loop().time()

    # Fetching

    async def _fetch(self, step: Webhook) -> Document:
        """The document that answers `step`, or the fallback's. Raises Unreachable or HungUp."""
        try:
            return await self._document(step)
        except (WebhookError, TwimlError) as error:
            code = error.code if isinstance(error, WebhookError) else NO_DOCUMENT
            log.warning("%s: error %d, going to the fallback: %s", self.call.sid, code, error)
        told = {"ErrorCode": str(code), "ErrorUrl": step.url}
        try:
            return await self._document(Webhook(self._exchange.client.address("/voice/fallback"), told))
        except (WebhookError, TwimlError) as error:
            log.error("%s: the fallback failed too: %s", self.call.sid, error)
            raise Unreachable from error

    async def _document(self, step: Webhook) -> Document:
        status = "in-progress" if self._answered else "ringing"
        standard = parameters.standard(self._exchange.account, self.call, status)
        asked = self._exchange.background(self._asked(replace(step, params={**standard, **step.params})))
        # Shielded: what the caller did is told to the hotline even if they hang up meanwhile.
        document = await while_there(self._leg, asyncio.shield(asked))
        if isinstance(document, Document):
            return document
        raise document

    async def _asked(self, step: Webhook) -> Document | WebhookError | TwimlError:
        try:
            return await self._exchange.client.document(step)
        except (WebhookError, TwimlError) as error:
            return error

    # Obeying

    @singledispatchmethod
    async def _obey(self, verb: Verb) -> Webhook | None:
        """Do what `verb` says; gives what to fetch next, None to go on with the next verb."""
        raise TypeError(f"no way to obey {verb!r}")

    @_obey.register(twiml.Say | twiml.Play | twiml.Pause)
    async def _prompt(self, verb: twiml.Prompt) -> None:
        await while_there(self._leg, self._hear(verb))

    @_obey.register
    async def _gather(self, verb: twiml.Gather) -> Webhook | None:
        forget_keys(self._leg)
        keyed = await self._keys(verb)
        if not keyed.digits and not verb.action_on_empty_result:
            return None
        return Webhook(verb.action, parameters.gathered(keyed.digits, keyed.finished_on), verb.method)

    @_obey.register
    async def _record(self, verb: twiml.Record) -> Webhook | None:
        message = await self._message(verb)
        if message.ended_by == HANG_UP:
            if message.recording.status == "completed":
                self._tell_hang_up(verb, message)
            raise HungUp
        if message.recording.status != "completed":
            return None
        return self._action(verb, message)

    @_obey.register
    async def _dial(self, verb: twiml.Dial) -> Webhook | None:
        status, seconds = await Connector(self._leg, verb).connect()
        if self._leg.gone.is_set():
            raise HungUp
        if verb.action is None:
            return None
        return Webhook(verb.action, parameters.dialled(new_sid("CA"), status, seconds), verb.method)

    @_obey.register
    async def _redirect(self, verb: twiml.Redirect) -> Webhook:
        return Webhook(verb.url, {}, verb.method)

    @_obey.register
    async def _hang_up(self, _verb: twiml.Hangup) -> None:
        raise Over

    @_obey.register
    async def _reject(self, verb: twiml.Reject) -> None:
        if self._answered is not None:
            raise Over
        sip_status, status = REFUSED.get(verb.reason, REFUSED["rejected"])
        await self._leg.reject(sip_status)
        raise Over(status)

    # Prompts and keys

    async def _hear(self, prompt: twiml.Prompt) -> None:
        """Play one prompt, as often as it asks."""
        if isinstance(prompt, twiml.Pause):
            await asyncio.sleep(prompt.length)
            return
        if isinstance(prompt, twiml.Play) and prompt.digits:
            await self._leg.send_keys(prompt.digits)
        sound = await self._sound(prompt)
        for _ in range((prompt.loop or ENDLESS) if sound else 0):
            assert sound is not None
            await self._leg.play(sound)

    async def _sound(self, prompt: twiml.Say | twiml.Play) -> Line8k | None:
        if isinstance(prompt, twiml.Say):
            return await self._exchange.prompts.said(prompt.text)
        return await self._exchange.prompts.played(prompt.url) if prompt.url else None

    async def _keys(self, verb: twiml.Gather) -> Keyed:
        """Say the prompts and wait for keys; the first cuts the prompts."""
        pressed = ""
        for prompt in verb.prompts:
            key = await unless_key(self._leg, self._hear(prompt))
            if key:
                pressed = key
                break
        while not (pressed and gathered(verb, pressed).completes(verb)):
            key = await unless_key(self._leg, asyncio.sleep(verb.timeout))
            if key is None:
                break
            pressed += key
        return gathered(verb, pressed)

    # Recording

    async def _message(self, verb: twiml.Record) -> Message:
        message = await take_message(self._leg, self._exchange, self.call.sid, verb)
        self._exchange.background(self._tell_message(verb, message))
        return message

    async def _tell_message(self, verb: twiml.Record, message: Message) -> None:
        """Make the callback; once the hotline knows the recording, it may have what was heard live."""
        known = await self._exchange.tell_recording(verb, message.recording)
        if message.hearing is None:
            return
        if known and message.recording.status == "completed":
            await message.hearing.hand_over(message.recording.sid, message.lead)
        else:
            message.hearing.forget()

    def _action(self, verb: twiml.Record, message: Message) -> Webhook:
        url = self._exchange.media_url(message.recording.sid)
        return Webhook(verb.action, parameters.recorded(message.recording, url, message.ended_by), verb.method)

    def _tell_hang_up(self, verb: twiml.Record, message: Message) -> None:
        """Tell the action that a hang-up ended the message; its answer is heard by nobody."""
        action = self._action(verb, message)
        standard = parameters.standard(self._exchange.account, self.call, "completed")
        self._exchange.background(self._asked(replace(action, params={**standard, **action.params})))

    # Ending

    async def _last_resort(self) -> None:
        """With the hotline silent, the gateway itself takes a message."""
        try:
            await self._answer()
            await self._prompt(twiml.Say(APOLOGY))
            await self._message(LAST_RESORT)
        except HungUp:
            log.info("%s: hung up before leaving a message", self.call.sid)

    async def _end(self, status: str) -> None:
        if status == "failed" and self._answered is None:
            await self._leg.reject(500)
        await self._leg.hang_up()
        now = asyncio.get_running_loop().time()
        duration = 0 if self._answered is None else round(now - self._answered)
        self.call = replace(self.call, status=status, duration=duration, ended=self._exchange.clock())
        self._exchange.background(self._wind_up())

    async def _wind_up(self) -> None:
        await self._exchange.keep_call(self.call)
        await self._exchange.tell_end(self.call, self._leg.quality())
