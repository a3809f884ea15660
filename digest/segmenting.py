"""Segments for a send: from the editor's words to the readers whom they mean."""

from __future__ import annotations

from digest.audience.segments import Known, code_of, counted, selection_of, written
from digest.errors import AlreadySent, ConfigurationError
from digest.model import IssueRecord, IssueState, LetterState
from digest.model.segments import Segment, SegmentCount, Selection
from digest.record.store import Store
from digest.render.languages import shipped_languages
from digest.settings import Settings


def read(text: str, settings: Settings, store: Store) -> Segment:
    """The segment that an editor wrote, judged by what there is to choose from. Raises ConfigurationError, which shows
    the place."""
    # Its library takes a tenth of a second to come, and most sends are to everybody.
    from digest.audience.segment_grammar import NotUnderstood
    from digest.audience.segment_reading import read_segment

    try:
        return read_segment(text, _known(settings, languages=store.subscribers.languages()))
    except NotUnderstood as error:
        place = (text, f"{' ' * (error.column - 1)}^") if text.isprintable() and text else ()
        raise ConfigurationError(f"--only, column {error.column}: {error}", hint=error.hint, complaints=place) from None


def select(segment: Segment, settings: Settings, store: Store) -> Selection:
    """The segment as the store can apply it to the list as it was last read."""
    return selection_of(segment, _known(settings), store.subscribers.choices())


def count(segment: Segment, settings: Settings, store: Store) -> SegmentCount:
    """How many readers are in it, and in each of its terms, of those whom the last reading of the list had."""
    return counted(segment, _known(settings), store.subscribers.chosen())


def begun(record: IssueRecord | None, segment: Segment | None) -> str:
    """The segment, in its words, to which an issue goes that may have begun to be sent: that is fixed from there on.
    Raises AlreadySent when another one is given."""
    if record is None or record.state is IssueState.COMPOSED:
        return ""
    if segment and record.segment != written(segment):
        raise AlreadySent(
            f"the issue of {record.issue} went out to {record.segment or 'all readers'}, and stays with them",
            hint=f"`digest send --date {record.issue}` without --only goes on with it",
        )
    return record.segment


def refuse_nobody(record: IssueRecord | None) -> None:
    """Raises ConfigurationError when an issue is to begin with a segment that leaves nobody: it would count as sent."""
    if record is None or not record.segment or record.state is not IssueState.COMPOSED:
        return
    if not record.letters.get(LetterState.OWED):
        raise ConfigurationError(
            f"nobody would get the issue of {record.issue}: no reader is left for --only {record.segment!r}",
            hint="`digest send --dry-run --only …` counts each part of it; nothing was sent",
        )


def _known(settings: Settings, languages: tuple[str, ...] = ()) -> Known:
    own = code_of(settings.publication.language)
    return Known(
        sections={rule.name: rule.categories for rule in settings.sections},
        language=own,
        timezone=settings.publication.timezone.key,
        languages=tuple(dict.fromkeys(map(code_of, (own, *shipped_languages(), *languages)))),
    )
