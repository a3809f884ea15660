"""The galley: the newest proof that could be made, and what stands in the way of the next one."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from threading import Lock

from digest import app
from digest.clock import Clock
from digest.errors import DigestError
from digest.model import Preflight
from digest.model.preview import Kept
from digest.office.proofs import Proof, Proofs
from digest.settings import Settings
from digest.web.preview.watch import Stamps, sources_of, store_of

_log = logging.getLogger(__name__)

Examine = Callable[[Proofs, str, bool], Preflight | None]
"""Looks an issue of the proofs over; the flag says whether links are asked for their answers."""
LoadSettings = Callable[[], Settings]


def examine(proofs: Proofs, issue: str, links: bool) -> Preflight | None:
    """The publication's own preflight."""
    return proofs.preflight(issue, links=links)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What the page shows: a proof, and what was found in it."""

    proof: Proof
    preflight: Preflight | None
    readers: int | None
    """How many are on the list; None when it cannot be read."""


class Galley:
    """Makes proofs of one issue as its files change. Threads may share it.

    The store is copied once and again when it has changed; templates, configuration and note are read each time.
    """

    def __init__(
        self, load: LoadSettings, clock: Clock, *, day: date | None = None, examine: Examine = examine
    ) -> None:
        self.settings = load()
        self.sheet: Sheet | None = None
        self.trouble: DigestError | None = None
        """Why there is no newer proof than the one that is shown."""
        self.number = 0
        self.made_from: tuple[Stamps, Stamps] = ({}, {})
        self._load, self._clock, self._day, self._examine = load, clock, day, examine
        self._opened = ExitStack()
        self._proofs: Proofs | None = None
        self._copied: tuple[object, ...] = ()
        self._making, self._using = Lock(), Lock()
        """One proof is made at a time; and the store that is in use is not closed."""

    def refresh(self, told: Callable[[], None] = lambda: None) -> None:
        """Makes a new proof; when that fails, keeps the last one and the reason. What is new has a new number.

        Where templates alone have changed, `told` is called as soon as the letter is set, before it is looked over.
        """
        with self._making:
            before = self.sheet, self.trouble
            changed = self._look_around()
            try:
                self._renew(changed, told)
                self.trouble = None
            except DigestError as trouble:
                self.trouble = trouble
            except Exception as fault:
                self.trouble = unexpected(fault)
            if (self.sheet, self.trouble) != before:
                self.number += 1

    @contextmanager
    def proofs(self) -> Iterator[Proofs]:
        """The proofs that the sheet came from, for one use at a time, also while a new one is made."""
        if self._proofs is None:
            self.refresh()
        with self._using:
            if self._proofs is None:
                raise self.trouble or DigestError("the preview has ended")
            yield self._proofs

    @contextmanager
    def fresh(self) -> Iterator[tuple[Proofs, Proof]]:
        """A proof made this instant on a copy of its own, for what takes time or must know the last refusal."""
        with _dry_run(self._load(), self._clock) as proofs:
            yield proofs, proofs.proof(self._day)

    def with_links(self) -> Preflight | None:
        """What is found when every link is asked for its answer. Raises DigestError."""
        with self.fresh() as (proofs, proof):
            return self._examine(proofs, proof.issue.id, True)

    def send_test_copy(self, address: str) -> str:
        """Sends what is shown to one address, through the real provider. Gives its words. Raises DigestError."""
        with self.fresh() as (proofs, proof):
            return proofs.publication.sending.send_test_copy(proof.issue.id, address)

    def sources(self) -> Stamps:
        """The state of every file that somebody edits and the proof is made from."""
        day = self.sheet.proof.issue.date if self.sheet else self._day
        return sources_of(self.settings, day)

    def store(self) -> Stamps:
        """The state of the store, which gathering, composing and sending change."""
        return store_of(self.settings)

    def close(self) -> None:
        with self._making, self._using:
            self._opened.close()
            self._proofs = None

    def _look_around(self) -> set[str]:
        """Notes what the proof is made from, and gives what has changed of it. It is done before the proof is made, so
        that what changes meanwhile calls for another one."""
        (sources, store), now = self.made_from, (self.sources(), self.store())
        self.made_from = now
        if sources.keys() != now[0].keys():
            app.forget_templates()
        changed = {path for path in sources.keys() | now[0].keys() if sources.get(path) != now[0].get(path)}
        return changed if store == now[1] else {*changed, *now[1]}

    def _renew(self, changed: set[str], told: Callable[[], None]) -> None:
        sheet = self.sheet
        if sheet and not self.trouble and sheet.proof.kept is not Kept.OUT and self._are_templates(changed):
            proofs = self._current()
            proof = proofs.set_anew(sheet.proof)
            self.sheet = replace(sheet, proof=proof)
            self.number += 1
            told()
            self.sheet = self._looked_over(proofs, proofs.keep(proof))
        else:
            self.settings = self._load()
            proofs = self._current()
            self.sheet = self._looked_over(proofs, proofs.proof(self._day))

    def _are_templates(self, changed: set[str]) -> bool:
        folders = app.template_folders(self.settings)
        return bool(changed) and all(any(Path(path).is_relative_to(one) for one in folders) for path in changed)

    def _looked_over(self, proofs: Proofs, proof: Proof) -> Sheet:
        found = self._examine(proofs, proof.issue.id, False)
        return Sheet(proof=proof, preflight=found, readers=_readers(proofs))

    def _current(self) -> Proofs:
        original = (self.settings.store_url, self.settings.archive, store_of(self.settings))
        if self._proofs is None or original != self._copied:
            with self._using:
                self._opened.close()
                self._proofs = None
                self._proofs = self._opened.enter_context(_dry_run(self.settings, self._clock))
            self._copied = original
        self._proofs.publication.settings = self.settings
        return self._proofs


def unexpected(fault: Exception) -> DigestError:
    """A fault of the program in words; the page goes on."""
    _log.debug("unexpected", exc_info=fault)
    return DigestError(
        f"something unexpected went wrong: {type(fault).__name__}: {fault}",
        hint="run `digest --verbose preview` for the details, and report them",
    )


@contextmanager
def _dry_run(settings: Settings, clock: Clock) -> Iterator[Proofs]:
    with (
        tempfile.TemporaryDirectory(prefix="digest-preview-") as archive,
        app.open_dry_run(settings, clock, archive=Path(archive)) as publication,
    ):
        yield Proofs(publication)


def _readers(proofs: Proofs) -> int | None:
    try:
        return proofs.publication.roster().readers
    except DigestError:
        return None
