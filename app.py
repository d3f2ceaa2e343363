#!/usr/bin/env python3
"""Lắng Nghe, the hotline server: `python app.py run` starts everything on one machine."""

from __future__ import annotations

import click

from ivr.wiring.cli import Commands

COMMANDS = {
    "audit": "ivr.wiring.commands.audit",
    "call": "ivr.wiring.commands.call",
    "check": "ivr.wiring.commands.check",
    "clock": "ivr.wiring.commands.clock",
    "daily-mail": "ivr.wiring.commands.daily_mail",
    "gateway": "ivr.wiring.commands.gateway",
    "mail-sink": "ivr.wiring.commands.mail_sink",
    "models": "ivr.wiring.commands.models",
    "prompts": "ivr.wiring.commands.prompts",
    "reconcile": "ivr.wiring.commands.reconcile",
    "rotate-keys": "ivr.wiring.commands.rotate_keys",
    "run": "ivr.wiring.commands.run",
    "settings": "ivr.wiring.commands.settings",
    "upgrade": "ivr.wiring.commands.upgrade",
    "user": "ivr.wiring.commands.people",
    "web": "ivr.wiring.commands.web",
    "worker": "ivr.wiring.commands.worker",
}
"""Each command and the module that holds it."""


@click.group(cls=Commands, places=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Lắng Nghe: máy chủ đường dây nóng của Sở Y tế."""


if __name__ == "__main__":
    main()
