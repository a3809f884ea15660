"""Copy editing: headlines, decks, datelines and bylines out of what a feed offers."""

from __future__ import annotations

import re
import unicodedata

from digest.edit.clean import is_visible, paragraphs, plain_text
from digest.model import Entry

HEADLINE_LIMIT = 200
# Feeds may carry megabytes; what stands under a headline comes from their beginning.
_BEGINNING = 20_000
_AUTOMATIC_EXCERPT = re.compile(
    r"(?:\[ ?(?:…|\.\.\.) ?\]|(?:\.\.\.|…) ?(?:Read more|Continue reading)?) ?[→»]?$", re.IGNORECASE
)
# Whole sentences only, and only where a sentence begins: "judges keep reading" is news.
_BOILERPLATE = re.compile(
    r"submitted ?by ?(?:/u/\S+(?: to \S+)?|\S+(?: to \S+)?(?= ?\[link\]))(?: ?\[link\] ?\[\d* ?comments?\])?$"
    r"|(?:^|(?<=[.!?…”\"')\]] ))(?:The post .{1,300}? appeared first on .{1,200}"
    r"|This (?:article|story|post) (?:was )?(?:originally|first) (?:appeared|published|ran) (?:on|in|at) .{1,200}"
    r"|(?:Continue|Keep) reading\b.{0,200}|Read (?:more|the full story) ?[.…→»]*)$"
)
# PORT MERROW — …   SPRINGFIELD, Alder County (The Docket) – …
_DATELINE = re.compile(
    r"^(?P<place>[^\W\d_]+(?:[ .’'ʻ-]{1,2}[^\W\d_]+){0,5})"
    r"(?:, [^—–()]{2,40}?)?(?: \([^()]{2,40}\))? ?(?:—|–|--) ?(?=[\"“‘'(\[¿¡]*(?P<next>[^\W_]))"
)
_SENTENCE_END = re.compile(r"[.!?…][\"”’')\]]*(?=\s+[\"“‘'(\[]*(?P<next>[^\W_]))")
_ABBREVIATION = re.compile(
    r"(?:\b(?:v|vs|No|Nos|Mr|Mrs|Ms|Mx|Dr|Prof|Hon|Jr|Sr|St|Sen|Rep|Gov|Gen|Col|Lt|Sgt|Capt|Atty|Inc|Corp|Co|Ltd|Bros"
    r"|Dept|Cir|Ct|Ch|Art|Sec|Fed|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|etc|cf|al|ca|approx|a\.m|p\.m|e\.g|i\.e)"
    r"|(?:^|[\s(“\"])(?:[^\W\d_]\.)*[^\W\d_a-z])\.$"
)
_LONGEST_ABBREVIATION = 24
_BYLINE_PREFIX = re.compile(r"^(?:by|from)\s+", re.IGNORECASE)
NOTHING = frozenset({"none", "null", "nil", "undefined", "n/a", "nan", "-"})
"""What programs write where they have nothing to write."""
_NOBODY = frozenset(
    {"", "admin", "administrator", "editor", "webmaster", "unknown", "staff", "noreply", "wordpress", *NOTHING}
)
_SPACES = re.compile(r"\s+")


def headline(entry: Entry) -> str:
    """The entry's title as plain text; markup that leaves nothing is shown as the characters it is. May be empty."""
    text = plain_text(entry.title[:_BEGINNING]) or _SPACES.sub(" ", entry.title).strip()
    return shorten(text, HEADLINE_LIMIT) if is_visible(text) else ""


def deck(entry: Entry, title: str, *, limit: int) -> str:
    """One to three sentences under the headline: the hand-written summary, else the beginning of the text.

    It never repeats the headline, the dateline or the syndication paragraph. `limit` is in characters.
    """
    for candidate in (_summary(entry), opening(entry)):
        text = without_dateline(candidate)[1]
        if text and not same_words(text, title):
            return shorten(text, limit)
    return ""


def has_deck(entry: Entry, title: str) -> bool:
    """Whether the entry itself says enough for a deck: a summary or a text, and no mere excerpt cut off anywhere."""
    texts = (_summary(entry), opening(entry))
    return any(text and not text.endswith("…") and not same_words(without_dateline(text)[1], title) for text in texts)


