"""The readers' pages as HTML: templates of their own, in the colours of the publication's theme and in any language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import jinja2
from babel import Locale
from markupsafe import Markup

from digest import shipped
from digest.errors import TemplateError
from digest.model import Logo
from digest.render import typography
from digest.render.direction import way_of
from digest.render.languages import Language, language_of
from digest.render.letter import contact_of, printable_publication
from digest.render.theme import PAGES
from digest.settings import Publication

_STYLE = "style.css"


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleSheet:
    """The sheet that all pages share. Its `name` is another one whenever it says something else."""

    name: str
    css: str


def write_page(
    name: str,
    publication: Publication,
    *,
    language: str = "",
    chosen: bool = False,
    templates: Path | None = None,
    values: Mapping[str, object] | None = None,
) -> str:
    """The page `name` (`signup.html`), in `language` or the publication's; where a visitor has `chosen` it, the page's
    links keep it. `root` in templates is the path under which the pages are served, with a slash at its end. Raises
    TemplateError, ConfigurationError."""
    spoken = language_of(language or publication.language, templates)
    root = root_of(publication)
    words = {
        "publication": printable_publication(publication),
        "contact": contact_of(publication),
        "theme": publication.theme,
        "logo": _own_logo(publication),
        "root": root,
        "style": root + style_sheet(publication, templates).name,
        "to": _ways(root, spoken.code if chosen else ""),
        "privacy": _ways(root, spoken.code if chosen else "")("privacy"),
        "language": spoken.code,
        "right_to_left": spoken.right_to_left,
        "capitals": spoken.capitals,
        **(values or {}),
    }
    return _written(_template(name, _environment(templates, spoken)), words)


def write_still(name: str, publication: Publication, *, language: str, templates: Path | None = None) -> str:
    """A page, or a part of one, that is told nothing: written once, until its template is another one."""
    spoken = language_of(language, templates)
    return _still(_template(name, _environment(templates, spoken)), publication, language, templates)


def style_sheet(publication: Publication, templates: Path | None = None) -> StyleSheet:
    """The style sheet of the pages, the same in all languages. Raises TemplateError."""
    return _sheet(_template(_STYLE, _environment(templates, language_of(publication.language, templates))), publication)


def root_of(publication: Publication) -> str:
    """The path of the readers' pages: `/letters/` of `https://docket.example/letters/`."""
    return urlsplit(publication.web).path or "/"


@lru_cache(maxsize=8)
def _sheet(template: jinja2.Template, publication: Publication) -> StyleSheet:
    """Written once: every page asks for its name. A template that changes is another one."""
    css = _written(template, {"theme": publication.theme})
    return StyleSheet(name=f"style-{sha256(css.encode()).hexdigest()[:12]}.css", css=css)


@lru_cache(maxsize=32)
def _still(template: jinja2.Template, publication: Publication, language: str, templates: Path | None) -> str:
    return write_page(template.name or "", publication, language=language, templates=templates)


def _template(name: str, environment: jinja2.Environment) -> jinja2.Template:
    with _explained(name):
        return environment.get_template(name)


def _written(template: jinja2.Template, words: Mapping[str, object]) -> str:
    with _explained(template.name or ""):
        return template.render(words)


@contextmanager
def _explained(name: str) -> Iterator[None]:
    try:
        yield
    except jinja2.TemplateError as error:
        raise TemplateError(f"pages/{name}: {error}", hint="mend the page's template") from error


def _ways(root: str, language: str) -> Callable[[str], str]:
    """Makes the addresses of our pages out of their places under the root."""
    query = f"?{urlencode({'language': language})}" if language else ""
    return lambda place: f"{root}{place}{query}"


def _own_logo(publication: Publication) -> Logo | None:
    """The logo, if it lies with the pages: they ask no other site for anything."""
    logo, own = publication.theme.logo, publication.web
    return logo if logo and logo.address.startswith(own) and (logo.dark or own).startswith(own) else None


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
        "weekday": language.weekday,
        "own_name": _own_name,
        "isolated": _isolated,
    }
    made.globals["way_of"] = partial(way_of, right_to_left=language.right_to_left)
    return made


def _isolated(text: str) -> Markup:
    """An address among words, whose parts keep their order whatever the direction of the words."""
    return Markup('<bdi dir="ltr">{}</bdi>').format(text)


@lru_cache(maxsize=64)
def _own_name(code: str) -> str:
    """A language's name in itself: `Español`."""
    locale = Locale.parse(code, sep="-")
    name = locale.get_display_name() or code
    return name[:1].upper() + name[1:]
