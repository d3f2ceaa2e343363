"""Pages for what goes wrong, in plain Vietnamese; whoever was typing keeps the text."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from casebook.web.doors import HOME
from casebook.web.kept import Kept, TypedAgain, kept_from
from casebook.web.people import present
from casebook.web.shown import Views
from casebook.web.telling import in_words
from casebook.web.views.entry import Entry
from config.database.engine import DatabaseAway
from config.errors import HotlineError, TemporaryError

log = logging.getLogger(__name__)

TEXTS = {
    400: ("Yêu cầu không hợp lệ", "Hãy quay lại trang trước, tải lại rồi thử lần nữa."),
    403: ("Bạn không có quyền vào trang này", "Nếu cần, hãy hỏi người quản trị về vai trò của bạn."),
    404: ("Không tìm thấy trang", "Địa chỉ sai, hoặc nội dung không còn. Hãy tìm trong danh sách phản ánh."),
    405: ("Trang này không mở được theo cách đó", "Hãy quay lại danh sách và dùng nút trên trang."),
    409: ("Việc này chưa làm được", "Hãy tải lại trang để xem tình trạng mới nhất."),
    413: (
        "Nội dung gửi lên quá lớn",
        "Mỗi lần gửi tối đa khoảng 1 MB chữ và 25 MB tệp. Bấm nút Quay lại của trình duyệt: chữ bạn gõ vẫn còn ở đó.",
    ),
    503: ("Hệ thống tạm thời bận", "Dữ liệu của bạn không mất. Hãy đợi một phút rồi thử lại."),
    500: ("Có lỗi trong hệ thống", "Lỗi đã được ghi lại. Hãy thử lại, hoặc báo cho người quản trị."),
}
"""Title and advice for each kind of trouble."""

NO_SESSION = 401
"""Somebody posted whose session has ended."""

NOT_FOR_PEOPLE = {304, 307, 308, 416}
"""Answers that a browser deals with by itself: redirects, and a part of a sound beyond its end."""


@dataclass(frozen=True, slots=True)
class TroublePages(Views):
    """Answers for everything that is raised and not caught."""

    def register(self, blueprint: Blueprint) -> None:
        """Take what goes wrong on the desk; the rest of the application keeps its own ways."""
        blueprint.app_errorhandler(CSRFError)(self.no_token)
        blueprint.app_errorhandler(HTTPException)(self.http)
        # Again for the blueprint itself, whose handler of everything would be asked first.
        blueprint.errorhandler(HTTPException)(self.http)
        blueprint.errorhandler(HotlineError)(self.ours)
        blueprint.errorhandler(Exception)(self.unforeseen)

    def http(self, error: HTTPException) -> ResponseReturnValue:
        """Show an HTTP error as a page of the desk."""
        if not request.path.startswith(HOME.rstrip("/")) or error.code is None or error.code in NOT_FOR_PEOPLE:
            return error.get_response()
        if error.code == NO_SESSION:
            return self._log_in_again(kept_from(request))
        code = error.code if error.code in TEXTS else 400
        # Only our own words are Vietnamese; werkzeug's are not shown.
        advice = error.description if error.description != type(error).description else None
        return self.page(code, _(advice) if advice else "")

    def no_token(self, error: CSRFError) -> ResponseReturnValue:
        """A form without its token: mostly a session that ended while somebody typed."""
        if not request.path.startswith(HOME):
            return error.get_response()  # type: ignore[no-any-return]  # Flask-WTF has no types
        kept = kept_from(request)
        if present() is None and request.path != f"{HOME}login":
            return self._log_in_again(kept)
        if kept is not None:
            return TypedAgain(self.tools).page(kept, 400)
        return self.page(400, _("Trang đã mở quá lâu. Hãy tải lại trang rồi thử lần nữa."))

    def _log_in_again(self, kept: Kept | None) -> ResponseReturnValue:
        typed = _("Phiên làm việc đã hết. Hãy đăng nhập lại; chữ bạn gõ vẫn còn.")
        notice = typed if kept else _("Phiên làm việc đã hết. Hãy đăng nhập lại.")
        return Entry(self.tools).login_page(NO_SESSION, goal=HOME, error=notice, kept=kept)

    def ours(self, error: HotlineError) -> ResponseReturnValue:
        """Show one of our own errors, which say in Vietnamese what is wrong."""
        temporary = isinstance(error, TemporaryError)
        log.warning("desk: %s: %s", type(error).__name__, error)
        away = isinstance(error, DatabaseAway)
        return self.page(503 if temporary else 409, "" if away else in_words(error))

    def unforeseen(self, error: Exception) -> ResponseReturnValue:
        """Show that something broke, and write down what."""
        log.exception("desk: %s", type(error).__name__)
        return self.page(500)

    def page(self, code: int, advice: str = "") -> ResponseReturnValue:
        """Render the page of an error; it asks no database, which may be what is broken."""
        title, usual = TEXTS[code]
        return self.show(None, "trouble.html", code, code=code, title=_(title), advice=advice or _(usual))
