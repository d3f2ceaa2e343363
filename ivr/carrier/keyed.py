"""What a `<Gather>` makes of keys."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.carrier.twiml import Gather


@dataclass(frozen=True, slots=True)
class Keyed:
    """What a `<Gather>` makes of the keys: the digits, and the key that ended them ("" if none did)."""

    digits: str
    finished_on: str = ""

    def completes(self, gather: Gather) -> bool:
        """Whether `gather` waits for no more keys."""
        return bool(self.finished_on) or len(self.digits) == gather.num_digits


def gathered(gather: Gather, pressed: str) -> Keyed:
    """The digits `gather` takes of the keys `pressed`: up to its finish key or its number of digits."""
    digits = ""
    for key in pressed:
        if key in gather.finish_on_key:
            return Keyed(digits, key)
        digits += key
        if len(digits) == gather.num_digits:
            break
    return Keyed(digits)
