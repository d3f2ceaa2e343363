"""Words that tell who the caller is, marked so that they can be kept back from what leaves the house."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from transcription.rules.digits import DigitRun, find_digit_runs
from transcription.rules.identifiers import find_identifiers
from transcription.rules.phones import find_phones

from .cues import Cues
from .shapes import Redaction, WordSpan
from .tokens import Token
from .written import Written

_ADDRESS_LEADS = Cues(
    [
        "nhà tôi ở",
        "nhà em ở",
        "nhà tui ở",
        "nhà con ở",
        "nhà ở",
        "tôi ở",
        "em ở",
        "tui ở",
        "địa chỉ là",
        "địa chỉ nhà",
        "địa chỉ",
        "nhà tôi số",
        "nhà em số",
        "nhà số",
        "số nhà",
        "tạm trú",
        "thường trú",
        "ngụ tại",
        "ngụ ở",
        "trọ ở",
        "sống ở",
        "ở trọ",
        "quê ở",
        "nhà tôi ngay",
        "nhà trọ số",
    ]
)
_PLACE_WORDS = frozenset(
    [
        "đường",
        "hẻm",
        "số",
        "quận",
        "phường",
        "xã",
        "ấp",
        "khu",
        "chung",
        "cư",
        "tổ",
        "lô",
        "lầu",
        "tầng",
        "huyện",
        "thành",
        "phố",
        "thị",
        "trấn",
        "xuyệt",
        "xẹt",
        "ngõ",
        "kiệt",
        "cầu",
        "chợ",
        "xóm",
    ]
)
_ADDRESS_STOPS = frozenset(
    [
        "thì",
        "mà",
        "tôi",
        "em",
        "tui",
        "bị",
        "có",
        "cái",
        "là",
        "đi",
        "bữa",
        "hôm",
        "gọi",
        "mẹ",
        "má",
        "ba",
        "con",
        "chồng",
        "vợ",
        "lên",
        "qua",
        "nộp",
        "xin",
        "muốn",
        "nghe",
        "không",
        "rồi",
        "cho",
        "vì",
        "nên",
        "sáng",
        "chiều",
        "tối",
        "lẹ",
    ]
)
_LONGEST_ADDRESS = 14
_LONG_NUMBER, _BROKEN_PHONE = 7, 6
_PHONE_CUES = frozenset({"số", "gọi", "điện", "thoại", "máy", "zalo", "lạc", "hệ", "nhắn", "phone"})
_CUE_REACH = 6


def redactions(answers: Sequence[Written], tokens: Sequence[Token], names: Iterable[WordSpan]) -> tuple[Redaction, ...]:
    """All spans to keep back, in order of the answers; `names` are the spans of people's names."""
    found = [Redaction("name", span) for span in names]
    for answer in answers:
        found.extend(_numbers(answer))
    found.extend(_addresses(tokens, answers))
    order = {answer.question: i for i, answer in enumerate(answers)}
    return tuple(sorted(dict.fromkeys(found), key=lambda r: (order.get(r.span.question, 0), r.span.first, r.span.last)))


def _numbers(answer: Written) -> Iterator[Redaction]:
    for phone in find_phones(answer.pieces):
        if phone.kind != "service":
            yield Redaction("phone", answer.span(phone.start, phone.end))
    for identifier in find_identifiers(answer.pieces):
        yield Redaction(identifier.kind, answer.span(identifier.start, identifier.end))
    for run in find_digit_runs(answer.pieces, at_least=_BROKEN_PHONE, generous=True):
        kind = _kind_of_run(answer, run)
        if kind and not any(piece.separator for piece in run.pieces):
            yield Redaction(kind, answer.span(run.start, run.end))


def _kind_of_run(answer: Written, run: DigitRun) -> str:
    """ "phone" for digits that are most likely a telephone number heard in part, "number" for other long ones."""
    cued = not _PHONE_CUES.isdisjoint(answer.pieces[max(0, run.start - _CUE_REACH) : run.start])
    if cued or run.digits.startswith("0"):
        return "phone"
    return "number" if len(run.digits) >= _LONG_NUMBER else ""


def _addresses(tokens: Sequence[Token], answers: Sequence[Written]) -> Iterator[Redaction]:
    heard = [token.text for token in tokens]
    raw = {answer.question: answer.raw for answer in answers}
    place = 1
    while place < len(tokens):
        if not _ADDRESS_LEADS.ending_at(heard, place):
            place += 1
            continue
        end = _address_end(tokens, place)
        if end > place or tokens[place].text in _PLACE_WORDS:
            first, last, question = tokens[place].word, tokens[end].word, tokens[place].question
            yield Redaction("address", WordSpan(question, first, last, " ".join(raw[question][first : last + 1])))
        place = end + 1


def _address_end(tokens: Sequence[Token], start: int) -> int:
    place = start
    while place + 1 < len(tokens) and place - start + 1 < _LONGEST_ADDRESS:
        ahead = tokens[place + 1]
        if tokens[place].sentence_end or ahead.question != tokens[start].question or ahead.text in _ADDRESS_STOPS:
            break
        place += 1
    return place
