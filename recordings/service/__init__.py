"""What the rest of the hotline does with recordings: expect, collect, read, prove, delete."""

from recordings.service.arrivals import UnknownRecording, expect, hold, mark_absent, retain, retry
from recordings.service.collecting import CollectOutcome, collect
from recordings.service.reading import NotKept, NotTheOriginal, original_bytes, playable, playable_part, samples
from recordings.service.removal import OnLegalHold, apply_retention, delete
from recordings.service.tools import Limits, RecordingTools
from recordings.service.upkeep import CopyLost, NotProven, delete_provider_copy, prove, rotate

__all__ = [
    "CollectOutcome",
    "CopyLost",
    "Limits",
    "NotKept",
    "NotProven",
    "NotTheOriginal",
    "OnLegalHold",
    "RecordingTools",
    "UnknownRecording",
    "apply_retention",
    "collect",
    "delete",
    "delete_provider_copy",
    "expect",
    "hold",
    "mark_absent",
    "original_bytes",
    "playable",
    "playable_part",
    "prove",
    "retain",
    "retry",
    "rotate",
    "samples",
]
