"""What of a caller's message ends up in the recording."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.adapters.sound import Encoding, phone_wav, quiet_wav, seconds
from ivr.adapters.synthesis import Synthesiser
from ivr.caller.script import Key, Message, Silence, Sound, Text
from ivr.carrier.twiml import Record


@dataclass(frozen=True, slots=True)
class Mouth:
    """Says messages with `voice` and gives them as the telephone carries them."""

    voice: Synthesiser
    encoding: Encoding = "PCM_16"

    def say(self, message: Message, longest: float, share: float = 1.0) -> bytes:
        """The WAV of `share` of `message`, at most `longest` seconds; b"" if nothing is said."""
        sound = self._sound(message)
        if not sound:
            return b""
        return phone_wav(sound, encoding=self.encoding, longest=min(longest, seconds(sound) * share))

    def _sound(self, message: Message) -> bytes:
        match message:
            case Silence():
                return b""
            case Key(seconds=quiet):
                return quiet_wav(quiet)
            case Text(words=words):
                return self.voice.speak(words)
            case Sound(content=content):
                return content


def ended_by(message: Message, verb: Record, length: float, end_key: str) -> str:
    """The key that ended a recording of `length` seconds; "" if silence or the verb's limit did."""
    key = message.key if isinstance(message, Key) else end_key
    return key if key and key in verb.finish_on_key and length < verb.max_length else ""
