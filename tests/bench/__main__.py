"""Everything that is measured, one after the other: `make bench`."""

from __future__ import annotations

from rich.console import Console

from tests.acceptance.running import MODELS
from tests.bench import desk, first_content, gateway, journey, webhooks

print("== webhooks")
webhooks.measure()
print("== the desk, 1,000,000 cases")
desk.measure(1_000_000)
print("== the desk in a browser, 100,000 cases")
first_content.measure(100_000)
for name, model in (("ctc", "viet-ctc"), ("whisper", "whisper-base")):
    print(f"== journey of a call, {name}")
    if (MODELS / model).is_dir():
        journey.measure(name)
    else:
        print(f"skipped: python app.py models install {model}")
print("== gateway, 20 calls at once")
gateway.at_once(Console(), calls=20, seconds=5.0)
