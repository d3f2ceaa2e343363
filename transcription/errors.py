"""What can go wrong when the hotline hears: the transcription's branch of the one exception tree."""

from __future__ import annotations

from config.errors import HotlineError, PermanentError, TemporaryError


class TranscriptionError(HotlineError):
    """Nghe và ghi lại lời nói không thành công."""


class EngineFailed(TranscriptionError, PermanentError):
    """Bộ nhận dạng tiếng nói gặp lỗi với bản ghi âm này; cần người xem lại."""


class UnknownModel(TranscriptionError, PermanentError):
    """Không có mô hình tiếng nói nào mang tên này."""


class ModelMissing(TranscriptionError, TemporaryError):
    """Chưa có mô hình tiếng nói; hãy cài bằng lệnh `python app.py models install`."""


class ModelDamaged(TranscriptionError, TemporaryError):
    """Mô hình tiếng nói không nguyên vẹn; hãy cài lại."""


class InstallFailed(TranscriptionError, PermanentError):
    """Không cài được mô hình tiếng nói."""


class SiteUnreachable(TranscriptionError, TemporaryError):
    """Không kết nối được với nơi cung cấp mô hình; hãy kiểm tra mạng rồi thử lại."""


class StaleRevision(TranscriptionError, PermanentError):
    """Người khác vừa lưu bản chép lời này; hãy tải lại trang rồi sửa trên bản mới."""
