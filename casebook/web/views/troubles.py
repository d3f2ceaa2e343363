"""What is stuck, and a person's decision about it; the morning mail on demand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from casebook.models import Case, OutboxMail
from casebook.queries import troubles
from casebook.queries.visible import visible
from casebook.rules import wording
from casebook.rules.policy import Permission
from casebook.service import audit, digest, events, forwarding, outbox
from casebook.web.doors import HOME, Route, local_address
from casebook.web.people import person
from casebook.web.shown import Views
from casebook.web.tools import Directory
from config.directory.store import units_of
from config.jobs import steps


@dataclass(frozen=True, slots=True)
class Troubles(Views):
    """The page of what is stuck, and its buttons."""

    def routes(self) -> tuple[Route, ...]:
        """List the pages."""
        post = ("POST",)
        return (
            Route("/failures", "failures", self.failures, Permission.SEE_FAILURES),
            Route("/failures/retry", "retry_many", self.retry_many, Permission.RETRY, post),
            Route("/failures/<uuid:failure_id>/retry", "retry", self.retry, Permission.RETRY, post),
            Route("/mails/<uuid:mail_id>/again", "mail_again", self.mail_again, Permission.RETRY, post),
            Route("/mails/<uuid:mail_id>/arrived", "mail_arrived", self.mail_arrived, Permission.RETRY, post),
            Route("/daily", "daily", self.daily, Permission.SEND_DAILY, post),
        )

    def failures(self) -> ResponseReturnValue:
        """Show what waits for a person; of the steps, all or those of one kind."""
        viewer, job = person().viewer, request.args.get("step", "")
        with self.begin() as session:
            stuck, units = troubles.stuck_steps(session, viewer), units_of(session)
            return self.show(
                session,
                "failures.html",
                steps=[step for step in stuck if job in {"", step.job}],
                kinds=Counter(step.job for step in stuck),
                step_names=troubles.STEP_NAMES,
                job=job,
                mails=troubles.stuck_mails(session, viewer),
                units=troubles.mute_units(session, units),
                retired=troubles.retired_units(session, units),
            )

    def retry_many(self) -> ResponseReturnValue:
        """Put the chosen failed steps back on the queue, or all that the page listed."""
        job = request.form.get("step", "")
        with self.begin() as session:
            stuck = [step.id for step in troubles.stuck_steps(session, person().viewer) if job in {"", step.job}]
            picked = set(request.form.getlist("failure"))
            wanted = stuck if "everything" in request.form else [key for key in stuck if str(key) in picked]
            queued = [key for key in wanted if steps.retry(session, key, by=person().email, now=self.now)]
            for key in queued:
                audit.record(session, "retried", person().email, self.now, failure=str(key))
        if queued:
            flash(_("Đã đưa %(n)s bước vào hàng đợi để làm lại.", n=len(queued)), "good")
        else:
            flash(_("Hãy chọn ít nhất một bước còn trong danh sách."), "note")
        return redirect(url_for("desk.failures", step=job or None), 303)

    def retry(self, failure_id: UUID) -> ResponseReturnValue:
        """Put a failed step back on the queue."""
        with self.begin() as session:
            queued = steps.retry(session, failure_id, by=person().email, now=self.now)
            if queued:
                audit.record(session, "retried", person().email, self.now, failure=str(failure_id))
        if queued:
            flash(_("Đã đưa bước này vào hàng đợi để làm lại."), "good")
        else:
            flash(_("Bước này đã được xử lý trước đó."), "note")
        return redirect(url_for("desk.failures"), 303)

    def mail_again(self, mail_id: UUID) -> ResponseReturnValue:
        """Send a mail once more, on a person's word."""
        with self.begin() as session:
            mail = self._mail(session, mail_id)
            outbox.send_again(session, mail_id)
            self._decided(session, mail, "mail_sent_again")
        flash(_("Đang gửi lại thư cho %(to)s.", to=mail.recipient), "good")
        return self._back()

    def mail_arrived(self, mail_id: UUID) -> ResponseReturnValue:
        """Count an uncertain mail as sent, because a person found out that it arrived."""
        with self.begin() as session:
            mail = self._mail(session, mail_id)
            outbox.count_as_sent(session, mail_id, self.now)
            forwarding.finish_letter(session, mail_id, self.tools.calendar, self.now)
            self._decided(session, mail, "mail_counted_sent")
        flash(_("Đã ghi: thư đã tới %(to)s.", to=mail.recipient), "good")
        return self._back()

    def daily(self) -> ResponseReturnValue:
        """Write the supervisors' mail now, about yesterday or about today so far."""
        now = self.now
        day = digest.yesterday(now) + timedelta(days=request.form.get("day") == "today")
        with self.begin() as session:
            names = {slug: unit.name for slug, unit in Directory.read(session).units.items()}
            posted = digest.post_daily(session, day, names, self.tools.house, now, again=f"{now:%Y%m%dT%H%M%S}")
            audit.record(session, "daily_asked", person().email, now, day=day.isoformat(), mails=posted)
        told = _("Đang gửi thư tổng hợp ngày %(day)s tới %(n)s người nhận.", day=wording.day(day), n=posted)
        flash(told, "good")
        return self._back()

    def _mail(self, session: Session, mail_id: UUID) -> OutboxMail:
        mail = session.get(OutboxMail, mail_id)
        if mail is None or not self._may_see(session, mail):
            abort(404)
        return mail

    def _may_see(self, session: Session, mail: OutboxMail) -> bool:
        if mail.case_id is None:
            return True
        return session.scalar(select(Case.id).where(Case.id == mail.case_id, visible(person().viewer))) is not None

    def _decided(self, session: Session, mail: OutboxMail, kind: str) -> None:
        actor, now = person().email, self.now
        steps.resolve(session, outbox.SEND_MAIL, f"mail:{mail.id}", actor, now)
        if mail.case_id is not None:
            told = {"mail": str(mail.id), "recipient": mail.recipient}
            events.record(session, mail.case_id, kind, now=now, actor=actor, **told)
        else:
            audit.record(session, kind, actor, now, mail=str(mail.id))

    def _back(self) -> ResponseReturnValue:
        """Go back to the page that the button was on."""
        return redirect(local_address(request.form.get("next", HOME)), 303)
