"""Whether everybody can read the letter: with a screen reader, with larger text, in its order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from digest.model.file_names import is_file_name
from digest.preflight.css import pixels
from digest.preflight.fault import Fault, selector
from digest.preflight.inspected import Look
from digest.preflight.inspected import bare as _bare
from digest.preflight.page import SeenPicture
from digest.preflight.places import quoted
from digest.preflight.shapes import Shape

SMALLEST = 12.0
"""px. Below it even good eyes tire."""

_SAYS_NOTHING = frozenset(
    [
        "click here",
        "here",
        "click",
        "link",
        "read more",
        "more",
        "learn more",
        "this",
        "this link",
        "details",
        "continue",
        "continue reading",
        "go",
        "read",
        "see more",
        "hier",
        "mehr",
        "weiterlesen",
        "hier klicken",
        "ici",
        "cliquez ici",
        "lire la suite",
        "en savoir plus",
        "aquí",
        "haga clic aquí",
        "leer más",
        "más",
    ]
)
_CELLS = frozenset(("td", "th", "tr", "table", "img", "hr"))


def language(look: Look) -> Iterator[Fault]:
    """The letter's language, which tells a screen reader how to speak."""
    said = look.page.language
    if not said or said.split("-")[0].lower() != look.settings.publication.language.split("-")[0].lower():
        yield Fault(
            title=f"the letter says that its language is {said}" if said else "the letter does not say its language",
            where="<html lang>",
            why="a screen reader speaks the text as if it were of another language",
            do=f'write lang="{look.settings.publication.language}" on <mjml> in the templates',
            anchor="html",
        )


def title(look: Look) -> Iterator[Fault]:
    """The title, which a screen reader reads first."""
    if not look.page.title.strip():
        yield Fault(
            title="the letter has no title",
            where="<title>",
            why="a screen reader, and the tab of a browser, cannot say what this is",
            do="write <mj-title>{{ subject }}</mj-title> in the templates",
        )


def headings(look: Look) -> Iterator[Fault]:
    """Headings that skip a level, are empty, or do not begin with the first."""
    before = 0
    for heading in look.page.headings:
        if heading.level > before + 1 or not heading.words.strip():
            yield Fault(
                title=f"<h{heading.level}> is empty"
                if not heading.words.strip()
                else f"<h{heading.level}> follows {f'<h{before}>' if before else 'nothing'}",
                where=look.places.of_element(heading.at, heading.words),
                why="readers who go from heading to heading by ear lose their way",
                do="let each heading be at most one level below the one before it, the first one <h1>",
                at=heading.at,
            )
        before = heading.level


def tables(look: Look) -> Iterator[Fault]:
    """Tables that are mere layout and do not say so."""
    for table in look.page.tables:
        if not table.data and table.role not in {"presentation", "none"}:
            yield Fault(
                title="a layout table does not say that it is one",
                where=look.places.of_element(table.at),
                why='a screen reader says "table with one column and two rows" before the text',
                do='write role="presentation" on it',
                at=table.at,
            )


def alternatives(look: Look) -> Iterator[Fault]:
    """Pictures whose alt text is missing or a file's name. A headline in its place is what the feed left us."""
    for picture in look.page.pictures:
        words = "" if _bare(picture.alt or "") in look.headlines else _wrong_alt(picture)
        if words:
            yield Fault(
                title=words,
                where=look.places.of_address(picture.address),
                why="who cannot see the picture, or reads with pictures off, is told nothing of it",
                do="say in a sentence what is to be seen, in the picture's alt text on the site",
                anchor=selector("img", "src", picture.address),
            )


def captions_again(look: Look) -> Iterator[Fault]:
    """Alt texts that say the caption or the headline once more."""
    for story in look.letter.issue.stories:
        picture = story.picture
        if picture and picture.alt and _bare(picture.alt) in {_bare(picture.caption), _bare(story.headline)} - {""}:
            yield Fault(
                title="the alt text is the caption again" if _bare(picture.alt) == _bare(picture.caption) else
                "the alt text is the headline again",
                where=look.places.of_story(story),
                why="a screen reader says the same sentence twice",
                do="say in the alt text what is to be seen",
                anchor=selector("img", "src", picture.address),
            )  # fmt: skip


