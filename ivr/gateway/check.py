"""Whether the gateway is set well and takes calls: for the command `check`."""

from __future__ import annotations

import ipaddress
import secrets as chance
import socket
from collections.abc import Iterable

from config.checks import Check, Finding, mind, well, wrong
from config.secrets import Secrets
from config.settings import Settings
from config.told import Told
from ivr.adapters.provider import ProviderApi
from ivr.gateway.limits import networks
from ivr.gateway.serving import gateway_options
from ivr.ports import ProviderAway

_WAIT = 2.0
_OPTIONS = (
    "OPTIONS sip:check@{host} SIP/2.0\r\nVia: SIP/2.0/UDP {own}:{port};rport;branch=z9hG4bK{branch}\r\n"
    "From: <sip:check@{own}>;tag={branch}\r\nTo: <sip:check@{host}>\r\nCall-ID: {branch}@check\r\n"
    "CSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
)


def gateway_checks(settings: Settings, secrets: Secrets) -> Iterable[Check]:
    """Give the checks of the gateway; none where it is not used."""
    if settings.gateway:
        yield Check(
            "Cổng thoại",
            lambda: _settings(settings, secrets),
            "Xem các biến HOTLINE_GATEWAY_… trong docs/settings.md.",
        )
        yield Check("Cổng thoại đang chạy", lambda: _running(settings, secrets), "Chạy: python app.py gateway")


def _settings(settings: Settings, secrets: Secrets) -> Finding:
    options = gateway_options(settings, secrets)
    allowed = networks(settings.gateway_allow)
    if any(network.prefixlen == 0 for network in allowed):
        return wrong("Ai trên mạng cũng gọi được mà không cần mật khẩu", "Thu hẹp HOTLINE_GATEWAY_ALLOW.")
    outside = any(not network.is_loopback for network in allowed) or options.sip.trunk or options.sip.passwords
    if not options.ari and not outside and not _is_loopback(options.sip.bind[0]):
        return mind("Nghe ở địa chỉ ngoài nhưng chưa cho ai gọi tới", "Đặt HOTLINE_GATEWAY_ALLOW, _USERS hoặc _TRUNK.")
    if not options.ari and options.sip.trunk is None:
        return mind(
            Told(
                "Chưa có trung kế: không chuyển máy tới %(number)s hay số trực được", number=settings.emergency_number
            ),
            "Đặt HOTLINE_GATEWAY_TRUNK trước khi nối số thật.",
        )
    return well("Cấu hình đầy đủ")


def _running(settings: Settings, secrets: Secrets) -> Finding:
    try:
        ProviderApi(settings.gateway_url, secrets.account_sid, secrets.auth_token).check()
    except ProviderAway:
        return mind("Chưa chạy", "Chạy: python app.py gateway (make run đã gồm cổng thoại)")
    if settings.gateway_ari_url is None and not _answers(settings.gateway_bind):
        return wrong(Told("Không trả lời SIP tại %(bind)s", bind=settings.gateway_bind), "Xem nhật ký của cổng thoại.")
    text = "Trả lời SIP tại %(bind)s, phát bản ghi tại %(url)s"
    return well(Told(text, bind=settings.gateway_bind, url=settings.gateway_url))


def _answers(bind: str) -> bool:
    """Whether the gateway answers an OPTIONS from this machine."""
    host, _, port = bind.rpartition(":")
    host = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - compared with
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(_WAIT)
        sock.connect((host, int(port)))
        own, own_port = sock.getsockname()
        request = _OPTIONS.format(host=host, own=own, port=own_port, branch=chance.token_hex(8))
        try:
            sock.send(request.encode())
            return sock.recv(4096).startswith(b"SIP/2.0 200")
        except OSError:
            return False


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
