"""An issue made up as mail, from the publication's templates or the theme that is shipped."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import quote, urlsplit

import jinja2

from digest.errors import TemplateError
from digest.model import Issue, RenderedIssue, Slot
from digest.render import theme
from digest.render.characters import printable
from digest.render.fingerprint import content_hash, fingerprint
from digest.render.headlines import preheader_of, subject_of
from digest.render.languages import Language, language_of
from digest.render.mjml import FaultyMjml, compiled
from digest.render.passages import Marks
from digest.render.picture import without_pictures
from digest.render.place import Place, marking, place_of
from digest.render.slots import markers_of
from digest.settings import Publication

_HINT = "correct the template; nothing was kept and nothing sent"
# What an expression in a template can raise; anything else is a fault of the program.
_RUNTIME_FAULTS = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError)

Compiler = Callable[[str], str]
"""From MJML to HTML. Raises FaultyMjml."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """The addresses in a letter that are not a story's."""

    back_issues: str
    browser: str
    subscribe: str
    forward: str
    """A mail to somebody else, its subject and the letter's address filled in."""
    write: str
    """A mail to the newsroom."""


def render_issue(
    issue: Issue, publication: Publication, *, templates: Path | None = None, compiler: Compiler = compiled
) -> RenderedIssue:
    """The issue as mail: subject, preheader, HTML and text with markers for what differs from reader to reader.

    `templates` is the publication's own folder; a file in it stands for the shipped one of the same name. Another
    `compiler` shows what that one makes of the same MJML. Raises TemplateError, which names the template and the line,
    when a template or the MJML that it makes does not hold; ConfigurationError for a language without a catalogue, or
    with a faulty one.
    """
    issue, publication = printable(issue), printable_publication(publication)
    look = publication.theme
    issue = issue if look.pictures else without_pictures(issue)
    content = content_hash(issue)
    markers = markers_of(content)
    language = language_of(publication.language, templates)
    subject, preheader = subject_of(issue, publication.name, language), preheader_of(issue, language)
    words = _words(issue, publication, markers, language) | {"subject": subject, "preheader": preheader}
    words["links"] = links_of(issue, publication, subject)
    environment = theme.environment(templates, publication.language, look.name)
    marks = Marks(content)
    words["passages"] = marks
    html, html_passages = marks.taken_out(html_of(environment, theme.HTML_TEMPLATE, words, compiler))
    text, text_passages = marks.taken_out(made(environment, theme.TEXT_TEMPLATE, words))
    _check_unsubscribe(markers, html, text)
    return RenderedIssue(
        issue=issue.id,
        subject=subject,
        preheader=preheader,
        html=html,
        text=text,
        slots=markers,
        html_passages=html_passages,
        text_passages=text_passages,
        fingerprint=fingerprint(content, theme.sources(templates, look.name), (subject, preheader, html, text)),
    )


def links_of(issue: Issue, publication: Publication, subject: str) -> Links:
    """The addresses of the letter's own pages, and the two that open a mail."""
    browser = f"{publication.web}issues/{issue.id}/"
    return Links(
        back_issues=f"{publication.web}issues/",
        browser=browser,
        subscribe=publication.web,
        forward=f"mailto:?subject={quote(subject, safe='')}&body={quote(browser, safe='')}",
        write=f"mailto:{quote(contact_of(publication), safe='@+')}",
    )


def contact_of(publication: Publication) -> str:
    """The address that readers can write to."""
    return parseaddr(publication.reply_to or publication.from_)[1]


def printable_publication(publication: Publication) -> Publication:
    """The publication as templates speak of it. Its postal address may be written on several lines: they become one."""
    lines = filter(None, (line.strip(" ,") for line in publication.postal_address.splitlines()))
    return printable(replace(publication, postal_address=", ".join(lines)))


def _words(
    issue: Issue, publication: Publication, markers: Mapping[Slot, str], language: Language
) -> dict[str, object]:
    """Everything a template can speak of, beside subject, preheader and links; the manual lists it."""
    return {
        "issue": issue,
        "publication": publication,
        "theme": publication.theme,
        "date_line": language.date_line(issue.date),
        "slots": {slot.value: marker for slot, marker in markers.items()},
        "contact": contact_of(publication),
        "site_name": urlsplit(publication.site).hostname or publication.site,
        "language": language.code,
        "right_to_left": language.right_to_left,
        "capitals": language.capitals,
    }


def html_of(environment: jinja2.Environment, name: str, words: Mapping[str, object], compiler: Compiler) -> str:
    """What the template `name`, which is MJML, makes of the words. Raises TemplateError."""
    source = made(environment, name, words)
    try:
        return compiler(source)
    except FaultyMjml as error:
        marked = made(marking(environment), name, words)
        lines = [f"{place_of(marked, fault.offset) or name}: {fault.words}" for fault in error.faults]
        raise TemplateError("\n".join(dict.fromkeys(lines)), hint=_HINT) from error


def made(environment: jinja2.Environment, name: str, words: Mapping[str, object]) -> str:
    """What the template `name` makes of the words. Raises TemplateError."""
    try:
        return environment.get_template(name).render(words)
    except jinja2.TemplateSyntaxError as error:
        place = Place(template=error.filename or error.name or name, line=error.lineno)
        raise TemplateError(f"{place}: {error.message}", hint=_HINT) from error
    except jinja2.TemplateNotFound as error:
        raise TemplateError(
            f"{_raised_at(error, environment)}: there is no template {error.name!r}", hint=_HINT
        ) from error
    except (jinja2.TemplateError, *_RUNTIME_FAULTS) as error:
        raise TemplateError(f"{_raised_at(error, environment)}: {error}", hint=_HINT) from error


def _raised_at(error: BaseException, environment: jinja2.Environment) -> str:
    """The last template line on the way to `error`: Jinja keeps templates' own names and lines in its tracebacks."""
    loader = environment.loader
    roots = loader.searchpath if isinstance(loader, jinja2.FileSystemLoader) else []
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(tuple(roots))]
    return str(Place(template=frames[-1].filename, line=frames[-1].lineno or 0)) if frames else "templates"


def _check_unsubscribe(markers: Mapping[Slot, str], html: str, text: str) -> None:
    for name, whole in ((theme.HTML_TEMPLATE, html), (theme.TEXT_TEMPLATE, text)):
        if markers[Slot.UNSUBSCRIBE] not in whole:
            raise TemplateError(
                f"{name}: the letter has no way to unsubscribe",
                hint="put a link to {{ slots.unsubscribe }} into the templates: no letter may go without one",
            )
