"""Actions of the dialogue as TwiML, the language that carriers are told what to do in.

Source: Twilio's TwiML reference. Every attribute whose default loops, stops on any key or stays silent
is written out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import singledispatchmethod
from pathlib import Path
from urllib.parse import quote, urlencode

from twilio.twiml import TwiML
from twilio.twiml.voice_response import Dial as DialVerb
from twilio.twiml.voice_response import VoiceResponse

from config.directory.prompts import PromptBook, audio_file
from config.phone import e164
from ivr.rules.dialogue import Action, Dial, DialEmergency, Gather, Hangup, Record, Say, Spell, Spoken
from ivr.rules.speaking import code_groups, spoken_code

LANGUAGE = "vi-VN"

GROUP_PAUSE = 1
"""Seconds between the groups of a code that is played from files."""

EMERGENCY_RING_SECONDS = 60

FALLBACK_SECONDS = 300
FALLBACK_SILENCE_SECONDS = 7


@dataclass(frozen=True)
class Voice:
    """How prompts sound: the book of words, the operator's recordings, the synthetic voice (None: default)."""

    book: PromptBook
    directory: Path
    base_url: str
    name: str | None = None

    def audio_url(self, line: str, prompt: str) -> str | None:
        """Give the address of the recording of a prompt, None where it has to be synthesised."""
        file = audio_file(self.directory, self.book.find(line, prompt))
        return f"{self.base_url}/voice/prompts/{quote(file.name)}" if file else None


@dataclass(frozen=True)
class Links:
    """Where a carrier reports to: the result of keys and recordings, of a connection, of a recording."""

    step: str
    dial: str
    recording: str

    def recording_of(self, question: str) -> str:
        """Give the callback address for the answer to `question`."""
        return f"{self.recording}&{urlencode({'q': question})}"


def call_links(base_url: str, line: str, serial: int) -> Links:
    """Give the addresses of reply number `serial` of a call; a repeated request is known by the number.

    The recording's address carries what a lost call row would not tell: line, reply and question.
    """
    voice = f"{base_url}/voice"
    recording = f"{voice}/recording?{urlencode({'line': line, 'n': serial})}"
    return Links(f"{voice}/step?n={serial}", f"{voice}/dial?n={serial}", recording)


@dataclass(frozen=True)
class Renderer:
    """Writes the TwiML of one reply on one line."""

    voice: Voice
    line: str
    links: Links
    emergency_number: str

    def render(self, actions: tuple[Action, ...]) -> str:
        """Write the document that does `actions` in order."""
        response = VoiceResponse()
        for action in actions:
            self._add(action, response)
        return _document(response)

    @singledispatchmethod
    def _add(self, action: Action, response: VoiceResponse) -> None:
        raise TypeError(f"{action!r} is the house's to do, not the carrier's")

    @_add.register
    def _say(self, action: Say, response: VoiceResponse) -> None:
        self._speak(response, action)

    @_add.register
    def _spell(self, action: Spell, response: VoiceResponse) -> None:
        self._speak(response, action)

    @_add.register
    def _gather(self, action: Gather, response: VoiceResponse) -> None:
        gather = response.gather(
            input="dtmf",
            action=self.links.step,
            method="POST",
            num_digits=action.digits,
            finish_on_key=action.finish_key,
            timeout=action.timeout,
            action_on_empty_result=True,
        )
        for spoken in action.spoken:
            self._speak(gather, spoken)
        # Reached only with a carrier that does not know actionOnEmptyResult: nobody waits in silence.
        response.redirect(self.links.step, method="POST")

    @_add.register
    def _record(self, action: Record, response: VoiceResponse) -> None:
        response.record(
            action=self.links.step,
            method="POST",
            finish_on_key=action.finish_keys,
            timeout=action.silence_seconds,
            max_length=action.max_seconds,
            play_beep=True,
            trim="do-not-trim",
            recording_status_callback=self.links.recording_of(action.question),
            recording_status_callback_method="POST",
            recording_status_callback_event="completed absent",
        )
        # After an empty recording the action is not requested; the call goes on here.
        response.redirect(self.links.step, method="POST")

    @_add.register
    def _dial(self, action: Dial, response: VoiceResponse) -> None:
        dial = self._dial_verb(response, action.ring_seconds)
        if action.target.startswith("sip:"):
            dial.sip(action.target)
        else:
            dial.number(e164(action.target))

    @_add.register
    def _dial_emergency(self, action: DialEmergency, response: VoiceResponse) -> None:
        self._dial_verb(response, EMERGENCY_RING_SECONDS).number(self.emergency_number)

    @_add.register
    def _hangup(self, action: Hangup, response: VoiceResponse) -> None:
        response.hangup()

    def _dial_verb(self, response: VoiceResponse, ring_seconds: int) -> DialVerb:
        return response.dial(action=self.links.dial, method="POST", timeout=ring_seconds, hangup_on_star=False)

    def _speak(self, parent: TwiML, spoken: Spoken) -> None:
        if isinstance(spoken, Spell):
            self._spell_out(parent, spoken.digits)
        else:
            self._prompt(parent, spoken.prompt)

    def _prompt(self, parent: TwiML, name: str) -> None:
        url = self.voice.audio_url(self.line, name)
        if url:
            parent.play(url)
        else:
            _synthesise(parent, self.voice.book.find(self.line, name).text, self.voice.name)

    def _spell_out(self, parent: TwiML, code: str) -> None:
        urls = {digit: self.voice.audio_url(self.line, f"digit-{digit}") for digit in "0123456789"}
        if not all(urls.values()):
            _synthesise(parent, spoken_code(code), self.voice.name)
            return
        for group in code_groups(code):
            for digit in group:
                parent.play(urls[digit])
            parent.pause(length=GROUP_PAUSE)


def fallback_document(voice: Voice, line: str, emergency_number: str) -> str:
    """Write the reply that needs no database: an apology, and a message is taken all the same."""
    done = replace(call_links(voice.base_url, line, 0), step=f"{voice.base_url}/voice/fallback?done=1")
    record = Record("message", FALLBACK_SECONDS, FALLBACK_SILENCE_SECONDS, "#")
    return Renderer(voice, line, done, emergency_number).render((Say("fallback"), record))


def fallback_farewell(voice: Voice, line: str, emergency_number: str) -> str:
    """Write the end of a fallback call."""
    links = call_links(voice.base_url, line, 0)
    return Renderer(voice, line, links, emergency_number).render((Say("fallback_thanks"), Hangup()))


def empty_document() -> str:
    """Write the reply to a callback that asks for nothing."""
    return _document(VoiceResponse())


def _synthesise(parent: TwiML, words: str, voice: str | None) -> None:
    parent.say(words, language=LANGUAGE, voice=voice)


def _document(response: VoiceResponse) -> str:
    return str(response)
