"""Reading gettext catalogues (`.po`), and refusing those that would break a letter."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages import Catalog
from babel.messages.catalog import Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from digest.errors import ConfigurationError

_HINT = "correct the catalogue; nothing was kept and nothing sent"


def translations(files: Iterable[Path], locale: Locale) -> NullTranslations:
    """The words of the catalogues, the first one's first; English is what none of them has.

    Messages marked fuzzy count as not translated. Raises ConfigurationError, with file and line.
    """
    return reduce(_before, reversed([_translations(file, locale) for file in files]), NullTranslations())


def catalogue(file: Path, locale: Locale) -> Catalog:
    """The catalogue as it stands, checked. Raises ConfigurationError, with file and line."""
    try:
        with file.open("rb") as lines:
            read = read_po(lines, locale=locale, abort_invalid=True)
    except PoFileError as error:
        raise ConfigurationError(f"{file}:{error.lineno}: {error}", hint=_HINT) from error
    except (OSError, ValueError, LookupError, SyntaxError) as error:
        raise ConfigurationError(f"{file} cannot be read as a catalogue: {error}", hint=_HINT) from error
    _check(file, read)
    return read


def _before(later: NullTranslations, first: NullTranslations) -> NullTranslations:
    first.add_fallback(later)
    return first


def _translations(file: Path, locale: Locale) -> GNUTranslations:
    compiled = BytesIO()
    write_mo(compiled, catalogue(file, locale))
    compiled.seek(0)
    return GNUTranslations(compiled)


def _check(file: Path, read: Catalog) -> None:
    """A placeholder that English does not have would stop the letter when it is made: it stops here, with its place."""
    for message, errors in read.check():
        raise ConfigurationError(f"{file}:{message.lineno}: {_named(message)}: {errors[0]}", hint=_HINT)


def _named(message: Message) -> str:
    return repr(message.id if isinstance(message.id, str) else message.id[0])
