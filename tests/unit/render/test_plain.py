from hypothesis import given
from hypothesis import strategies as st

from digest.render.plain import WIDTH, bulleted, columns, underlined, wrapped

ADDRESS = "https://docket.example/" + "a-very-long-way/" * 8


def test_lines_break_at_words_within_the_width():
    lines = wrapped("word " * 40).splitlines()
    assert len(lines) == 3
    assert all(len(line) <= WIDTH and not line.endswith(" ") for line in lines)


def test_an_address_is_never_broken():
    assert wrapped(f"See {ADDRESS} for more") == f"See\n{ADDRESS}\nfor more"


def test_a_word_without_end_is_broken():
    assert [len(line) for line in wrapped("x" * 150).splitlines()] == [72, 72, 6]


def test_what_is_bound_stays_on_a_line():
    text = "x" * 68 + " Nov.\u00a020"
    assert wrapped(text).splitlines() == ["x" * 68, "Nov. 20"]


def test_further_lines_of_an_item_hang():
    assert [line[:4] for line in bulleted("word " * 30).splitlines()] == ["* wo", "  wo", "  wo"]


def test_wide_letters_count_twice_and_marks_not_at_all():
    assert columns("判決") == 4
    assert columns("e\u0301") == 1
    assert underlined("判決", "=") == "判決\n===="


def test_nothing_is_set_as_nothing():
    assert wrapped("") == ""
    assert underlined("") == "\n"


@given(
    st.lists(st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1), min_size=1), st.sampled_from(["", "  "])
)
def test_no_word_is_lost_and_no_line_too_wide(words, indent):
    set_ = wrapped(" ".join(words), indent)
    assert "".join(set_.split()) == "".join("".join(words).split())
    assert all(columns(line) <= WIDTH or "://" in line for line in set_.split("\n"))
