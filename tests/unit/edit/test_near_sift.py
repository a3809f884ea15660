"""Near duplicates among a week's stories: which stays, which is cut, and what the editor may have."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as some

from digest.edit.sift import candidate, sift, without_near
from digest.model import Entry, NearStory, SeenEntry, Window
from digest.settings import Exclusions
from tests.unit.edit.conftest import LONG_AGO, MIDWEEK

MakeSeen = Callable[..., SeenEntry]
Near = Mapping[int, Sequence[NearStory]]


def sifted(
    entries: Sequence[SeenEntry], week: Window, near: Near, *, kept: Sequence[str] = (), **exclusions: tuple[str, ...]
) -> tuple[list[int], dict[int, str]]:
    """The rows that stay, and the reasons of those that do not."""
    stay, cuts = sift(
        entries,
        window=week,
        exclusions=Exclusions(**exclusions),
        ran={},
        sources=["The Docket", "Sister"],
        near=near,
        kept=kept,
    )
    return sorted(one.seen.key for one in stay), {cut.entry_key: cut.reason for cut in cuts}


def alike(*pairs: tuple[SeenEntry, SeenEntry], ran_in: str = "") -> Near:
    near: dict[int, list[NearStory]] = {}
    for one, other in pairs:
        near.setdefault(one.key, []).append(NearStory(key=other.key, link=other.entry.link, ran_in=ran_in))
        near.setdefault(other.key, []).append(NearStory(key=one.key, link=one.entry.link))
    return near


def test_the_preferred_source_stays_and_the_cut_names_it(seen: MakeSeen, week: Window) -> None:
    sister, ours = seen(source="Sister"), seen()
    stay, cuts = sifted([sister, ours], week, alike((ours, sister)))
    assert stay == [ours.key]
    assert cuts == {sister.key: "near duplicate of https://docket.example/2/"}


def test_of_one_source_what_was_seen_first_stays(seen: MakeSeen, week: Window) -> None:
    first, second = seen(), seen()
    assert sifted([second, first], week, alike((second, first)))[0] == [first.key]


def test_a_cut_has_both_addresses(seen: MakeSeen, week: Window) -> None:
    first, second = seen(), seen()
    (cut,) = sift(
        [first, second], window=week, exclusions=Exclusions(), ran={}, sources=[], near=alike((second, first))
    )[1]
    assert (cut.address, cut.other, cut.settled) == ("https://docket.example/2/", "https://docket.example/1/", True)


def test_what_is_near_to_a_story_that_ran_is_cut(seen: MakeSeen, week: Window) -> None:
    new = seen()
    ran = NearStory(key=900, link="https://docket.example/old/?utm_source=feed", ran_in="2026-11-13")
    stay, cuts = sifted([new], week, {new.key: [ran]})
    assert (stay, cuts) == ([], {new.key: "near duplicate of https://docket.example/old/, which ran in 2026-11-13"})


def test_what_is_near_to_an_old_story_that_never_ran_stays(seen: MakeSeen, week: Window) -> None:
    new = seen()
    assert sifted([new], week, {new.key: [NearStory(key=900, link="https://docket.example/old/")]})[0] == [new.key]


def test_what_is_excluded_stands_for_no_other(seen: MakeSeen, week: Window) -> None:
    sponsored, ours = seen(categories=("Sponsored",)), seen()
    stay, cuts = sifted([sponsored, ours], week, alike((ours, sponsored)), categories=("sponsored",))
    assert stay == [ours.key]
    assert cuts == {sponsored.key: "excluded: category Sponsored"}


def test_of_a_chain_the_ends_stay(seen: MakeSeen, week: Window) -> None:
    one, middle, other = seen(), seen(), seen()
    assert sifted([one, middle, other], week, alike((middle, one), (other, middle)))[0] == [one.key, other.key]


def test_the_editor_keeps_a_near_duplicate(seen: MakeSeen, week: Window) -> None:
    first, second = seen(), seen()
    stay, cuts = sifted([first, second], week, alike((second, first)), kept=["docket.example/2"])
    assert (stay, cuts) == ([first.key, second.key], {})


def test_the_editor_keeps_nothing_that_has_run_itself(seen: MakeSeen, week: Window) -> None:
    again = seen(ran_in="2026-11-13")
    assert sifted([again], week, {}, kept=["docket.example/1"])[1] == {again.key: "ran in 2026-11-13"}


@given(some.sets(some.tuples(some.integers(1, 8), some.integers(1, 8)), max_size=20), some.permutations(range(1, 9)))
def test_whatever_is_near_to_what_each_cut_has_one_that_stays(pairs: set[tuple[int, int]], order: list[int]) -> None:
    entries = {
        key: SeenEntry(
            key=key,
            entry=Entry(source="The Docket", identity=str(key), title=f"{key}", link=f"https://docket.example/{key}/"),
            first_seen=MIDWEEK,
            source_since=LONG_AGO,
        )
        for key in order
    }
    near = alike(*((entries[one], entries[other]) for one, other in pairs if one != other))
    stay, cuts = without_near([candidate(entries[key]) for key in order], near, ())
    staying = {one.seen.key for one in stay}
    assert staying | {cut.entry_key for cut in cuts} == set(order)
    assert len(stay) + len(cuts) == len(order)
    for cut in cuts:
        assert any(other.key in staying for other in near[cut.entry_key])
    for one in staying:
        assert not any(other.key in staying for other in near.get(one, ()))
