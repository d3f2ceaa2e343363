"""`prompts`: the words callers hear, and which of them still lack a recorded voice."""

from __future__ import annotations

import click
from rich.console import Console
from rich.table import Table

from config.directory.store import lines_of
from ivr.prompt_check import missing_files, recordable_prompts, studio_script
from ivr.wiring.house import open_house


@click.command()
@click.option("--script", is_flag=True, help="In kịch bản thu âm (CSV: tên tệp, lời).")
def command(*, script: bool) -> None:
    """Liệt kê lời thoại và cho biết lời nào chưa có tệp thu sẵn."""
    with open_house("prompts") as house:
        with house.database.begin() as session:
            lines = lines_of(session)
        prompts = recordable_prompts(lines)
        if script:
            click.echo(studio_script(prompts), nl=False)
            return
        missing = {prompt.name for prompt in missing_files(lines, house.settings.prompts_home)}
        table = Table("Tệp", "Lời", "Thu sẵn")
        for prompt in prompts:
            table.add_row(f"{prompt.name}.wav", prompt.text, "—" if prompt.name in missing else "✓")
        Console().print(table)
