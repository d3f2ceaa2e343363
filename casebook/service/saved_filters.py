"""Lists that a person looks at often, kept under names."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casebook.models import SavedFilter
from config.errors import PermanentError

MOST = 20
"""Saved lists of one person; more would not fit on a screen."""

LONGEST_NAME = 40


class NeedsName(PermanentError):
    """Hãy đặt tên cho bộ lọc, tối đa 40 ký tự."""


class NameTaken(PermanentError):
    """Bạn đã có bộ lọc tên này; hãy đặt tên khác."""


class TooMany(PermanentError):
    """Mỗi người lưu được 20 bộ lọc; hãy xóa bớt rồi lưu lại."""


class NoSuchFilter(PermanentError):
    """Bộ lọc này không còn."""


def all_of(session: Session, user_id: UUID) -> list[SavedFilter]:
    """Give a person's saved lists in the order in which they were made."""
    mine = select(SavedFilter).where(SavedFilter.user_id == user_id)
    return list(session.scalars(mine.order_by(SavedFilter.made_at, SavedFilter.name)))


def save(session: Session, user_id: UUID, name: str, query: str, now: datetime) -> SavedFilter:
    """Keep a list under a name; raises NeedsName, NameTaken or TooMany."""
    _check_name(session, user_id, name)
    number = session.scalar(select(func.count()).select_from(SavedFilter).where(SavedFilter.user_id == user_id))
    if (number or 0) >= MOST:
        raise TooMany
    saved = SavedFilter(user_id=user_id, name=name, query=query, made_at=now)
    session.add(saved)
    session.flush()
    return saved


def rename(session: Session, user_id: UUID, filter_id: UUID, name: str) -> SavedFilter:
    """Call a person's list otherwise; raises NoSuchFilter, NeedsName or NameTaken."""
    saved = _mine(session, user_id, filter_id)
    if saved.name != name:
        _check_name(session, user_id, name)
        saved.name = name
    return saved


def delete(session: Session, user_id: UUID, filter_id: UUID) -> SavedFilter:
    """Forget a person's list, and give what it was, to make it anew; raises NoSuchFilter."""
    saved = _mine(session, user_id, filter_id)
    session.delete(saved)
    return saved


def _mine(session: Session, user_id: UUID, filter_id: UUID) -> SavedFilter:
    saved = session.get(SavedFilter, filter_id)
    if saved is None or saved.user_id != user_id:
        raise NoSuchFilter
    return saved


def _check_name(session: Session, user_id: UUID, name: str) -> None:
    if not 0 < len(name) <= LONGEST_NAME:
        raise NeedsName
    same = select(SavedFilter.id).where(SavedFilter.user_id == user_id, SavedFilter.name == name)
    if session.scalar(same) is not None:
        raise NameTaken
