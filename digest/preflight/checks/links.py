"""Whether links lead somewhere, and whether a letter has those that it must have."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape, unescape

from digest.model import Reached
from digest.preflight.fault import Fault, selector
from digest.preflight.inspected import Look
from digest.preflight.page import Link

HEADERS = ("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Archive")
_SCHEMES = ("http://", "https://", "mailto:", "tel:")


def empty(look: Look) -> Iterator[Fault]:
    """Links that lead nowhere, or run a script."""
    for link in look.page.links:
        wrong = _wrong(link, look)
        if wrong:
            yield Fault(
                title=wrong,
                where=look.places.of_address(link.address, link.words),
                why="who follows it gets nowhere, and filters take such links for fraud",
                do="give it the address of what its words promise",
                anchor=selector("a", "href", link.address),
            )


def dead(look: Look) -> Iterator[Fault]:
    """Links that nobody answers, but for the publication's own pages."""
    yield from _answered(look, Reached.GONE, "readers who follow it find nothing", "correct it, or take it out")


def own_pages(look: Look) -> Iterator[Fault]:
    """The publication's own pages that nobody answers. It does not keep an issue back: letters may go out, and be left
    by mail, before those pages are there."""
    yield from _answered(
        look,
        Reached.GONE,
        "readers who follow it find nothing, until a server answers there",
        "put the pages there that `web.address` promises",
        own=True,
    )


def private(look: Look) -> Iterator[Fault]:
    """Links into a private network."""
    yield from _answered(
        look,
        Reached.PRIVATE,
        "only machines of your own network can follow it; readers cannot",
        "give the public address",
    )


def doubtful(look: Look) -> Iterator[Fault]:
    """Links that did not answer well now, and may for readers."""
    yield from _answered(
        look, Reached.NOT_NOW, "it may fail for readers too", "open it in a browser, and try again later"
    )


def moved(look: Look) -> Iterator[Fault]:
    """Links that are answered somewhere else."""
    for link in _first_of_each(look):
        answer = look.answers.get(link.address)
        if answer and answer.reached is Reached.ANSWERS and answer.moved_to:
            yield Fault(
                title=f"{link.address} leads on to {answer.moved_to}",
                where=look.places.of_address(link.address, link.words),
                why="each step costs a second on a phone, and redirects break first",
                do="give the address at which it ends",
                anchor=selector("a", "href", link.address),
            )


def unasked(look: Look) -> Iterator[Fault]:
    """Links that could not be asked for."""
    answers = look.asked_links
    left = [answer for answer in answers if answer.reached is Reached.UNASKED]
    if left:
        yield Fault(
            title=f"{len(left)} of {len(answers)} links were not checked: {left[0].words}",
            where=left[0].address,
            why="whether they lead anywhere is not known",
            do="run `digest check` again where there is a network",
        )


def figure(look: Look) -> str:
    """`41 answer`."""
    answered = sum(answer.reached is Reached.ANSWERS for answer in look.asked_links)
    return f"{answered} answer"


def ran(look: Look) -> Iterator[Fault]:
    """Stories that stood in an earlier issue."""
    for story in look.letter.issue.stories:
        issue = look.letter.ran.get(story.address)
        if issue:
            yield Fault(
                title=f"this story ran in {issue}",
                where=look.places.of_story(story),
                why="readers get it twice",
                do="make the issue up again; a corrected story has another address, and is taken once more",
                anchor=selector("a", "href", story.address),
            )


def unsubscribe(look: Look) -> Iterator[Fault]:
    """The way out, in both parts."""
    letter = look.letter
    missing = [
        name
        for name, there in (
            ("HTML", any(link.address == letter.unsubscribe for link in look.page.links)),
            ("text part", letter.unsubscribe in letter.text),
        )
        if not there
    ]
    if missing:
        yield Fault(
            title=f"the {' and the '.join(missing)} has no link to unsubscribe",
            where="the foot of the letter",
            why="readers who cannot leave report the letter as spam, and the law asks for it",
            do="put {{ slots.unsubscribe }} into the templates",
        )


def postal_address(look: Look) -> Iterator[Fault]:
    """The publisher's postal address, in both parts."""
    address = _on_one_line(look.settings.publication.postal_address)
    said = (("HTML", look.letter.html, escape(address)), ("text part", look.letter.text, address))
    missing = [name for name, text, line in said if line not in text and _bare(address) not in _bare(unescape(text))]
    if missing:
        yield Fault(
            title=f"the {' and the '.join(missing)} does not name the postal address",
            where="the foot of the letter",
            why="the law asks for it (CAN-SPAM in the United States)",
            do="put {{ publication.postal_address }} into the templates",
        )


def web_view(look: Look) -> Iterator[Fault]:
    """The way to the letter on the web."""
    if not any(link.address == look.letter.web_view for link in look.page.links):
        yield Fault(
            title="the letter has no link to its copy on the web",
            where="the top of the letter",
            why="where a mail program spoils the letter there is no way around",
            do="put {{ links.browser }} into the templates",
        )


def list_headers(look: Look) -> Iterator[Fault]:
    """The headers by which mailboxes show their own button to unsubscribe."""
    missing = [name for name in HEADERS if not look.letter.headers.get(name, "").strip()]
    if missing:
        yield Fault(
            title=f"{', '.join(missing)} missing from the mail's headers",
            where="the mail's headers",
            why="Gmail and Yahoo refuse bulk mail without a way to unsubscribe with one click",
            do="set publication.from and web.address; the headers are made of them",
        )


def _wrong(link: Link, look: Look) -> str:
    address = link.address
    if not address or address == "#":
        return "a link leads nowhere"
    if address.startswith("#"):
        return "" if address[1:] in look.page.identities else f"a link to {address}, which is not in the letter"
    if address.lower().startswith(("javascript:", "vbscript:", "data:", "file:")):
        return f"a link of the kind {address.partition(':')[0]}:"
    return "" if address.lower().startswith(_SCHEMES) else f"{address[:80]} is no whole address"


def _answered(look: Look, reached: Reached, why: str, do: str, *, own: bool = False) -> Iterator[Fault]:
    """Those that came to that; of the pages that nobody answers, the `own` ones or the others."""
    web = look.settings.publication.web
    for link in _first_of_each(look):
        answer = look.answers.get(link.address)
        counts = reached is not Reached.GONE or own == link.address.startswith(web)
        if answer and answer.reached is reached and counts:
            yield Fault(
                title=f"{link.address}: {answer.words}",
                where=look.places.of_address(link.address, link.words),
                why=why,
                do=do,
                anchor=selector("a", "href", link.address),
            )


def _first_of_each(look: Look) -> Iterator[Link]:
    yield from {link.address: link for link in reversed(look.page.links)}.values()


def _on_one_line(address: str) -> str:
    """As the letter has it: its lines with commas between them."""
    return ", ".join(filter(None, (line.strip(" ,") for line in address.splitlines())))


def _bare(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