def link_texts(look: Look) -> Iterator[Fault]:
    """Links that do not say where they lead.

    A headline that says nothing is a warning: the site gave it, and a reader of the page finds the deck beside it. A
    link of the newsroom's own is an error, since a word mends it.
    """
    for link in look.page.links:
        words = " ".join((link.label or link.words).split())
        if not words or words.casefold().strip(" .…›»→>") in _SAYS_NOTHING:
            yield Fault(
                title=f"a link says {quoted(words)}" if words else "a link has no words",
                where=look.places.of_address(link.address),
                why="a screen reader lists the links of a letter, and this one says nothing there",
                do="name in the link what it leads to",
                anchor=selector("a", "href", link.address),
                mild=bool(words) and _bare(words) in look.headlines,
            )


def enlarged(look: Look) -> Iterator[Fault]:
    """Text that is cut off, or cannot grow, when a reader doubles its size."""
    if re.search(
        r"user-scalable\s*=\s*(?:no|0)|maximum-scale\s*=\s*1(?:\.0*)?(?:\D|$)", look.page.meta.get("viewport", "")
    ):
        yield Fault(
            title="readers cannot enlarge the letter",
            where='<meta name="viewport">',
            why="who needs larger text cannot have it",
            do="take user-scalable and maximum-scale out of it",
        )
    for shape, (at, words) in look.page.texts.items():
        if _cannot_grow(shape):
            yield Fault(
                title="text stands in a box of fixed height",
                where=look.places.of_element(at, words),
                why="at 200 % its lower half is cut off or runs over what comes next",
                do="leave the height away, or write min-height",
                at=at,
            )
            return


def small(look: Look) -> Iterator[Fault]:
    """Text below 12 px."""
    for shape, (at, words) in look.page.texts.items():
        if 0 < shape.light.px < SMALLEST and words.strip():
            yield Fault(
                title=f"text of {shape.light.px:g} px",
                where=look.places.of_element(at, words),
                why="on a phone it can hardly be read",
                do=f"set it in {SMALLEST:g} px or more",
                at=at,
            )
            return


def reading_order(look: Look) -> Iterator[Fault]:
    """Parts that are shown in another order than they are read."""
    turned = look.settings.publication.language.split("-")[0] in _RIGHT_TO_LEFT
    for shape, at in look.page.shapes.items():
        known = shape.worked_out
        if ("order", turned) not in known:
            known["order", turned] = _out_of_order(shape.styles, turned)
        words = known["order", turned]
        if words and not shape.hidden:
            yield Fault(
                title=f"{words} shows parts in another order than they are read",
                where=look.places.of_element(at),
                why="by ear, and in plain programs, the parts come in another order than they look",
                do="write the parts in the order in which they are to be read",
                at=at,
            )
            return


_RIGHT_TO_LEFT = frozenset(("ar", "he", "fa", "ur", "ps", "sd", "ug", "yi", "dv", "ckb"))


def _out_of_order(styles: Mapping[str, str], turned: bool) -> str:
    if styles.get("position") in {"absolute", "fixed"}:
        return f"position: {styles['position']}"
    if styles.get("flex-direction", "").endswith("-reverse") or styles.get("order", "0") != "0":
        return "a turned order"
    if styles.get("direction") == "rtl" and not turned:
        return "direction: rtl"
    return "float: right" if styles.get("float") == "right" else ""


def _cannot_grow(shape: Shape) -> bool:
    """Whether it, or what is around it, has a height that no text can push; cells grow whatever is written."""
    known = shape.worked_out
    if "fixed" not in known:
        known["fixed"] = _is_fixed(shape) or (shape.parent is not None and _cannot_grow(shape.parent))
    return bool(known["fixed"])


def _is_fixed(shape: Shape) -> bool:
    heights = (shape.styles.get("height", ""), shape.styles.get("max-height", ""))
    return shape.tag not in _CELLS and any((pixels(height) or 0) > 0 for height in heights if height)


def _wrong_alt(picture: SeenPicture) -> str:
    alt = picture.alt
    if alt is None:
        return "a picture has no alt text"
    words = " ".join(alt.split())
    if not words:
        return "a picture that is a link has no alt text" if picture.link and not picture.link.words.strip() else ""
    if is_file_name(words, picture.address):
        return f"the alt text {quoted(words)} is a file's name"
    return ""
