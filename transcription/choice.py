"""Which engine hears the calls on this machine, and why: chosen from what is set and what is installed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path

from config.errors import SettingsError
from transcription.engines.ctc.settings import CtcSettings
from transcription.errors import ModelMissing
from transcription.model_catalogue import CATALOGUE
from transcription.model_store import is_installed
from transcription.ports import SpeechEngine

AUTO = "auto"

_CLASSES = {
    "vosk": ("transcription.engines.vosk", "VoskEngine"),
    "ctc": ("transcription.engines.ctc.engine", "CtcEngine"),
    "whisper": ("transcription.engines.whisper", "WhisperEngine"),
    "scripted": ("transcription.engines.scripted", "ScriptedEngine"),
}
"""Named, not imported: each engine brings libraries of many megabytes, and one process needs one engine."""

_TITLES = {"vosk": "Vosk tiếng Việt", "ctc": "CTC tiếng Việt", "whisper": "Whisper"}

_MODELS = {"vosk": ("vosk-vn", "vosk-small-vn"), "ctc": ("viet-ctc",), "whisper": ("whisper-base",)}
"""The engines from best liked to least, each with its models likewise."""

_THREADED = ("ctc", "whisper")


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """An engine, its model's directory (None if it needs none), and why it was chosen, in Vietnamese."""

    name: str
    model_path: Path | None
    why: str


def choose(engine: str, model_path: Path | None, models_dir: Path) -> EngineChoice:
    """The engine to use: the one set, or with `auto` the best liked that has a model.

    Raises SettingsError for an unknown engine, ModelMissing when there is no model for it.
    """
    if engine not in (AUTO, *_CLASSES):
        raise SettingsError(f"HOTLINE_SPEECH_ENGINE={engine!r} không có; chọn một trong: auto, {', '.join(_CLASSES)}.")
    if engine == "scripted":
        return EngineChoice(engine, None, "được đặt trong cấu hình; chỉ để thử, không nghe thật")
    if model_path is not None:
        return _configured(engine, model_path)
    wanted = tuple(_MODELS) if engine == AUTO else (engine,)
    for name in wanted:
        for model in _installed(name, models_dir):
            return EngineChoice(name, models_dir / model, _why(engine, name, model))
    raise ModelMissing(_missing(engine, models_dir))


def load(choice: EngineChoice, threads: int = 1, name_bonus: float | None = None) -> SpeechEngine:
    """Load the chosen engine, on `threads` cores where it can be told. Raises ModelMissing or ModelDamaged.

    `name_bonus` is how much an engine that expects names prefers them (None: as measured best).
    """
    module, name = _CLASSES[choice.name]
    make: Callable[..., SpeechEngine] = getattr(import_module(module), name)
    if choice.model_path is None:
        return make()
    if choice.name in _THREADED:
        make = partial(make, threads=threads)
    if choice.name == "ctc" and name_bonus is not None:
        make = partial(make, settings=CtcSettings(bonus=name_bonus))
    return make(choice.model_path)


def _configured(engine: str, model_path: Path) -> EngineChoice:
    name = engine if engine != AUTO else _kind(model_path)
    if name is None:
        raise ModelMissing(f"{model_path} không phải là mô hình Vosk hay Whisper.")
    return EngineChoice(name, model_path, f"dùng mô hình {_TITLES[name]} được đặt trong cấu hình: {model_path}")


def _kind(model_path: Path) -> str | None:
    """Which engine a directory of unknown kind is for, by the files in it."""
    if (model_path / "model.bin").is_file():
        return "whisper"
    if (model_path / "conf").is_dir() or (model_path / "final.mdl").is_file():
        return "vosk"
    return "ctc" if any(model_path.glob("*.onnx")) else None


def _installed(engine: str, models_dir: Path) -> list[str]:
    here = {known.name for known in CATALOGUE if is_installed(known, models_dir)}
    return [model for model in _MODELS[engine] if model in here]


def _why(asked: str, name: str, model: str) -> str:
    if asked == name:
        return f"{_TITLES[name]} được đặt trong cấu hình; mô hình {model} đã cài"
    better = [_TITLES[other] for other in tuple(_MODELS)[: tuple(_MODELS).index(name)]]
    lacking = f"; chưa có mô hình {' và '.join(better)}" if better else ""
    return f"tự chọn {_TITLES[name]}: mô hình {model} đã cài{lacking}"


def _missing(engine: str, models_dir: Path) -> str:
    names = _MODELS[engine] if engine != AUTO else ("viet-ctc",)
    return f"Chưa có mô hình tiếng nói trong {models_dir}; hãy chạy: python app.py models install {names[0]}"
