"""Whether the hotline is well: the checks that `app.py check` makes, and the signs of life of what runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casebook.queries import health
from casebook.web.doors import Route
from casebook.web.views.operator import NEEDS, OperatorViews
from config.checks import Finding, Verdict

TAB = "operator_health"

VERDICTS = {Verdict.WRONG: "Cần sửa ngay", Verdict.MIND: "Cần để ý", Verdict.WELL: "Ổn"}
"""What a finding is called, the worst first."""

Named = tuple[str, Finding]


@dataclass(frozen=True, slots=True)
class OperatorHealth(OperatorViews):
    """The page of health."""

    def routes(self) -> tuple[Route, ...]:
        """List the page."""
        return (Route("/operator/health", TAB, self.health, NEEDS),)

    def health(self) -> ResponseReturnValue:
        """Show what is well and what is not, each with what to do."""
        # Outside of any transaction: checks ask mail servers and carriers.
        checked = self.operations.checks()
        # Past the wall: only moments and counts are read, of all cases and mails.
        with self.tools.database.begin() as session:
            pulse = health.take_pulse(session)
        living = list(health.findings(pulse, self.now, _))
        with self.begin() as session:
            return self.page(
                session,
                "health.html",
                TAB,
                groups=(("Đang vận hành", living), ("Cài đặt", checked)),
                tally=_tally([*living, *checked]),
                verdicts={verdict.value: text for verdict, text in VERDICTS.items()},
            )


def _tally(found: Iterable[Named]) -> dict[str, int]:
    verdicts = [finding.verdict for _, finding in found]
    return {verdict.value: verdicts.count(verdict) for verdict in VERDICTS}
