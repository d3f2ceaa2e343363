"""Asking people who are logged in to prove again who they are, in the form that needs it, so that no text is lost."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _

from casebook.models import DeskSession, User
from casebook.service import second_factor
from casebook.web.people import person
from casebook.web.tools import DeskTools

FIELD = "proof"
"""The name of the field that a proof is typed into; `desk/proof.html` draws it."""


@dataclass(frozen=True, slots=True)
class Proofs:
    """Fresh proofs of who sits at the desk."""

    tools: DeskTools

    def problem(self) -> str:
        """Take the proof in this post; gives what to tell the person, empty once they are proven.

        In a transaction of its own: a wrong try counts, whatever becomes of what was asked for.
        """
        user, now = person(), self.tools.clock()
        if user.is_proven(now):
            return ""
        if not user.has_code and not user.has_password:
            return str(_("Hãy đăng nhập lại ở nơi cấp tài khoản để chứng tỏ vẫn là bạn, rồi làm lại việc này."))
        text = request.form.get(FIELD, "")
        if not text:
            return str(_("Hãy gõ mã xác thực để chứng tỏ vẫn là bạn.") if user.has_code else _("Hãy gõ lại mật khẩu."))
        with self.tools.database.begin() as session:
            account = session.get_one(User, user.id)
            row = session.get_one(DeskSession, user.session)
            if second_factor.prove(session, row, account, text, self.tools.keys, now):
                return ""
        return str(second_factor.WrongCode() if user.has_code else _("Mật khẩu không đúng."))
