"""The parameters Twilio sends with each kind of webhook, by its documentation.

Sources: twilio.com/docs/voice/twiml (standard request), …/twiml/record (action and recording status
callback), …/twiml/dial, …/api/call-resource (status callback).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime

from ivr.carrier.ledger import API_VERSION, Account, CarriedCall, HeldRecording

Parameters = Mapping[str, str]


def standard(account: Account, call: CarriedCall, status: str) -> dict[str, str]:
    """What comes with every request for TwiML of `call`, in Twilio's `status`."""
    return {
        "AccountSid": account.sid,
        "ApiVersion": API_VERSION,
        "CallSid": call.sid,
        "CallStatus": status,
        "Called": call.called,
        "CalledCountry": "VN",
        "Caller": call.caller,
        "CallerCountry": "VN",
        "Direction": "inbound",
        "From": call.caller,
        "FromCountry": "VN",
        "To": call.called,
        "ToCountry": "VN",
    }


def gathered(digits: str, finished_on: str) -> dict[str, str]:
    """What a `<Gather>` adds for its action."""
    return {"Digits": digits, "FinishedOnKey": finished_on}


def recorded(recording: HeldRecording, url: str, ended_by: str) -> dict[str, str]:
    """What a `<Record>` adds for its action; `ended_by` is the key, "hangup", or "" after silence."""
    return {
        "Digits": ended_by,
        "RecordingDuration": whole_seconds(recording.seconds),
        "RecordingSid": recording.sid,
        "RecordingUrl": url,
    }


def recording_status(account: Account, recording: HeldRecording, url: str, status: str) -> dict[str, str]:
    """The recording status callback, with `status` in-progress, completed or absent."""
    return {
        "AccountSid": account.sid,
        "CallSid": recording.call_sid,
        "ErrorCode": "0",
        "RecordingChannels": "1",
        "RecordingDuration": whole_seconds(recording.seconds),
        "RecordingSid": recording.sid,
        "RecordingSource": "RecordVerb",
        "RecordingStartTime": format_datetime(recording.made.astimezone(UTC)),
        "RecordingStatus": status,
        "RecordingTrack": "inbound",
        "RecordingUrl": url,
    }


def dialled(sid: str, status: str, seconds: int) -> dict[str, str]:
    """What a `<Dial>` adds for its action; the duration only where somebody answered."""
    found = {"DialBridged": str(status == "completed").lower(), "DialCallSid": sid, "DialCallStatus": status}
    return found | ({"DialCallDuration": str(seconds)} if status == "completed" else {})


def ended(account: Account, call: CarriedCall, now: datetime) -> dict[str, str]:
    """The status callback at the end of `call`; CallDuration in seconds, Duration in begun minutes."""
    seconds = call.duration or 0
    return standard(account, call, call.status) | {
        "CallDuration": str(seconds),
        "CallbackSource": "call-progress-events",
        "Duration": str(math.ceil(seconds / 60)),
        "SequenceNumber": "0",
        "Timestamp": format_datetime(now.astimezone(UTC)),
    }


def whole_seconds(seconds: float) -> str:
    """A recording's length as Twilio writes it: whole seconds, at least one if there is sound."""
    return str(max(1, round(seconds)) if seconds else 0)
