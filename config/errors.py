"""The one exception tree of the hotline. A class's docstring is its default message."""

from __future__ import annotations


class HotlineError(Exception):
    """Something went wrong in the hotline."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)
        self.told = message or type(self).__doc__ or ""
        """What it says, which `str` loses the values of where they were filled in (`config.told`)."""


class SettingsError(HotlineError):
    """A setting is missing or wrong."""


class TemporaryError(HotlineError):
    """It did not work now; trying again later may."""


class PermanentError(HotlineError):
    """It will not work however often it is tried; a person has to look."""
