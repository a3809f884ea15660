"""The readers' pages as HTML: templates of their own, in the colours of the publication's theme and in any language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial
from pathlib import Path
from urllib.parse import urlsplit

import jinja2

from digest import shipped
from digest.errors import TemplateError
from digest.render import typography
from digest.render.characters import printable
from digest.render.direction import way_of
from digest.render.languages import Language, language_of
from digest.render.theme import PAGES
from digest.settings import Publication


def write_page(
    name: str,
    publication: Publication,
    *,
    language: str = "",
    templates: Path | None = None,
    values: Mapping[str, object] | None = None,
) -> str:
    """The page `name` (`signup.html`), in `language` or the publication's. `root` in templates is the path under which
    the pages are served, with a slash at its end. Raises TemplateError, ConfigurationError."""
    spoken = language_of(language or publication.language, templates)
    environment = _environment(templates, spoken)
    words = {
        "publication": printable(publication),
        "theme": publication.theme,
        "root": root_of(publication),
        "language": spoken.code,
        "right_to_left": spoken.right_to_left,
        "capitals": spoken.capitals,
        **(values or {}),
    }
    try:
        return environment.get_template(name).render(words)
    except jinja2.TemplateError as error:
        raise TemplateError(f"pages/{name}: {error}", hint="mend the page's template") from error


def root_of(publication: Publication) -> str:
    """The path of the readers' pages: `/letters/` of `https://docket.example/letters/`."""
    return urlsplit(publication.web).path or "/"


@lru_cache(maxsize=32)
def _environment(own: Path | None, language: Language) -> jinja2.Environment:
    folders = [*([own / PAGES] if own else []), shipped.templates() / PAGES]
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(language.words, newstyle=True)  # type: ignore[attr-defined]  # i18n adds it
    made.filters |= {
        "headline": partial(typography.headline, rules=language.rules),
        "running": partial(typography.running, rules=language.rules),
        "number": language.number,
        "listed": language.listed,
        "date_line": language.date_line,
    }
    made.globals["way_of"] = partial(way_of, right_to_left=language.right_to_left)
    return made
