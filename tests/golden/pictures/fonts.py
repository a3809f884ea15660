"""The fonts that pictures are set in, the same on every machine: free twins of those that letters name.

They are Debian's fonts-liberation and fonts-noto-core, and Gelasio (a twin of Georgia) from the npm package
@fontsource/gelasio. `.ci/run` installs all of them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from fontTools.ttLib import TTFont

from tests.reference.packages import PACKAGES

SYSTEM = Path("/usr/share/fonts")
OF_THE_SYSTEM = (
    *(f"LiberationSans-{style}.ttf" for style in ("Regular", "Bold", "Italic", "BoldItalic")),
    *(f"LiberationSerif-{style}.ttf" for style in ("Regular", "Bold", "Italic", "BoldItalic")),
    *(f"{face}-{weight}.ttf" for face in ("NotoNaskhArabic", "NotoSerif") for weight in ("Regular", "Bold")),
)
# As web fonts, which the browser does not take from the system: they are unpacked.
GELASIO = tuple(
    PACKAGES / "@fontsource" / "gelasio" / "files" / f"gelasio-latin-{weight}-{style}.woff"
    for weight in (400, 700)
    for style in ("normal", "italic")
)
# Gelasio draws it over the letter before it; where it has none, Noto Serif's is taken.
OKINA = 0x2BB
STANDS_FOR = {
    "Georgia": "Gelasio",
    "serif": "Gelasio",
    "Times New Roman": "Liberation Serif",
    "Helvetica": "Liberation Sans",
    "Arial": "Liberation Sans",
    "sans-serif": "Liberation Sans",
    "Geeza Pro": "Noto Naskh Arabic",
}
CONFIGURATION = """<?xml version="1.0"?>
<fontconfig>
<dir>{folder}</dir>
<cachedir>{folder}/cache</cachedir>
{aliases}
<match target="font">
<edit name="antialias" mode="assign"><bool>true</bool></edit>
<edit name="hinting" mode="assign"><bool>false</bool></edit>
<edit name="rgba" mode="assign"><const>none</const></edit>
</match>
</fontconfig>
"""
ALIAS = """<match target="pattern"><test name="family"><string>{name}</string></test>
<edit name="family" mode="assign" binding="same"><string>{twin}</string></edit></match>"""


def missing() -> str:
    """What is not installed, in words; nothing when all is there."""
    files = [name for name in OF_THE_SYSTEM if not _installed(name)]
    return ", ".join([*files, *(path.name for path in GELASIO if not path.is_file())])


def laid_out(folder: Path) -> Path:
    """Puts the fonts into `folder` and gives the configuration (a FONTCONFIG_FILE) that knows them and no others."""
    folder.mkdir(parents=True, exist_ok=True)
    for source in _system_files():
        shutil.copyfile(source, folder / source.name)
    for source in GELASIO:
        font = TTFont(source)
        font.flavor = None
        for table in font["cmap"].tables:
            table.cmap.pop(OKINA, None)
        font.save(folder / f"{source.stem}.ttf")
    configuration = folder / "fonts.conf"
    aliases = "\n".join(ALIAS.format(name=name, twin=twin) for name, twin in STANDS_FOR.items())
    configuration.write_text(CONFIGURATION.format(folder=folder, aliases=aliases), encoding="utf-8")
    return configuration


def _system_files() -> Iterator[Path]:
    for name in OF_THE_SYSTEM:
        found = _installed(name)
        assert found, name
        yield found


def _installed(name: str) -> Path | None:
    return next(SYSTEM.rglob(name), None)
