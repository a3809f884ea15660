import pytest

from digest import shipped
from digest.errors import TemplateError
from digest.model import DARK, LIGHT, Palette
from digest.render import theme

BASE = shipped.theme_folder(shipped.BASE_THEME)
PLAIN = shipped.theme_folder("plain")


def test_the_base_theme_is_whole():
    assert (BASE / theme.HTML_TEMPLATE).is_file()
    assert (BASE / theme.TEXT_TEMPLATE).is_file()


def test_every_theme_says_what_it_is_and_begins_from():
    assert shipped.themes() == (shipped.BASE_THEME, "plain")
    for name in shipped.themes():
        defaults = shipped.theme_defaults(name)
        assert defaults["description"]
        assert Palette(**defaults["light"]) != Palette(**defaults["dark"])
    assert Palette(**shipped.theme_defaults(shipped.BASE_THEME)["light"]) == LIGHT
    assert Palette(**shipped.theme_defaults(shipped.BASE_THEME)["dark"]) == DARK


def test_a_theme_takes_what_it_lacks_from_the_base_theme(tmp_path):
    assert theme.folders(None, "plain") == (PLAIN, BASE)
    assert theme.folders(tmp_path, "plain") == (tmp_path, PLAIN, BASE)
    environment = theme.environment(None, "en", "plain")
    assert environment.get_template("masthead.mjml").filename == str(PLAIN / "masthead.mjml")
    assert environment.get_template("note.mjml").filename == str(BASE / "note.mjml")


def test_a_publications_own_folder_comes_first(tmp_path):
    assert theme.folders(tmp_path) == (tmp_path, BASE)
    (tmp_path / "note.mjml").write_text("own")
    assert theme.environment(tmp_path, "en").get_template("note.mjml").render() == "own"


def test_a_folder_that_does_not_exist_is_an_error(tmp_path):
    with pytest.raises(TemplateError, match="does not exist") as told:
        theme.folders(tmp_path / "nowhere")
    assert told.value.hint


def test_the_environment_is_made_once():
    assert theme.environment(None, "en") is theme.environment(None, "en")


def test_sources_are_all_template_files_in_order_but_hidden_ones(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "x.mjml").write_text("x")
    (tmp_path / "a.mjml").write_text("a")
    (tmp_path / ".swap").write_text("no")
    names = [name for name, _ in theme.sources(tmp_path)]
    assert names[:2] == ["0/a.mjml", "0/b/x.mjml"]
    assert "1/letter.mjml" in names
    assert not any("swap" in name for name in names)


def test_words_are_set_in_the_language_and_markup_is_escaped_once():
    source = "{{ words|running }} {{ _('By %(name)s', name=words)|running }} {{ _('Unsubscribe') }}"
    template = theme.environment(None, "fr").from_string("{% autoescape true %}" + source + "{% endautoescape %}")
    assert template.render(words='A & "B"') == "A &amp; «\u202fB\u202f» Par A &amp; &#34;B&#34; Se désabonner"
    numbers = theme.environment(None, "de").from_string("{{ 1200|number }} {{ ['A', 'B']|listed }}")
    assert numbers.render() == "1.200 A und B"
