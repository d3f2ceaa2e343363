"""`web`: the process that answers the carrier and shows the desk."""

from __future__ import annotations

from contextlib import ExitStack

import click
from flask import Flask

from config.processes import end_with_supervisor
from config.settings import load_settings
from config.web_server import WebServer
from ivr.wiring.house import open_house
from ivr.wiring.web_app import create_app

_OPEN = ExitStack()
"""What a web process opened lives as long as the process."""


@click.command()
def command() -> None:
    """Chạy máy chủ web: webhook thoại và bàn làm việc."""
    end_with_supervisor()
    settings = load_settings()
    # Pages that are told what happens hold a thread each: theirs are counted on top of those that answer.
    threads = settings.web_threads + settings.web_streams
    server = WebServer(application, bind=settings.bind, processes=settings.web_processes, threads=threads)
    server.run()


def application() -> Flask:
    """Build the web application of this process on a house of its own."""
    return create_app(_OPEN.enter_context(open_house("web")))
