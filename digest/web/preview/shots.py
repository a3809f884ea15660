"""Pictures of a letter in every form that its readers may see."""

from __future__ import annotations

import html
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from digest.model.preview import Look, Specimen, View
from digest.office.proofs import Proof, Proofs
from digest.web.preview.chromium import Tab, browsing

WIDTHS = (360, 600, 1280)
"""Phone, tablet and desktop, in px."""
_TEXT_WIDTH = 600
_WINDOW = 900  # px; the pictures are as tall as the letter

_TEXT_STYLE = "margin:20px;font:13px/20px monospace;white-space:pre-wrap;overflow-wrap:anywhere"
_TEXT_PAGE = f'<!doctype html><meta charset="utf-8"><pre style="{_TEXT_STYLE}">{{}}</pre>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One picture to take: of a page, at a width in px. `name` says what it shows."""

    name: str
    width: int
    view: View


def shots() -> Iterator[Shot]:
    """Every letter at every width: the four looks, without pictures, clipped."""
    views = {look.value: View(look=look) for look in Look}
    views |= {"pictures-off": View(pictures=False), "clipped": View(clipped=True)}
    for width in WIDTHS:
        for name, view in views.items():
            yield Shot(name=f"{width}-{name}", width=width, view=view)


def take(proofs: Proofs, proof: Proof, folder: Path) -> Iterator[Path]:
    """Writes the pictures into `folder`, and gives each one's path as it is done. Raises ConfigurationError."""
    specimen = proofs.specimen(proof.issue, proof.rendered)
    with browsing() as tab, tempfile.TemporaryDirectory(prefix="digest-shot-") as scratch:
        folder.mkdir(parents=True, exist_ok=True)
        page = Path(scratch, "letter.html")
        for shot in shots():
            page.write_text(proofs.page(specimen, shot.view), encoding="utf-8")
            yield _taken(tab, page, shot.width, folder / f"{proof.issue.id}-{shot.name}.png")
        page.write_text(_text_page(specimen), encoding="utf-8")
        yield _taken(tab, page, _TEXT_WIDTH, folder / f"{proof.issue.id}-text.png")


def _taken(tab: Tab, page: Path, width: int, picture: Path) -> Path:
    tab.resize(width, _WINDOW)
    tab.open(page.as_uri())
    picture.write_bytes(tab.picture())
    return picture


def _text_page(specimen: Specimen) -> str:
    return _TEXT_PAGE.format(html.escape(specimen.text))
