from hypothesis import given
from hypothesis import strategies as st

from digest.render.plain import WIDTH, bulleted, columns, directed, isolated, underlined, wrapped

WORDS = st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1)
LEFT, RIGHT = "\u200e", "\u200f"
ADDRESS = "https://docket.example/" + "a-very-long-way/" * 8


def test_lines_break_at_words_within_the_width():
    lines = wrapped("word " * 40).splitlines()
    assert len(lines) == 3
    assert all(len(line.rstrip()) <= WIDTH for line in lines)


def test_a_line_that_goes_on_ends_in_a_space_and_the_last_one_does_not():
    assert [line[-2:] for line in wrapped("word " * 40).splitlines()] == ["d ", "d ", "rd"]


def test_an_address_is_never_broken():
    assert wrapped(f"See {ADDRESS} for more") == f"See \n{ADDRESS} \nfor more"


def test_a_word_without_end_is_broken():
    assert [len(line) for line in wrapped("x" * 150).splitlines()] == [72, 72, 6]


def test_what_is_bound_stays_on_a_line():
    text = "x" * 68 + " Nov.\u00a020\u202f!"
    assert wrapped(text).splitlines() == ["x" * 68 + " ", "Nov. 20 !"]
    assert wrapped("\u00a0 x\u00a0") == "x"


def test_an_item_begins_with_its_bullet():
    assert [line[:4] for line in bulleted("word " * 30).splitlines()] == ["* wo", "word", "word"]
    assert bulleted("") == "*"


def test_what_may_be_longer_has_its_line_and_the_paragraph_goes_on():
    assert wrapped("You, mark-1, signed up", apart="mark-1") == "You, \nmark-1, \nsigned up"
    assert wrapped("mark-1 signed up", apart="mark-1") == "mark-1 \nsigned up"
    assert wrapped("for mark-1", apart="mark-1") == "for \nmark-1"


def test_no_line_begins_a_signature():
    long = "x" * 71
    assert wrapped(f"-- {long}") == f"--\n{long}"


def test_a_line_that_begins_in_latin_letters_is_marked_where_one_reads_from_the_right():
    text = "قال Ames إن الحكم نهائي. " * 6
    assert all(directed(line) == line for line in wrapped(text, right_to_left=True).split("\n"))
    assert wrapped("Ames قال", right_to_left=True) == f"{RIGHT}Ames قال"
    assert bulleted("Ames", right_to_left=True) == f"{RIGHT}* Ames"
    assert underlined("Ames", right_to_left=True) == f"{RIGHT}Ames\n{RIGHT}----"
    assert wrapped(f"انظر {ADDRESS}", right_to_left=True).split("\n")[1] == ADDRESS
    assert wrapped("", right_to_left=True) == ""


def test_a_latin_name_keeps_its_stops_at_its_own_end():
    assert isolated("The Docket (US)") == f"{LEFT}The Docket (US){LEFT}"
    assert isolated("ديوان الأسبوع") == "ديوان الأسبوع"
    assert isolated("12") == "12"


def test_wide_letters_count_twice_and_marks_not_at_all():
    assert columns("判決") == 4
    assert columns("e\u0301") == 1
    assert underlined("判決", "=") == "判決\n===="


def test_nothing_is_set_as_nothing():
    assert wrapped("") == ""
    assert underlined("") == "\n"


def unflowed(text):
    """The paragraphs that a reader of `format=flowed; delsp=no` sees (RFC 3676, section 4.1)."""
    paragraphs, flowing = [], False
    for line in text.split("\n"):
        words = line.removeprefix(" ")
        if flowing:
            paragraphs[-1] += words
        else:
            paragraphs.append(words)
        flowing = words.endswith(" ") and words != "-- "
    return paragraphs


@given(st.lists(WORDS, min_size=1), st.sampled_from(["", "* "]))
def test_no_word_is_lost_and_no_line_too_wide(words, first):
    set_ = wrapped(" ".join(words), first)
    assert "".join(set_.split()) == "".join((first + "".join(words)).split())
    assert all(columns(line) <= 78 or "://" in line for line in set_.split("\n"))


SHORT = WORDS.filter(lambda word: columns(word) <= WIDTH and word != "--")


@given(st.lists(st.one_of(SHORT, st.just(ADDRESS)), min_size=1))
def test_a_paragraph_that_flows_is_the_paragraph_again(words):
    set_ = wrapped(" ".join(words))
    assert unflowed(set_) == [" ".join(words)]
    assert set_.split().count(ADDRESS) == words.count(ADDRESS)


@given(st.lists(st.one_of(WORDS, st.sampled_from(["سلام", "Ames", "2026", "(", "x."])), min_size=1))
def test_marks_of_direction_are_all_that_is_added(words):
    text = wrapped(" ".join(words), right_to_left=True)
    assert unmarked(text) == unmarked(wrapped(" ".join(words)))


def unmarked(text):
    return text.replace(RIGHT, "").replace(LEFT, "")


def test_foreign_words_keep_the_stop_at_their_end_in_a_letter_from_right_to_left():
    assert directed("Who won? ") == f"{RIGHT}{LEFT}Who won?{LEFT} "
    assert directed("* “Nobody” won") == f"{RIGHT}* {LEFT}“Nobody” won{LEFT}"
    assert directed("Nobody won") == f"{RIGHT}Nobody won"
    assert directed("12 سؤالا.") == "12 سؤالا."
