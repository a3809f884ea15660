import pytest

from digest.render.mjml import FaultyMjml, compiled, faults_of


def letter(inside="", head=""):
    return (
        f"<mjml>\n<mj-head>{head}</mj-head>\n<mj-body><mj-section><mj-column>{inside}</mj-column></mj-section></mj-body>"
        "\n</mjml>"
    )


def words_of(source):
    return [fault.words for fault in faults_of(source)]


def test_a_sound_letter_becomes_html_with_neighbouring_outlook_comments_merged():
    html = compiled(letter('<mj-text css-class="x"><p>Hello <b>you</b></p></mj-text>'))
    assert "<p>Hello <b>you</b></p>" in html
    assert "<![endif]--><!--[if mso | IE]>" not in html
    assert html.count("<!--[if") == html.count("<![endif]-->")


def test_everything_that_the_theme_may_want_is_known():
    source = letter(
        '<mj-text mj-class="big">x</mj-text><mj-button href="https://docket.example/">x</mj-button><mj-image src="x" />'
        '<mj-divider border-width="1px" /><mj-spacer height="8px" /><mj-table><tr><td>x</td></tr></mj-table>'
        "<mj-raw><!-- x --><br /></mj-raw>",
        '<mj-title>x</mj-title><mj-preview>x</mj-preview><mj-style>a{b:c}</mj-style><mj-breakpoint width="480px" />'
        '<mj-font name="x" href="https://docket.example/f.css" />'
        '<mj-attributes><mj-all padding="0" /><mj-text color="red" /><mj-class name="big" font-size="20px" />'
        "</mj-attributes>",
    )
    assert words_of(source) == []
    compiled(source)


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("<mj-txt>x</mj-txt>", "<mj-txt> is not an element of MJML that this program knows"),
        ('<mj-text colour="red">x</mj-text>', '<mj-text> has no attribute "colour"'),
        ("<mj-section></mj-section>", "<mj-section> has no place in <mj-column>"),
        ("<mj-text><mj-button>x</mj-button></mj-text>", "<mj-text> holds HTML only: close it before <mj-button>"),
        ("<p>x</p>", "<p> stands outside <mj-text> or <mj-raw>, which hold HTML"),
        ("x", "text directly in <mj-column> would be lost: put it into <mj-text>"),
        ('<mj-include path="x.mjml" />', "<mj-include> is not supported: write {% include %}"),
        ('<mj-text mj-class="big">x</mj-text>', 'mj-class="big" is not defined in <mj-attributes>'),
        ("<mj-text><b>x</mj-text>", "<b> is never closed"),
        ("<mj-text>x</mj-text></mj-hero>", "</mj-hero> closes nothing that is open"),
        ("<mj-text>a < b</mj-text>", "not well-formed: not well-formed (invalid token)"),
        ("<mj-text><![CDATA[x]]></mj-text>", "<![CDATA[ is not understood: escape the text instead"),
        ("<mj-text><?php x ?></mj-text>", "<?php … ?> has no place in a template"),
        ("<mj-text>&nbsp;</mj-text>", "not well-formed: an entity that XML does not know"),
        ("<mj-text>x\x0b</mj-text>", "not well-formed: not well-formed (invalid token)"),
    ],
)
def test_what_the_compiler_would_pass_over_is_a_fault(inside, words):
    assert words_of(letter(inside))[0].startswith(words)
    with pytest.raises(FaultyMjml):
        compiled(letter(inside))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "not well-formed: no element found"),
        ("<mjml><mj-body>", "<mj-body> is never closed"),
        ("<html></html>", "<html> stands outside <mj-text> or <mj-raw>, which hold HTML"),
        ("<mj-body></mj-body>", "<mj-body> has no place outside <mjml>"),
        ("<!DOCTYPE mjml><mjml></mjml>", "<!DOCTYPE> has no place in a template"),
        ("<mjml></mjml><mjml></mjml>", "not well-formed: junk after document element"),
    ],
)
def test_a_document_that_is_no_letter_is_a_fault(source, words):
    assert words_of(source)[0] == words


def test_all_faults_are_told_in_order_with_the_byte_where_they_stand():
    source = letter('<mj-text é="1">ü</mj-text>\n<mj-foo />')
    faults = faults_of(source)
    assert [source.encode()[fault.offset :][:8] for fault in faults] == [b"<mj-text", b"<mj-foo "]


def test_an_entity_bomb_does_not_go_off():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>' + letter("<mj-text>&b;</mj-text>")
    assert "<!DOCTYPE> has no place in a template" in words_of(bomb)


@pytest.mark.parametrize("depth", [101, 5_000, 200_000])
def test_nesting_that_would_take_the_process_down_is_a_fault(depth):
    source = letter(f"<mj-text>{'<b>' * depth}{'</b>' * depth}</mj-text>")
    assert words_of(source) == ["more than 100 elements inside each other"]


def test_nesting_as_deep_as_is_allowed_compiles():
    assert "<b></b>" in compiled(letter(f"<mj-text>{'<b>' * 95}{'</b>' * 95}</mj-text>"))
