"""The tables of the case book."""

from casebook.models.cases import FINISHED_RANK, QUEUE_RANK, QUEUE_SURENESS, UNIT_TURN, Case, CaseEvent, CaseRecording
from casebook.models.mails import OutboxMail
from casebook.models.operations import DirectoryChange
from casebook.models.people import DeskEvent, DeskSession, OneTimeLink, SavedFilter, User
from casebook.models.work import (
    CaseClaim,
    CaseFile,
    CaseLink,
    CaseNote,
    CaseRedaction,
    IdentityRequest,
    MutedCaller,
    UnitReply,
)

__all__ = [
    "FINISHED_RANK",
    "QUEUE_RANK",
    "QUEUE_SURENESS",
    "UNIT_TURN",
    "Case",
    "CaseClaim",
    "CaseEvent",
    "CaseFile",
    "CaseLink",
    "CaseNote",
    "CaseRecording",
    "CaseRedaction",
    "DeskEvent",
    "DeskSession",
    "DirectoryChange",
    "IdentityRequest",
    "MutedCaller",
    "OneTimeLink",
    "OutboxMail",
    "SavedFilter",
    "UnitReply",
    "User",
]
