"""How large the letter is in a mailbox, and how long its lines are there."""

from __future__ import annotations

from collections.abc import Iterator

from digest.preflight.fault import Fault
from digest.preflight.inspected import Look

MOST_BYTES = 95_000
"""Gmail cuts a letter at 102 kB; the rest is for what is added on the way."""
TRACKED_LINK = 220
"""Bytes that SendGrid's click tracking adds to a link: it stands for the address with one of about 300 characters."""
OPEN_PIXEL = 320
LONGEST_SUBJECT = 90
SHORTEST_PREHEADER, LONGEST_PREHEADER = 40, 140
MOST_STYLE_BYTES = 8192
"""Gmail leaves out a style element beyond 8 kB (developers.google.com/gmail/design/css)."""


def html_bytes(look: Look) -> int:
    """The HTML as the mailbox counts it, with what the provider adds. Its transfer encoding does not count."""
    size = len(look.letter.html.encode())
    delivery = look.settings.delivery
    if delivery.provider == "sendgrid":
        tracked = sum(link.address.startswith("http") for link in look.page.links)
        size += tracked * TRACKED_LINK * delivery.sendgrid.track_clicks + OPEN_PIXEL * delivery.sendgrid.track_opens
    return size


def html_figure(look: Look) -> str:
    """`51 of 95 kB`."""
    return f"{html_bytes(look) / 1000:.0f} of {MOST_BYTES / 1000:.0f} kB"


def html(look: Look) -> Iterator[Fault]:
    """HTML that Gmail would cut."""
    if html_bytes(look) > MOST_BYTES:
        yield Fault(
            title=f"the HTML has {html_figure(look)}",
            where="the whole letter",
            why="Gmail cuts it off at 102 kB, and the way to unsubscribe stands at its end",
            do="lower week.max_stories or a section's max, or shorten the links",
        )


def style(look: Look) -> Iterator[Fault]:
    """Style elements that Gmail would leave out."""
    for number, (written, _) in enumerate(look.page.sheets, 1):
        if (size := len(written.encode())) > MOST_STYLE_BYTES:
            yield Fault(
                title=f"style sheet {number} has {size / 1000:.1f} kB",
                where="the head of the letter",
                why="Gmail leaves out style sheets beyond 8 kB, and phones get the desktop's form",
                do="part it in two in the templates",
                anchor="style",
            )


def text(look: Look) -> Iterator[Fault]:
    """A letter without a text part that says the same."""
    if not look.letter.text.strip():
        yield Fault(
            title="there is no text part",
            where="the whole letter",
            why="readers of plain text see nothing, and filters take the letter for spam",
            do="put letter.txt back into the templates",
        )
        return
    missing = [story for story in look.letter.issue.stories if story.address not in look.letter.text]
    if missing:
        yield Fault(
            title=f"{len(missing)} stories are missing from the text part",
            where=look.places.of_story(missing[0]),
            why="readers of plain text do not get them",
            do="correct letter.txt in the templates",
        )


def subject(look: Look) -> Iterator[Fault]:
    """A subject that is empty or too long."""
    length = len(look.letter.subject.strip())
    if not length or length > LONGEST_SUBJECT:
        yield Fault(
            title="there is no subject" if not length else f"the subject has {length} characters",
            where="the subject",
            why="mailboxes show the first 40 to 90 characters, and nothing else tells what it is about",
            do=f"keep it within {LONGEST_SUBJECT} characters: a shorter headline for the lead",
        )


def preheader(look: Look) -> Iterator[Fault]:
    """A preheader that is missing, too short, too long, or the subject again."""
    line = " ".join(look.letter.preheader.split())
    fits = SHORTEST_PREHEADER <= len(line) <= LONGEST_PREHEADER
    if fits and line.casefold() not in look.letter.subject.casefold():
        return
    yield Fault(
        title=f"the preheader has {len(line)} characters" if not fits else "the preheader repeats the subject",
        where="the line after the subject",
        why="mailboxes fill the line with whatever stands at the top of the letter",
        do=f"give it {SHORTEST_PREHEADER} to {LONGEST_PREHEADER} characters",
    )
