"""The first call: who has no recording at hand still has a caller with a story, on any of the lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from config.directory.lines import Choice, Line
from ivr.caller.script import Message, PlanError, Silence, Text

ATTITUDE = "4"
"""The category key of the bundled complaint: thái độ phục vụ."""

COMPLAINT: Mapping[str, str] = {
    "facility": "Bệnh viện Chợ Rẫy",
    "dossier": "Tôi không nhớ mã số. Thủ tục cấp giấy phép hành nghề, nộp ngày mồng ba tháng mười.",
    "story": (
        "Sáng hôm qua tôi đưa mẹ đi khám ở bệnh viện. Chúng tôi lấy số từ sáu giờ, ngồi chờ gần bốn tiếng "
        "mà chưa được gọi tên. Tôi hỏi thì cô nhân viên ở quầy nói to, bảo ai cũng phải chờ. "
        "Mẹ tôi đã già, lại đang mệt. Tôi mong bệnh viện xem lại cách sắp xếp và thái độ của nhân viên. "
        "Xin cảm ơn."
    ),
}
"""What the bundled caller says to each question; about 25 seconds of story. No real event or person."""

_OTHER_STORIES: Mapping[str, str] = {
    "ve_benh_moi_tien": (
        "Tôi đến phòng khám để khám tổng quát. Bác sĩ nói tôi bị viêm nặng, phải làm thủ thuật ngay. "
        "Đang làm thì họ báo thêm tiền ba lần, tổng cộng mười tám triệu đồng, và không đưa hóa đơn. "
        "Hôm sau tôi khám lại ở bệnh viện công thì không có bệnh gì. Tôi còn giữ tờ phiếu thu."
    ),
    "dich_vu_cong": (
        "Tôi muốn hỏi, hồ sơ xin cấp lại chứng chỉ hành nghề khi đổi nơi làm việc thì cần những giấy tờ gì, "
        "và nộp qua mạng thì mấy ngày có kết quả."
    ),
    "buc_xuc_dich_vu_cong": (
        "Hồ sơ của tôi nộp đã hơn hai tháng mà chưa có kết quả. Tôi gọi hỏi thì mỗi lần trả lời một khác, "
        "lần trước bảo thiếu giấy, lần sau lại bảo đang trình ký. Tôi mong được trả lời rõ ràng."
    ),
}


def bundled_answers(line: Line) -> dict[str, Message]:
    """What the bundled caller says on `line`, by question; the contact is not given."""
    story = _OTHER_STORIES.get(line.slug, COMPLAINT["story"])
    said = {**COMPLAINT, "story": story}
    return {question.key: Text(said[question.key]) for question in line.questions if question.key in said}


def given_answers(line: Line, messages: Sequence[Message]) -> dict[str, Message]:
    """Give `messages` to the questions of `line`: one is the story; more are the questions in order.

    Raises PlanError if there are more messages than questions.
    """
    if len(messages) > len(line.questions):
        raise PlanError(f"Đường dây này chỉ hỏi {len(line.questions)} câu, nhưng có {len(messages)} lời nói.")
    if len(messages) == 1:
        return {_story_of(line): messages[0]}
    return {question.key: message for question, message in zip(line.questions, messages, strict=False)}


def report_script(
    line: Line, answers: Mapping[str, Message], category: str = ATTITUDE
) -> tuple[tuple[str, ...], tuple[Message, ...]]:
    """The keys and messages that report on `line`, giving `answers` by question and skipping the rest.

    A question behind a door is passed by its key; any other is answered with silence.
    """
    keys = [next(option.key for option in line.menu if option.choice is Choice.REPORT)]
    messages: list[Message] = []
    if line.ask_category:
        keys.append(category)
    for question in line.questions:
        answer = answers.get(question.key)
        if question.door:
            keys.append("1" if answer else question.door.skip_key)
        if answer or not question.door:
            messages.append(answer or Silence())
    return tuple(keys), tuple(messages)


def _story_of(line: Line) -> str:
    """The question a report cannot do without."""
    return next((question.key for question in line.questions if question.required), line.questions[0].key)
