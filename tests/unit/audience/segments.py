"""Any segments, and any readers to be in them."""

from __future__ import annotations

from hypothesis import strategies as st

from digest.audience.segments import Known
from digest.model.readers import Choice, Rhythm
from digest.model.segments import Either, Every, Segment, Term, Trait, Without

SECTIONS = {
    "Environment": ("climate",),
    "In brief": (),
    "Courts: the week": (),
    'The "last" \\ word': (),
    "Either or": (),
}
KNOWN = Known(sections=SECTIONS, language="en", timezone="America/New_York", languages=("en", "es", "de"))


TERMS = st.one_of(
    st.builds(Term, st.just(Trait.SECTION), st.sampled_from([*SECTIONS])),
    st.builds(Term, st.just(Trait.LANGUAGE), st.sampled_from(KNOWN.languages)),
    st.builds(Term, st.just(Trait.RHYTHM), st.sampled_from([rhythm.value for rhythm in Rhythm])),
    st.builds(Term, st.just(Trait.TIMEZONE), st.sampled_from(["Europe/Madrid", "America/New_York"])),
)


def _more(inner: st.SearchStrategy[Segment]) -> st.SearchStrategy[Segment]:
    """As reading makes them: what stands in its like is one with it."""

    def parts(kind: type[Segment]) -> st.SearchStrategy[tuple[Segment, ...]]:
        others = inner.filter(lambda part: not isinstance(part, kind))
        return st.lists(others, min_size=2, max_size=3).map(tuple)

    return st.one_of(
        st.builds(Every, parts(Every)),
        st.builds(Either, parts(Either)),
        st.builds(Without, inner.filter(lambda part: not isinstance(part, Without))),
    )


SEGMENTS: st.SearchStrategy[Segment] = st.recursive(TERMS, _more, max_leaves=8)
CHOICES = st.builds(
    Choice,
    sections=st.sampled_from([(), ("Environment",), ("climate", "In brief"), ("gone",), ("Either or", "In brief")]),
    rhythm=st.sampled_from(Rhythm),
    language=st.sampled_from(["", "en", "en-GB", "es", "de", "pt"]),
    timezone=st.sampled_from(["", "Europe/Madrid", "America/New_York", "Asia/Tokyo"]),
)
