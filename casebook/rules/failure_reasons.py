"""Why a step failed, in plain Vietnamese: our own errors say so, those of others are told by what they mean."""

from __future__ import annotations

import re
from dataclasses import dataclass

UNKNOWN = "Lỗi ngoài dự kiến. Hãy thử làm lại; nếu vẫn lỗi, báo người quản trị kèm dòng kỹ thuật dưới đây."

MEANINGS = (
    (r"no space left|disk full", "Hết dung lượng đĩa. Hãy giải phóng đĩa rồi làm lại."),
    (r"permission denied|read-only file system", "Chương trình không được phép ghi vào thư mục dữ liệu."),
    (r"connection refused", "Máy chủ bên kia không nhận kết nối. Hãy kiểm tra dịch vụ có đang chạy không."),
    (r"timed? ?out", "Máy chủ bên kia không trả lời kịp. Thường làm lại là được."),
    (r"name or service not known|temporary failure in name resolution|getaddrinfo", "Không tìm được địa chỉ máy chủ."),
    (r"certificate|ssl", "Kết nối bảo mật không thành: hãy kiểm tra chứng thư của máy chủ bên kia."),
    (
        r"server closed the connection|connection reset|broken pipe",
        "Kết nối bị ngắt giữa chừng. Thường làm lại là được.",
    ),
    (r"out of memory|cannot allocate|memoryerror", "Hết bộ nhớ. Hãy bớt tiến trình làm việc hoặc thêm bộ nhớ."),
    (r"deadlock|could not serialize", "Hai việc tranh nhau một dữ liệu. Thường làm lại là được."),
    (r"no such file|filenotfound", "Thiếu một tệp mà bước này cần. Hãy chạy: python app.py check"),
)
"""What the words of others' errors (the system's, the database's, libraries') mean for an operator."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason in words, and what was said technically where that is something else."""

    text: str
    technical: str = ""


def told(reason: str) -> Reason:
    """Tell a stored reason."""
    if _is_vietnamese(reason):
        return Reason(reason)
    for pattern, meaning in MEANINGS:
        if re.search(pattern, reason, re.IGNORECASE):
            return Reason(meaning, reason)
    return Reason(UNKNOWN, reason)


def _is_vietnamese(text: str) -> bool:
    """Whether the text has letters that only Vietnamese writes with diacritics."""
    return re.search(r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", text, re.IGNORECASE) is not None
