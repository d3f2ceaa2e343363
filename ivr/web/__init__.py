"""The telephone's web side."""

from ivr.web.webhooks import create_voice_blueprint

__all__ = ["create_voice_blueprint"]
