"""The web application: webhooks for the carrier, the desk for people, and two addresses for machines."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask, Response, redirect, url_for
from flask.typing import ResponseReturnValue
from werkzeug.middleware.proxy_fix import ProxyFix

from casebook.web import create_desk
from casebook.web.security import harden
from ivr.web import create_voice_blueprint
from ivr.wiring.house import House
from ivr.wiring.operations import operations_of


def create_app(house: House) -> Flask:
    """Build the application on an opened house."""
    app = Flask("lang_nghe", static_folder=None)
    app.secret_key = house.secrets.session_secret
    if house.settings.trusted_proxies:
        # Only for addresses in the log-in limits: signatures are checked against the configured public URL.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=house.settings.trusted_proxies)  # type: ignore[method-assign]
    protection = harden(app, house.settings)
    voice = create_voice_blueprint(house.ivr)
    protection.exempt(voice)
    app.register_blueprint(voice)
    app.register_blueprint(create_desk(replace(house.desk, operations=operations_of(house))))
    _machine_addresses(app, house)
    return app


def _machine_addresses(app: Flask, house: House) -> None:
    @app.get("/")
    def front_door() -> ResponseReturnValue:
        return redirect(url_for("desk.listing"))

    @app.get("/healthz")
    def alive() -> Response:
        """Say that this process answers."""
        return Response("ok\n", mimetype="text/plain")

    @app.get("/readyz")
    def ready() -> Response:
        """Say whether calls can be taken down: 503 while the database is away."""
        well = house.database.answers()
        return Response("ok\n" if well else "database away\n", status=200 if well else 503, mimetype="text/plain")
