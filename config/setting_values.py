"""What the values of settings must look like; each raises ValueError, saying what is wanted."""

from __future__ import annotations

from urllib.parse import urlsplit


def host_and_port(value: str) -> str:
    """Give an address to listen on, `host:port`."""
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError("phải có dạng host:port, ví dụ 127.0.0.1:8080")
    return value


def http_url(value: str | None) -> str | None:
    """Give a whole http or https address, without a slash at its end."""
    if value is None:
        return None
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("phải là địa chỉ http:// hoặc https:// đầy đủ")
    return value.rstrip("/")


def issuer_url(value: str | None) -> str | None:
    """Give the address of a provider of identities as it was written: https, but on this machine itself."""
    if value is None:
        return None
    parts = urlsplit(value)
    if not parts.hostname or (parts.scheme != "https" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}):
        raise ValueError("phải là địa chỉ https:// đầy đủ")
    return value


def range_of_ports(value: str) -> str:
    """Give a range of ports that need no privilege, `first-last`."""
    first, _, last = value.partition("-")
    if not first.isdigit() or not last.isdigit() or not 1024 <= int(first) < int(last) < 65536:
        raise ValueError("phải có dạng 20000-21999")
    return value


def known_level(value: str) -> str:
    """Give the name of a log level."""
    if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError("phải là DEBUG, INFO, WARNING hoặc ERROR")
    return value.upper()


def required_or_optional(value: str | None) -> str | None:
    """Give the rule of the second factor; None leaves it to the public address."""
    if value not in {None, "required", "optional"}:
        raise ValueError("phải là required hoặc optional")
    return value
