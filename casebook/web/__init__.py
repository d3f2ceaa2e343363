"""The desk: where inspectors listen, correct, confirm and send, and supervisors read."""

from __future__ import annotations

from flask import Blueprint, Flask
from flask.blueprints import BlueprintSetupState

from casebook.adapters.desk_bell import Bell
from casebook.web.doors import Route, open_doors
from casebook.web.languages import Languages, speak
from casebook.web.people import remember_people
from casebook.web.shown import teach
from casebook.web.tools import DeskTools
from casebook.web.trouble_pages import TroublePages
from casebook.web.uploads import allow_uploads
from casebook.web.views.account import Account
from casebook.web.views.acts import Acts
from casebook.web.views.alarms import Alarms
from casebook.web.views.audit import AuditPages
from casebook.web.views.bulk import Bulk
from casebook.web.views.case import CaseViews
from casebook.web.views.dashboard import Dashboard
from casebook.web.views.entry import Entry
from casebook.web.views.files import FileViews
from casebook.web.views.identity import Identity
from casebook.web.views.links import Links
from casebook.web.views.listing import Listing
from casebook.web.views.live import PER_PERSON, Live
from casebook.web.views.mailbox import Mailbox
from casebook.web.views.muting import Muting
from casebook.web.views.notes import NoteViews
from casebook.web.views.operator_changes import OperatorChanges
from casebook.web.views.operator_health import OperatorHealth
from casebook.web.views.operator_lines import OperatorLines
from casebook.web.views.operator_prompts import OperatorPrompts
from casebook.web.views.operator_unit_table import OperatorUnitTable
from casebook.web.views.operator_units import OperatorUnits
from casebook.web.views.people import People
from casebook.web.views.queue import Queue
from casebook.web.views.redaction import Redaction
from casebook.web.views.related import RelatedCases
from casebook.web.views.replies import ReplyViews
from casebook.web.views.revisions import Revisions
from casebook.web.views.saved import Saved
from casebook.web.views.sign_on import SignOn
from casebook.web.views.splitting import Splitting
from casebook.web.views.troubles import Troubles
from casebook.web.views.undo import Undo
from casebook.web.views.unit import UnitPages
from casebook.web.views.units_found import UnitsFound


def create_desk(tools: DeskTools) -> Blueprint:
    """Build the desk, to be registered on an application that was hardened (`casebook.web.security.harden`)."""
    desk = Blueprint(
        "desk",
        __name__,
        url_prefix="/desk",
        template_folder="../templates",
        static_folder="../static/desk",
        static_url_path="/static",
    )
    desk.url_value_preprocessor(allow_uploads)
    open_doors(desk, routes(tools))
    teach(desk)
    TroublePages(tools).register(desk)

    def on_register(state: BlueprintSetupState) -> None:
        assert isinstance(state.app, Flask)
        remember_people(state.app, tools)
        speak(state.app)

    desk.record_once(on_register)
    return desk


def routes(tools: DeskTools) -> tuple[Route, ...]:
    """List every address of the desk with who may enter."""
    groups = (
        Entry(tools),
        SignOn(tools),
        Account(tools),
        Listing(tools),
        Dashboard(tools),
        AuditPages(tools),
        CaseViews(tools),
        UnitPages(tools),
        ReplyViews(tools),
        FileViews(tools),
        NoteViews(tools),
        Acts(tools),
        Revisions(tools),
        UnitsFound(tools),
        Queue(tools),
        Bulk(tools),
        Saved(tools),
        Redaction(tools),
        Identity(tools),
        Links(tools),
        People(tools),
        Undo(tools),
        RelatedCases(tools),
        Splitting(tools),
        Muting(tools),
        Troubles(tools),
        OperatorLines(tools),
        OperatorUnits(tools),
        OperatorUnitTable(tools),
        OperatorPrompts(tools),
        OperatorHealth(tools),
        OperatorChanges(tools),
        Mailbox(tools),
        Alarms(tools),
        Live(tools, Bell(tools.database.url, most=tools.streams, per_person=PER_PERSON)),
        Languages(tools),
    )
    return tuple(route for group in groups for route in group.routes())