def is_written(summary: str) -> bool:
    """Whether somebody wrote this summary: it is no boilerplate, and no excerpt that a program cut off."""
    text = plain_text(summary)
    return bool(without_boilerplate(text)) and not _AUTOMATIC_EXCERPT.search(text)


def place(entry: Entry) -> str:
    """The place of the story's dateline, in normal case: `PORT MERROW — …` gives `Port Merrow`. Empty without one."""
    for candidate in (opening(entry), _summary(entry)):
        found = without_dateline(candidate)[0]
        if found:
            return found
    return ""


def byline(author: str) -> str:
    """The author's name as readers know it; empty for `admin` and the like."""
    name = _BYLINE_PREFIX.sub("", plain_text(author[:500]))
    name = re.sub(r"\s*[<(]?\S+@\S+[>)]?\s*", " ", name).strip(" ,()")
    return "" if name.casefold() in _NOBODY else shorten(name, 80)


def opening(entry: Entry) -> str:
    """The first paragraph of the text (of the summary where there is no text), without syndication boilerplate."""
    for paragraph in paragraphs((entry.content or entry.summary)[:_BEGINNING]):
        text = _AUTOMATIC_EXCERPT.sub("…", without_boilerplate(paragraph))
        if len(text) > 20:
            return text
    return ""


def without_dateline(text: str) -> tuple[str, str]:
    """`text` in two: the place of its dateline, in normal case (or empty), and what follows."""
    found = _DATELINE.match(text[:120])
    # Capitals make it a dateline; in a script without them a dash is just a dash.
    if not found or len(found["place"]) < 3 or not found["place"].isupper() or found["next"].islower():
        return "", text
    return _normal_case(found["place"]), text[found.end() :]


def same_words(one: str, other: str) -> bool:
    """Whether two texts say the same, apart from letter case, punctuation and spaces."""
    return words_of(one) == words_of(other)


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, folded for comparison."""
    return tuple(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


def sentences(text: str) -> list[str]:
    """`text` cut into sentences. Abbreviations of the trade (`v.`, `No.`, `U.S.`, initials) end none."""
    pieces, start = [], 0
    for match in _SENTENCE_END.finditer(text):
        end = match.end()
        if not match["next"].islower() and not _ABBREVIATION.search(
            text[max(start, end - _LONGEST_ABBREVIATION) : end]
        ):
            pieces.append(text[start:end].strip())
            start = end
    return [*pieces, text[start:].strip()] if text[start:].strip() else pieces


def shorten(text: str, limit: int) -> str:
    """`text` within `limit` characters: as many whole sentences as fit, else cut at a word with an ellipsis."""
    if len(text) <= limit:
        return text
    kept = ""
    for sentence in sentences(text[: limit * 2]):
        longer = f"{kept} {sentence}".strip()
        if len(longer) > limit or not sentence.endswith(tuple(".!?…”’\"')")):
            break
        kept = longer
    return kept or _cut_at_word(text, limit)


def first_sentence(text: str) -> str:
    """The first sentence of `text`, or all of it."""
    return next(iter(sentences(text)), text)


def _cut_at_word(text: str, limit: int) -> str:
    room = text[: limit - 1]
    if text[limit - 1] != " " and " " in room[limit // 2 :]:
        room = room.rpartition(" ")[0]
    return room.rstrip(" ,;:–—-(“‘\"'") + "…"


def _summary(entry: Entry) -> str:
    text = without_boilerplate(" ".join(paragraphs(entry.summary[:_BEGINNING])))
    cut = _AUTOMATIC_EXCERPT.sub("", text).rstrip()
    if cut == text:
        return text
    # An automatic excerpt stops anywhere: it ends with its last whole sentence, else the text itself is better.
    whole = sentences(cut)
    return " ".join(whole[:-1]) if len(whole) > 1 else ""


def without_boilerplate(text: str) -> str:
    """`text` without the sentences of programs: `The post … appeared first on …`."""
    return _BOILERPLATE.sub("", text).strip()


def _normal_case(text: str) -> str:
    # An okina at the beginning of a word is no letter; inside a word it starts nothing anew.
    return re.sub(r"(?:^|(?<=[ \-.]))ʻ?\w|(?<=[’'])\w(?=\w)", lambda letter: letter[0].upper(), text.lower())
