"""A small real hotline on the loopback interface that answers with whatever TwiML a test gives it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import Flask, Response, request
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped, unused-ignore]
from werkzeug.serving import WSGIRequestHandler, make_server

from ivr.caller.media import MediaServer
from ivr.caller.provider import Endpoint
from ivr.carrier.ledger import Account

ACCOUNT = Account("AC" + "1" * 32, "a-token-for-tests")
Answer = str | Response | Callable[[dict[str, str]], "str | Response"]


@dataclass(frozen=True)
class Seen:
    """One request as the hotline got it."""

    path: str
    method: str
    params: dict[str, str]
    signed: bool
    token: str


@dataclass
class Hotline:
    """Answers `pages` by path; the rest is an empty document. `seen` is what came, in order."""

    pages: dict[str, Answer]
    url: str = ""
    seen: list[Seen] = field(default_factory=list)

    def answer(self, path: str) -> Response:
        page = self.pages.get(f"/{path}", "<Response/>")
        params = {**request.args.to_dict(), **request.form.to_dict()}
        signed = RequestValidator(ACCOUNT.auth_token).validate(
            request.url, request.form.to_dict(), request.headers.get("X-Twilio-Signature", "")
        )
        token = request.headers.get("I-Twilio-Idempotency-Token", "")
        self.seen.append(Seen(f"/{path}", request.method, params, signed, token))
        given = page if isinstance(page, str | Response) else page(params)
        return Response(given, content_type="text/xml; charset=utf-8") if isinstance(given, str) else given

    def at(self, path: str) -> list[dict[str, str]]:
        """The parameters of every request for `path`."""
        return [seen.params for seen in self.seen if seen.path == path]

    @property
    def paths(self) -> list[str]:
        return [seen.path for seen in self.seen]


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's name
        pass


@contextmanager
def running(pages: dict[str, Answer]) -> Iterator[tuple[Hotline, Endpoint]]:
    """Start a hotline with `pages` and a provider's media server beside it."""
    hotline = Hotline(pages)
    app = Flask("hotline", static_folder=None)
    app.add_url_rule("/<path:path>", view_func=hotline.answer, methods=["GET", "POST"])
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    hotline.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        with MediaServer(ACCOUNT) as media:
            yield hotline, Endpoint(hotline.url, media, timeout=2.0)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def slow(seconds: float, then: str) -> Answer:
    """A page that takes its time."""

    def page(_params: dict[str, str]) -> str:
        time.sleep(seconds)
        return then

    return page
