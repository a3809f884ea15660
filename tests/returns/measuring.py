"""How well mail that comes back is understood, by what upstream states of real mails.

Upstream states the failed addresses (flufl.bounce), or for each recipient in its order whether the bounce is hard
(sisimai). The corpus is measured in two halves that a hash of the names makes.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import md5
from pathlib import Path

from digest.model.readers import EventKind
from digest.model.returns import ReturnedMail, ReturnKind
from digest.returns.understanding import understand

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpora" / "bounces"
_BOUNCE = frozenset({ReturnKind.REPORT, ReturnKind.COMPLAINT})
_OF_REASON = {
    "vacation": frozenset({ReturnKind.AUTOMATIC}),
    # Upstream counts a mailed wish to leave, as Apple Mail writes it, among the reports of abuse.
    "feedback": frozenset({ReturnKind.COMPLAINT, ReturnKind.UNSUBSCRIBE}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """A mail that was not understood as upstream does."""

    file: str
    why: str
    understood: ReturnedMail


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One half: mails of which upstream states something, and those that are none and were `mistaken` for a bounce."""

    half: str
    stated: int
    others: int
    wrong: tuple[Wrong, ...]
    mistaken: tuple[Wrong, ...]

    @property
    def right(self) -> float:
        """Which part of the mails was understood rightly."""
        return 1 - len(self.wrong) / max(1, self.stated)


def measure() -> tuple[Measured, ...]:
    """Both halves of the corpus."""
    with (CORPUS / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(_measured(half, [row for row in rows if half_of(row["file"]) == half]) for half in ("first", "second"))


def half_of(name: str) -> str:
    """The half that a file belongs to."""
    digest = md5(name.encode(), usedforsecurity=False).digest()
    return "first" if digest[0] % 2 else "second"


def _measured(half: str, rows: list[Mapping[str, str]]) -> Measured:
    stated = [row for row in rows if _states(row)]
    others = [row for row in rows if _is_no_bounce(row)]
    return Measured(
        half=half,
        stated=len(stated),
        others=len(others),
        wrong=tuple(_wrong(stated)),
        mistaken=tuple(each for row in others if (each := _mistaken(row))),
    )


def _states(row: Mapping[str, str]) -> bool:
    return bool(row["failed_permanent"] or row["failed_temporary"] or row["reason"])


def _is_no_bounce(row: Mapping[str, str]) -> bool:
    return row["reason"] == "vacation" or "notbounce" in row["file"] or row["note"] == "not a bounce"


def _wrong(rows: list[Mapping[str, str]]) -> Iterator[Wrong]:
    for row in rows:
        mail = understand((CORPUS / row["file"]).read_bytes())
        if why := _by_verdict(row, mail) if row["reason"] else _by_address(row, mail):
            yield Wrong(file=row["file"], why=why, understood=mail)


def _mistaken(row: Mapping[str, str]) -> Wrong | None:
    mail = understand((CORPUS / row["file"]).read_bytes())
    return Wrong(file=row["file"], why="is no bounce", understood=mail) if mail.kind in _BOUNCE else None


def _by_address(row: Mapping[str, str], mail: ReturnedMail) -> str:
    permanent, temporary = (set(row[column].lower().split()) for column in ("failed_permanent", "failed_temporary"))
    if {fate.address for fate in mail.fates} != permanent | temporary:
        return f"failed: {' '.join(sorted(permanent | temporary))}"
    hard = any(fate.kind is EventKind.HARD_BOUNCE and fate.address in temporary for fate in mail.fates)
    delayed = any(fate.kind is EventKind.DEFERRED and fate.address in permanent for fate in mail.fates)
    return "for the time being" if hard else "for good" if delayed else ""


def _by_verdict(row: Mapping[str, str], mail: ReturnedMail) -> str:
    reasons = set(row["reason"].split(" | "))
    if len(reasons) == 1 and (kinds := _OF_REASON.get(next(iter(reasons)))):
        return "" if mail.kind in kinds else row["reason"]
    hard = [value == "true" for value in row["hard_bounce"].split(" | ")]
    found = [fate.kind is EventKind.HARD_BOUNCE for fate in mail.fates]
    return "" if hard == found else f"{row['reason']}: hard {row['hard_bounce']}"
