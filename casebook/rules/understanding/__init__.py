"""From words to a case: `understand(heard, directory, rules)` suggests every field, with its reason and sureness."""

from .directory import Directory, Problem
from .ruleset import UnderstandingRules
from .serial import from_json, to_json
from .shapes import (
    QUESTIONS,
    Alternative,
    EventDate,
    Facility,
    Field,
    Flags,
    Heard,
    Place,
    Redaction,
    Suggestion,
    WordSpan,
)
from .understand import understand
from .written import heard_text

__all__ = [
    "QUESTIONS",
    "Alternative",
    "Directory",
    "EventDate",
    "Facility",
    "Field",
    "Flags",
    "Heard",
    "Place",
    "Problem",
    "Redaction",
    "Suggestion",
    "UnderstandingRules",
    "WordSpan",
    "from_json",
    "heard_text",
    "to_json",
    "understand",
]
