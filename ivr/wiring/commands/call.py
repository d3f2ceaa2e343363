"""`call`: the test caller."""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import urlsplit

import click

from config.directory.store import lines_of
from ivr.adapters.synthesis import synthesiser
from ivr.caller.command import CallOptions, Surroundings, place_call
from ivr.caller.media import DEFAULT_PORT
from ivr.carrier.ledger import Account
from ivr.wiring.house import House, open_house

SOUND = click.Path(exists=True, dir_okay=False, path_type=Path)
CALLBACKS = click.Choice(["once", "twice", "late", "swapped", "never"])


@click.command()
@click.option("--line", default="0967771010", show_default=True, help="Số đường dây gọi tới.")
@click.option("--from", "caller", default=None, help="Số người gọi; để trống thì chọn ngẫu nhiên.")
@click.option("--say", multiple=True, type=SOUND, help="Tệp WAV: một tệp là câu chuyện, nhiều tệp là từng câu trả lời.")
@click.option("--text", multiple=True, help="Lời nói (được đọc thành tiếng), như --say.")
@click.option("--keys", default=None, help="Phím bấm theo thứ tự được hỏi, ví dụ 1,4,skip.")
@click.option("--hang-up", default=None, help="Gác máy ở bước nào, ví dụ record:2.")
@click.option("--callbacks", type=CALLBACKS, default="once", show_default=True, help="Cách nhà cung cấp báo tin.")
@click.option("--pace", default=0.0, show_default=True, help="Tốc độ: 0 là nhanh nhất, 1 là như thật.")
def command(
    line: str,
    caller: str | None,
    say: tuple[Path, ...],
    text: tuple[str, ...],
    keys: str | None,
    hang_up: str | None,
    callbacks: str,
    pace: float,
) -> None:
    """Gọi thử đường dây nóng bằng giao thức thật của nhà cung cấp."""
    options = CallOptions(
        line=line, caller=caller, say=say, text=text, keys=keys, hang_up=hang_up, callbacks=callbacks, pace=pace
    )
    with open_house("call") as house:
        sys.exit(place_call(options, surroundings(house)))


def surroundings(house: House) -> Surroundings:
    """Give what the test caller needs: our address, the account, the lines, a voice."""
    with house.database.begin() as session:
        lines = lines_of(session)
    return Surroundings(
        public_url=house.settings.base_url,
        account=Account(house.secrets.account_sid, house.secrets.auth_token),
        lines=lines,
        voice=synthesiser(house.settings.data_dir / "synthesis"),
        case_link=house.department.case_link,
        media_port=urlsplit(house.settings.provider_url).port or DEFAULT_PORT,
    )
