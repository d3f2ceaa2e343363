"""Single sign-on: to the provider of identities, and back."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import abort, redirect, request, session
from flask.typing import ResponseReturnValue

from casebook.adapters.openid import Claims, OpenId, ProviderAway, ProviderRefused, Started
from casebook.rules.sign_on import two_factors
from casebook.service import sign_on
from casebook.web.doors import Door, Route, local_address
from casebook.web.telling import in_words
from casebook.web.views.entry import Entry

COOKIE = "sign_on"
"""Where the browser's session keeps a sign-on under way."""

LASTS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class SignOn(Entry):
    """The way in through a provider of identities."""

    def routes(self) -> tuple[Route, ...]:
        """List the pages; both are GET, as the protocol has it, and are good only for the browser that started."""
        return (
            Route("/sign-on", "sign_on", self.start, Door.ANYONE),
            Route("/sign-on/back", "sign_on_back", self.back, Door.ANYONE),
        )

    def start(self) -> ResponseReturnValue:
        """Send the browser to the provider; with `again`, to prove itself anew there."""
        provider, goal = self._provider(), local_address(request.args.get("next", ""))
        try:
            started = provider.start(self._address(), again="again" in request.args)
        except (ProviderAway, ProviderRefused) as error:
            return self.login_page(503, goal=goal, error=in_words(error))
        session[COOKIE] = {**asdict(started), "url": "", "goal": goal, "at": self.now.isoformat()}
        return redirect(started.url, 303)

    def back(self) -> ResponseReturnValue:
        """Let in whom the provider vouches for; asks for our own code where it did not ask for a second factor."""
        # Taken out: a sign-on comes back once.
        begun = session.pop(COOKIE, None)
        goal = local_address(begun["goal"]) if begun else "/desk/"
        try:
            claims = self._claims(begun)
        except (ProviderAway, ProviderRefused) as error:
            return self.login_page(503 if isinstance(error, ProviderAway) else 401, goal=goal, error=in_words(error))
        return self._let_in(claims, goal)

    def _claims(self, begun: dict[str, Any] | None) -> Claims:
        # No transaction is open while the provider is spoken to.
        if begun is None or self.now - datetime.fromisoformat(begun["at"]) > LASTS:
            raise ProviderRefused
        started = Started(begun["url"], begun["state"], begun["nonce"], begun["verifier"], begun["again"])
        return self._provider().finish(self._address(), started, request.args)

    def _let_in(self, claims: Claims, goal: str) -> ResponseReturnValue:
        second = self._provider().trusts_two_factors or two_factors(claims.amr, claims.acr)
        newcomer = None
        with self.begin() as db:
            user = sign_on.recognise(db, claims, self.tools.keys, self.now)
            if user is not None and (second or user.totp_sealed is None):
                newcomer = self.begin_session(db, user, second=second)
        if newcomer is not None:
            return self.welcome(newcomer, goal)
        if user is not None:
            return self.code_page(user, goal, None)
        return self.login_page(403, goal=goal, error=str(sign_on.NotInvited()))

    def _provider(self) -> OpenId:
        if self.tools.sign_on is None:
            abort(404)
        return self.tools.sign_on

    def _address(self) -> str:
        return f"{self.tools.house.base_url}/desk/sign-on/back"
