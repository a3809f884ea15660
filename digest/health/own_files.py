"""What the operator keeps: secrets and who can read them, the list, the postal address, the store."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from digest.model.health import Diagnosis, Verdict

SECRET, FILES, LIST, ADDRESS, STORE = "keys.secret", "keys.files", "list.readable", "publication.address", "store"
SAMPLE_ADDRESS = "12 Court Street, Springfield"
_OTHERS = stat.S_IRGRP | stat.S_IWGRP | stat.S_IROTH | stat.S_IWOTH
_LEAST_LETTERS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreState:
    """How the store is: whether there is one, what is damaged in it (a line for each fault), whether its schema is the
    newest, and why nobody can say."""

    path: Path
    exists: bool = True
    faults: tuple[str, ...] = ()
    is_newest: bool = True
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListState:
    """How the list is: its readers, the rows that are left out, and why it cannot be read."""

    path: Path
    readers: int = 0
    left_out: Mapping[str, int]
    trouble: str = ""


def modes_of(files: Iterable[tuple[str, Path]]) -> tuple[tuple[str, Path, int], ...]:
    """What each file is to whom: its name in words, its path and its mode; files that are not there are left out."""
    found = []
    for name, path in files:
        with suppress(OSError):
            found.append((name, path, stat.S_IMODE(path.stat().st_mode)))
    return tuple(found)


def judge_modes(files: Iterable[tuple[str, Path, int]]) -> Diagnosis:
    """Whether others on this machine can read secrets and addresses."""
    open_ones = [(name, path) for name, path, mode in files if mode & _OTHERS]
    if not open_ones:
        return _said(FILES, Verdict.OK, "nobody else on this machine can read secrets and addresses")
    named = ", ".join(f"{path} ({name})" for name, path in open_ones)
    do = f"chmod 600 {' '.join(str(path) for _, path in open_ones)}"
    return _said(FILES, Verdict.LOOK, f"others on this machine can read {named}", do)


def judge_secret(secret: str) -> Diagnosis:
    """What signs the readers' links. Empty stands for the random one that is kept in the store."""
    if not secret:
        words = "readers' links are signed with a random key that is kept in the store"
        return _said(SECRET, Verdict.OK, f"{words}; whoever loses the store loses it")
    if len(secret) < _LEAST_LETTERS:
        words = f"DIGEST_SECRET has {len(secret)} characters, and could be guessed"
        do = "Make a longer one: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
        return _said(SECRET, Verdict.LOOK, words, do)
    return _said(SECRET, Verdict.OK, "readers' links are signed with DIGEST_SECRET")


def judge_address(postal_address: str) -> Diagnosis:
    """Whether the postal address in the footer is the publisher's."""
    if " ".join(postal_address.replace("\n", ", ").split()).lower() == SAMPLE_ADDRESS.lower():
        words = "the postal address is that of the sample newsroom"
        return _said(
            ADDRESS, Verdict.WRONG, words, "Write your own into publication.postal_address; the law asks for it"
        )
    return _said(ADDRESS, Verdict.OK, "there is a postal address")


def judge_list(state: ListState) -> Diagnosis:
    """Whether the list can be read, and has readers."""
    if state.trouble:
        return _said(LIST, Verdict.WRONG, state.trouble, "`digest subscribers check` tells more")
    if not state.readers:
        return _said(LIST, Verdict.LOOK, f"{state.path} has no readers", "`digest subscribers check` tells why")
    out = sum(state.left_out.values())
    words = f"{state.path.name} has {state.readers} readers" + (f" ({out} of its rows left out)" if out else "")
    return _said(LIST, Verdict.OK, words)


def judge_store(state: StoreState) -> Diagnosis:
    """Whether the store is whole and of the newest schema."""
    if state.trouble:
        return _said(STORE, Verdict.NOT_ASKED, f"{state.path}: {state.trouble}")
    if not state.exists:
        return _said(STORE, Verdict.OK, f"there is no store yet; the first gather makes {state.path}")
    if state.faults:
        words = f"{state.path} is damaged: {state.faults[0]}"
        more = f" (and {len(state.faults) - 1} more)" if len(state.faults) > 1 else ""
        return _said(STORE, Verdict.WRONG, f"{words}{more}", "Put a backup in its place, then `digest adopt`")
    if not state.is_newest:
        words = f"{state.path} is of an older version; the next command brings it up to date"
        return _said(STORE, Verdict.LOOK, words, "Keep a copy of it before")
    return _said(STORE, Verdict.OK, f"{state.path} is whole")


def _said(check: str, verdict: Verdict, words: str, do: str = "") -> Diagnosis:
    return Diagnosis(check=check, verdict=verdict, words=words, do=do)
