"""`check`: everything a hotline needs, looked at one by one, with a fix for each fault."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from urllib.parse import urlsplit

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from config.checks import Check, Finding, Verdict, house_checks, mind, well, wrong
from config.directory.store import lines_of, units_of
from config.directory.units import shared_aliases
from config.settings import Settings
from config.told import Told
from ivr.adapters.provider import ProviderApi
from ivr.gateway.check import gateway_checks
from ivr.prompt_check import missing_files
from ivr.rotation import prove_keys
from ivr.wiring.house import House, open_house
from recordings.audio import ffmpeg_version
from transcription import choice

MARKS = {Verdict.WELL: "[green]✓[/]", Verdict.MIND: "[yellow]![/]", Verdict.WRONG: "[red]✗[/]"}


@click.command()
def command() -> None:
    """Kiểm tra mọi thứ cần cho đường dây nóng; mỗi lỗi kèm cách sửa."""
    with open_house("check") as house:
        sys.exit(report(house))


def report(house: House) -> int:
    """Run every check and print what it found; gives the exit code: 0 when nothing is wrong."""
    findings = [(check.name, check.run()) for check in all_checks(house)]
    Console().print(table_of(findings))
    return int(any(finding.verdict is Verdict.WRONG for _, finding in findings))


def table_of(findings: Iterable[tuple[str, Finding]]) -> Table:
    """Give the findings as a table; what is long is folded, for half the name of a setting helps nobody."""
    table = Table("", "Kiểm tra")
    for title in ("Kết quả", "Cách sửa"):
        table.add_column(title, overflow="fold")
    for name, finding in findings:
        table.add_row(MARKS[finding.verdict], name, escape(finding.text), escape(finding.fix))
    return table


def all_checks(house: House) -> Iterable[Check]:
    """Give every check, from the ground up."""
    yield from house_checks(house.database, house.settings.data_dir)
    yield Check("Khóa mã hóa", lambda: _keys(house), "Đặt lại đúng khóa, hoặc phục hồi secrets.json từ bản sao lưu.")
    yield Check("Kho bản ghi", lambda: _store(house), "Kiểm tra HOTLINE_STORAGE_URL và quyền ghi.")
    yield Check("ffmpeg", lambda: well(ffmpeg_version()), "Cài lại gói: make setup")
    yield Check("Bộ nghe", lambda: _speech(house), "Chạy: python app.py models install")
    yield Check("Máy chủ thư", lambda: _mail(house), "Kiểm tra HOTLINE_SMTP_URL.")
    yield Check("Địa chỉ công khai", lambda: _public_url(house))
    yield Check("Mã xác thực thứ hai", lambda: second_factor(house.settings))
    yield Check("Tài khoản thoại", lambda: _provider(house), "Kiểm tra HOTLINE_TWILIO_ACCOUNT_SID và AUTH_TOKEN.")
    yield from gateway_checks(house.settings, house.secrets)
    yield Check("Danh bạ", lambda: _directory(house), "Chạy: python app.py upgrade")
    yield Check("Lời thoại", lambda: _prompts(house))


def _keys(house: House) -> Finding:
    keys = house.keys
    with house.database.begin() as session:
        opened = prove_keys(session, keys)
    return well("Mở được dữ liệu đã mã hóa" if opened else "Đúng dạng; chưa có dữ liệu nào để mở thử")


def _store(house: House) -> Finding:
    house.store.check()
    return well(Told("Ghi và đọc lại được (%(scheme)s)", scheme=urlsplit(house.settings.store_url).scheme))


def _speech(house: House) -> Finding:
    settings = house.settings
    chosen = choice.choose(settings.speech_engine, settings.speech_model, settings.models_home)
    return well(Told("%(engine)s: %(why)s", engine=chosen.name, why=chosen.why))


def _mail(house: House) -> Finding:
    house.mail.check()
    if house.settings.uses_mail_sink:
        return mind("Đang dùng hộp thư thử nghiệm tại máy", "Đặt HOTLINE_SMTP_URL trước khi dùng thật.")
    server = f"{house.mail.server.host}:{house.mail.server.port}"
    return well(Told("%(server)s nhận kết nối", server=server))


def _public_url(house: House) -> Finding:
    url = house.settings.base_url
    if urlsplit(url).scheme != "https":
        return mind(
            Told("%(url)s không phải https", url=url), "Đặt HOTLINE_PUBLIC_URL là địa chỉ https trước khi nối số thật."
        )
    return well(url)


def second_factor(settings: Settings) -> Finding:
    """Say loudly where a password alone opens the desk."""
    if settings.second_factor_required:
        return well("Bắt buộc với mọi người ở Sở")
    if settings.is_local:
        return mind(
            "KHÔNG bắt buộc: chỉ cần mật khẩu là vào được (địa chỉ chỉ là máy này)",
            "Khi đặt HOTLINE_PUBLIC_URL thật thì tự bắt buộc; hoặc đặt HOTLINE_SECOND_FACTOR=required.",
        )
    return mind(
        "KHÔNG BẮT BUỘC trên địa chỉ công khai: ai biết mật khẩu là đọc được phản ánh",
        "Đặt HOTLINE_SECOND_FACTOR=required (hoặc bỏ trống) trước khi dùng thật.",
    )


def _provider(house: House) -> Finding:
    if house.settings.twilio_account_sid is None:
        return mind(
            "Chưa có tài khoản; chỉ nhận cuộc gọi thử tại máy",
            "Đặt HOTLINE_TWILIO_ACCOUNT_SID và HOTLINE_TWILIO_AUTH_TOKEN.",
        )
    ProviderApi(house.settings.provider_url, house.secrets.account_sid, house.secrets.auth_token).check()
    return well(Told("%(url)s nhận tài khoản", url=house.settings.provider_url))


def _directory(house: House) -> Finding:
    with house.database.begin() as session:
        lines, units = lines_of(session), units_of(session)
    if not lines or not units:
        return wrong("Chưa nạp danh bạ", "Chạy: python app.py upgrade")
    without = [unit.name for unit in units if not unit.email]
    if without:
        some = ", ".join(without[:3])
        text = Told("%(n)s đơn vị chưa có địa chỉ thư: %(some)s…", n=len(without), some=some)
        return mind(text, "Bổ sung địa chỉ thư.")
    shared = shared_aliases(units)
    if shared:
        return mind(
            Told("%(n)s tên gọi dùng chung cho nhiều đơn vị", n=len(shared)),
            Told("%(shared)s", shared=tuple(alias.told for alias in shared[:3])),
        )
    return well(Told("%(lines)s đường dây, %(units)s đơn vị", lines=len(lines), units=len(units)))


def _prompts(house: House) -> Finding:
    with house.database.begin() as session:
        missing = missing_files(lines_of(session), house.settings.prompts_home)
    if missing:
        return mind(
            Told("%(n)s lời thoại chưa có tệp thu sẵn, sẽ được máy đọc", n=len(missing)),
            Told("Thu âm rồi đặt vào %(folder)s", folder=house.settings.prompts_home),
        )
    return well("Mọi lời thoại đã có tệp thu sẵn")
