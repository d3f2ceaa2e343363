"""Single sign-on with a real provider on loopback: who is let in, who is not, and what is checked on the way."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from casebook.adapters.openid import OpenId
from casebook.models import DeskSession, User
from casebook.rules.policy import Role
from casebook.service import users
from tests.acceptance.desk_app import desk_app

from .conftest import Desk, Visitor
from .identity_provider import CLIENT, SECRET, Provider, asked_of, running_provider
from .test_second_factor import set_up

EMAIL = "thanhtra@soyte.example"


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture
def provider(running: Provider) -> Provider:
    """The provider, knowing one inspector."""
    running.claims = {"email": EMAIL, "email_verified": True}
    running.faults = set()
    return running


@pytest.fixture
def signing(desk: Desk, provider: Provider) -> Desk:
    """The desk with a way in through the provider."""
    return with_provider(desk, OpenId(provider.url, CLIENT, SECRET, "tài khoản Sở"))


def with_provider(desk: Desk, client: OpenId, **changes: Any) -> Desk:
    tools = replace(desk.tools, sign_on=client, **changes)
    return Desk(desk_app(tools), tools, desk.moment)


def local(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def sign_on(visitor: Visitor, provider: Provider, goal: str = "/desk/password") -> tuple[int, str, str]:
    """Go to the provider and back; gives the status, where one is led, and the page."""
    sent = visitor.get(f"/desk/sign-on?next={goal}")
    assert sent.status_code == 303, sent.get_data(as_text=True)
    answer = visitor.get(local(provider.visit(sent.location)))
    return answer.status_code, answer.location or "", answer.get_data(as_text=True)


def subject(desk: Desk, email: str = EMAIL) -> str | None:
    with desk.tools.database.begin() as session:
        return session.scalars(select(User.oidc_subject).where(User.email == email)).one()


def second_factors(desk: Desk) -> list[bool]:
    with desk.tools.database.begin() as session:
        return list(session.scalars(select(DeskSession.second_factor)))


def test_an_invited_person_signs_on_and_is_led_to_where_they_were_going(signing: Desk, provider: Provider) -> None:
    signing.account(Role.INSPECTOR, email=EMAIL)
    visitor = signing.stranger()
    assert "Đăng nhập bằng tài khoản Sở" in visitor.text("/desk/login")
    assert sign_on(visitor, provider, "/desk/?q=x")[:2] == (303, "/desk/?q=x")
    assert visitor.get("/desk/password").status_code == 200
    assert subject(signing) == f"{provider.url} u-1"
    assert signing.desk_kinds()[-2:] == ["sign_on_linked", "login"]


def test_what_is_asked_of_the_provider_is_bound_to_this_browser(signing: Desk, provider: Provider) -> None:
    first, second = (asked_of(signing.stranger().get("/desk/sign-on").location) for _ in range(2))
    assert first["response_type"] == "code"
    assert first["code_challenge_method"] == "S256"
    assert set(first["scope"].split()) == {"openid", "email", "profile"}
    assert first["redirect_uri"] == "http://127.0.0.1:8080/desk/sign-on/back"
    for secret in ("state", "nonce", "code_challenge"):
        assert first[secret] != second[secret]


def test_nobody_gets_an_account_by_signing_on(signing: Desk, provider: Provider) -> None:
    status, _, page = sign_on(signing.stranger(), provider)
    assert (status, "nhờ người vận hành mời" in page) == (403, True)
    assert signing.count(User) == 0
    assert signing.desk_kinds() == ["login_refused"]


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_address_that_was_not_verified_finds_nobody(signing: Desk, provider: Provider, verified: object) -> None:
    signing.account(Role.INSPECTOR, email=EMAIL)
    provider.claims["email_verified"] = verified
    assert sign_on(signing.stranger(), provider)[0] == 403
    assert subject(signing) is None


def test_once_linked_the_subject_counts_and_not_the_address(signing: Desk, provider: Provider) -> None:
    signing.account(Role.INSPECTOR, email=EMAIL)
    sign_on(signing.stranger(), provider)
    provider.claims = {"email": "ten.moi@soyte.example"}
    assert sign_on(signing.stranger(), provider)[0] == 303
    provider.claims = {"email": EMAIL, "email_verified": True, "sub": "u-2"}
    assert sign_on(signing.stranger(), provider)[0] == 403, "the address was given to somebody else"


def test_a_closed_account_stays_closed(signing: Desk, provider: Provider) -> None:
    signing.account(Role.INSPECTOR, email=EMAIL)
    sign_on(signing.stranger(), provider)
    with signing.tools.database.begin() as session:
        users.set_active(session, EMAIL, signing.now, active=False)
    assert sign_on(signing.stranger(), provider)[0] == 403


@pytest.mark.parametrize(
    ("claims", "second"),
    [
        ({}, False),
        ({"amr": ["pwd"]}, False),
        ({"amr": ["pwd", "otp"]}, True),
        ({"amr": ["mfa"]}, True),
        ({"acr": "https://refeds.org/profile/mfa"}, True),
        ({"acr": "1", "amr": "mfa"}, False),
    ],
)
def test_two_factors_count_when_the_provider_says_so(
    signing: Desk, provider: Provider, claims: dict[str, Any], second: bool
) -> None:
    signing.account(Role.INSPECTOR, email=EMAIL)
    provider.claims |= claims
    sign_on(signing.stranger(), provider)
    assert second_factors(signing) == [second]


def test_where_it_is_required_our_own_second_factor_makes_up_for_the_providers(
    signing: Desk, provider: Provider
) -> None:
    strict = with_provider(signing, OpenId(provider.url, CLIENT, SECRET), second_factor_required=True)
    strict.account(Role.INSPECTOR, email=EMAIL)
    visitor = strict.stranger()
    assert sign_on(visitor, provider)[1].startswith("/desk/account/second-factor")
    set_up(strict, visitor)
    status, _, page = sign_on(strict.stranger(), provider)
    assert (status, "Mã xác thực" in page) == (200, True)
    provider.claims["amr"] = ["mfa"]
    assert sign_on(strict.stranger(), provider)[1] == "/desk/password"
    trusting = with_provider(
        strict, OpenId(provider.url, CLIENT, SECRET, trusts_two_factors=True), second_factor_required=True
    )
    provider.claims["amr"] = []
    assert sign_on(trusting.stranger(), provider)[1] == "/desk/password"


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"aud": "somebody-else"},
        {"aud": [CLIENT, "somebody-else"], "azp": "somebody-else"},
        {"nonce": "of another browser"},
        {"nonce": None},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"sub": None},
    ],
)
def test_a_token_that_was_not_made_for_this_sign_on_is_refused(
    signing: Desk, provider: Provider, claims: dict[str, Any]
) -> None:
    signing.account(Role.INSPECTOR, email=EMAIL)
    provider.claims |= claims
    status, _, page = sign_on(signing.stranger(), provider)
    assert (status, "không xác nhận lần đăng nhập này" in page) == (401, True)
    assert second_factors(signing) == []


def without_password(desk: Desk) -> None:
    desk.account(Role.INSPECTOR, email=EMAIL)
    with desk.tools.database.begin() as session:
        session.scalars(select(User).where(User.email == EMAIL)).one().password_hash = ""


@pytest.mark.parametrize(("ago", "shown"), [(5, True), (3600, False), (None, False)])
def test_who_has_no_password_here_proves_themself_at_the_provider(
    signing: Desk, provider: Provider, ago: int | None, *, shown: bool
) -> None:
    without_password(signing)
    visitor = signing.stranger()
    sign_on(visitor, provider)
    code = signing.place()
    signing.grant(visitor, code, "gọi lại hỏi thêm")
    signing.later(minutes=11)
    assert "đăng nhập lại ở nơi cấp tài khoản" in visitor.text(f"/desk/cases/{code}")
    path = f"/desk/cases/{code}/identity/look"
    assert visitor.post(path, {"proof": ""}).status_code == 422
    sent = visitor.get(f"/desk/sign-on?again=1&next=/desk/cases/{code}").location
    assert (asked_of(sent)["prompt"], asked_of(sent)["max_age"]) == ("login", "0")
    provider.claims["auth_time"] = int(time.time()) - ago if ago is not None else None
    visitor.get(local(provider.visit(sent)))
    assert (visitor.post(path).status_code == 200) is shown


def test_a_browser_that_signs_on_anew_leaves_no_session_behind(signing: Desk, provider: Provider) -> None:
    signing.account(Role.INSPECTOR, email=EMAIL)
    visitor = signing.stranger()
    sign_on(visitor, provider)
    sign_on(visitor, provider)
    assert "Bạn chỉ đăng nhập ở trình duyệt này" in visitor.text("/desk/account")


def test_a_token_signed_by_somebody_else_is_refused(signing: Desk, provider: Provider) -> None:
    signing.account(Role.INSPECTOR, email=EMAIL)
    provider.faults.add("signature")
    assert sign_on(signing.stranger(), provider)[0] == 401


def test_a_provider_that_changed_its_key_is_asked_for_the_new_one(signing: Desk, provider: Provider) -> None:
    signing.account(Role.INSPECTOR, email=EMAIL)
    assert sign_on(signing.stranger(), provider)[0] == 303
    provider.change_key()
    assert sign_on(signing.stranger(), provider)[0] == 303


def test_an_answer_that_this_browser_did_not_ask_for_is_refused(signing: Desk, provider: Provider) -> None:
    signing.account(Role.INSPECTOR, email=EMAIL)
    victim, attacker = signing.stranger(), signing.stranger()
    back = local(provider.visit(attacker.get("/desk/sign-on").location))
    assert victim.get(back).status_code == 401
    victim.get("/desk/sign-on")
    assert victim.get(back).status_code == 401


def test_an_answer_is_good_once_and_for_ten_minutes(signing: Desk, provider: Provider) -> None:
    signing.account(Role.INSPECTOR, email=EMAIL)
    visitor = signing.stranger()
    back = local(provider.visit(visitor.get("/desk/sign-on").location))
    assert visitor.get(back).status_code == 303
    visitor.post("/desk/logout")
    assert visitor.get(back).status_code == 401
    back = local(provider.visit(visitor.get("/desk/sign-on").location))
    signing.later(minutes=11)
    assert visitor.get(back).status_code == 401


def test_somebody_who_changes_their_mind_at_the_provider_may_try_again(signing: Desk) -> None:
    visitor = signing.stranger()
    state = asked_of(visitor.get("/desk/sign-on").location)["state"]
    answer = visitor.get(f"/desk/sign-on/back?error=access_denied&state={state}")
    assert answer.status_code == 401
    assert "Đăng nhập bằng" in answer.get_data(as_text=True)


def test_a_provider_that_is_away_leaves_the_password(desk: Desk) -> None:
    lonely = with_provider(desk, OpenId("http://127.0.0.1:1", CLIENT, SECRET))
    answer = lonely.stranger().get("/desk/sign-on")
    assert answer.status_code == 503
    assert "đăng nhập bằng mật khẩu" in answer.get_data(as_text=True)


def test_another_provider_may_not_speak_for_the_issuer(signing: Desk, provider: Provider) -> None:
    provider.faults.add("issuer")
    assert signing.stranger().get("/desk/sign-on").status_code == 503


def test_a_wrong_secret_is_found_out(desk: Desk, provider: Provider) -> None:
    desk.account(Role.INSPECTOR, email=EMAIL)
    wrong = with_provider(desk, OpenId(provider.url, CLIENT, "wrong"))
    assert sign_on(wrong.stranger(), provider)[0] == 401


def test_without_a_provider_there_is_no_such_way(desk: Desk) -> None:
    visitor = desk.stranger()
    assert visitor.get("/desk/sign-on").status_code == 404
    assert "Đăng nhập bằng" not in visitor.text("/desk/login")
