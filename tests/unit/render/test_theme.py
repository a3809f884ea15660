import pytest

from digest.errors import TemplateError
from digest.render import theme


def test_the_shipped_theme_is_found():
    assert (theme.shipped() / theme.HTML_TEMPLATE).is_file()
    assert (theme.shipped() / theme.TEXT_TEMPLATE).is_file()


def test_a_publications_own_folder_comes_first(tmp_path):
    assert theme.folders(tmp_path) == (tmp_path, theme.shipped())
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
