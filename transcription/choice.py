"""Which engine hears the calls on this machine, and why: chosen from what is set and what is installed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, reduce
from importlib import import_module
from pathlib import Path

from config.errors import SettingsError
from config.told import Told
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

_TITLES = {"vosk": Told("Vosk tiếng Việt"), "ctc": Told("CTC tiếng Việt"), "whisper": Told("Whisper")}

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
        text = "HOTLINE_SPEECH_ENGINE=%(engine)s không có; chọn một trong: %(known)s."
        raise SettingsError(Told(text, engine=repr(engine), known=", ".join((AUTO, *_CLASSES))))
    if engine == "scripted":
        return EngineChoice(engine, None, Told("được đặt trong cấu hình; chỉ để thử, không nghe thật"))
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
        raise ModelMissing(Told("%(path)s không phải là mô hình Vosk hay Whisper.", path=model_path))
    why = Told("dùng mô hình %(title)s được đặt trong cấu hình: %(path)s", title=_TITLES[name], path=model_path)
    return EngineChoice(name, model_path, why)


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


def _why(asked: str, name: str, model: str) -> Told:
    if asked == name:
        return Told("%(title)s được đặt trong cấu hình; mô hình %(model)s đã cài", title=_TITLES[name], model=model)
    better = [_TITLES[other] for other in tuple(_MODELS)[: tuple(_MODELS).index(name)]]
    chosen = Told("tự chọn %(title)s: mô hình %(model)s đã cài", title=_TITLES[name], model=model)
    if not better:
        return chosen
    lacking = reduce(lambda one, other: Told("%(one)s và %(other)s", one=one, other=other), better)
    return Told("%(chosen)s; chưa có mô hình %(lacking)s", chosen=chosen, lacking=lacking)


def _missing(engine: str, models_dir: Path) -> Told:
    names = _MODELS[engine] if engine != AUTO else ("viet-ctc",)
    text = "Chưa có mô hình tiếng nói trong %(folder)s; hãy chạy: python app.py models install %(model)s"
    return Told(text, folder=models_dir, model=names[0])
