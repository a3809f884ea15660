"""The letter's languages: every word of the shipped ones, and what a publication adds."""

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.extract import extract_from_file

import digest
from digest.errors import ConfigurationError
from digest.render import theme
from digest.render.catalogues import catalogue
from digest.render.languages import SHIPPED, language_of, shipped_languages
from digest.render.letter import render_issue

KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3)}
JINJA = ("jinja2.ext:babel_extract", {"trimmed": "true", "silent": "false"})
CATALOGUES = sorted(SHIPPED.glob("*.po"))
PACKAGE = Path(digest.__file__).parent
TEMPLATES = [file for file in (PACKAGE.parent / "templates").rglob("*") if file.suffix in {".mjml", ".txt", ".html"}]
MODULES = list((PACKAGE / "render").rglob("*.py"))


def said_in(file: Path) -> Iterator[tuple[str | None, str | tuple[str, str]]]:
    method, options = ("python", {}) if file.suffix == ".py" else JINJA
    for _, message, _, context in extract_from_file(method, file, keywords=KEYWORDS, options=options):
        yield context, message[:2] if isinstance(message, tuple) else message


SAID = sorted({said for file in [*TEMPLATES, *MODULES] for said in said_in(file)}, key=str)


def placeholders(words: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", words))


@pytest.fixture
def own(tmp_path):
    """Writes a catalogue of the publication's own, and gives its folder of templates."""
    (tmp_path / "locale").mkdir()

    def written(name, text):
        (tmp_path / "locale" / f"{name}.po").write_text(text)
        return tmp_path

    return written


def test_the_shipped_languages():
    assert shipped_languages() == ("en", "ar", "de", "es", "fr")


def test_the_templates_and_the_modules_have_words():
    said = [message for _, message in SAID]
    assert "Unsubscribe" in said
    assert "This week: %(first)s." in said
    assert ("%(num)s minute", "%(num)s minutes") in said


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.stem)
def test_a_shipped_language_says_everything(file):
    words = catalogue(file, Locale.parse(file.stem))
    for context, message in SAID:
        said = words.get(message, context)
        assert said is not None, f"{file.name} lacks {message!r}"
        assert not said.fuzzy, f"{file.name}: {message!r} is fuzzy"
        translated = said.string if isinstance(said.string, (tuple, list)) else (said.string,)
        assert all(translated), f"{file.name} does not translate {message!r}"


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.stem)
def test_a_shipped_language_keeps_every_placeholder(file):
    for message in catalogue(file, Locale.parse(file.stem)):
        if message.id and isinstance(message.id, str):
            assert placeholders(message.string) == placeholders(message.id), message.id
        elif message.id:
            # "One minute" and "two minutes" may do without their number.
            assert placeholders(message.string[-1]) == placeholders(message.id[-1]), message.id


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.stem)
def test_a_shipped_language_names_its_marks(file):
    rules = language_of(file.stem).rules
    assert all(rules.quotes)
    assert len(set(rules.quotes[:2])) == 2


def test_no_words_for_readers_stand_in_the_program_beside_the_catalogue():
    """A literal with two words and a capital at its start is something that somebody reads."""
    for name in ("headlines.py", "slots.py"):
        tree = ast.parse((PACKAGE / "render" / name).read_text())
        docs = {
            ast.get_docstring(node, clean=False)
            for node in ast.walk(tree)
            if isinstance(node, (ast.Module, ast.FunctionDef))
        }
        words = [
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        assert [text for text in words if text not in docs and re.match(r"[A-Z]\w+ \w+", text)] == []


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("en", "Friday, November 20, 2026"),
        ("en-GB", "Friday, 20 November 2026"),
        ("es", "viernes, 20 de noviembre de 2026"),
        ("es-MX", "viernes, 20 de noviembre de 2026"),
        ("fr", "vendredi 20 novembre 2026"),
        ("de", "Freitag, 20. November 2026"),
        ("ar", "الجمعة، 20 نوفمبر 2026"),
    ],
)
def test_the_date_line_speaks_the_language(code, line):
    assert language_of(code).date_line(date(2026, 11, 20)) == line


def test_numbers_and_lists_speak_the_language():
    english, german = language_of("en"), language_of("de")
    assert (english.number(1200.5), german.number(1200.5)) == ("1,200.5", "1.200,5")
    assert (english.listed("ABC"), german.listed("ABC")) == ("A, B, and C", "A, B und C")


@pytest.mark.parametrize(
    ("code", "greeting", "without"),
    [
        ("en", "Good morning, Ana,", "Good morning,"),
        ("es", "Buenos días, Ana:", "Buenos días:"),
        ("fr", "Bonjour Ana,", "Bonjour,"),
        ("de", "Guten Morgen, Ana,", "Guten Morgen,"),
        ("ar", "صباح الخير يا Ana،", "صباح الخير،"),
    ],
)
def test_readers_are_greeted_in_their_language(code, greeting, without):
    language = language_of(code)
    assert "Ana".join(language.greeting()) == greeting
    assert language.greeting_without_name() == without


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("en", "This week: A river is shared; Who pays?; and C."),
        ("es", "Esta semana: A river is shared; Who pays?; C."),
        ("fr", "Cette semaine\u202f: A river is shared\u202f; Who pays?\u202f; et C."),
        ("de", "Diese Woche: A river is shared; Who pays?; sowie: C."),
        ("ar", "هذا الأسبوع: A river is shared؛ Who pays?؛ C."),
    ],
)
def test_the_week_in_one_sentence(code, sentence):
    assert language_of(code).in_one_sentence(["A river is shared.", "Who pays?", "C.", "D"]) == sentence


def test_the_week_in_one_sentence_ends_once():
    english = language_of("en")
    assert english.in_one_sentence(["Who pays?"]) == "This week: Who pays?"
    assert english.in_one_sentence(["A.", "100 % of it"]) == "This week: A; and 100 % of it."
    assert english.in_one_sentence([]) == ""


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (1, "دقيقة واحدة"),
        (2, "دقيقتان"),
        (3, "3 دقائق"),
        (10, "10 دقائق"),
        (11, "11 دقيقة"),
        (27, "27 دقيقة"),
        (100, "100 دقيقة"),
    ],
)
def test_arabic_counts_in_six_ways(minutes, words):
    arabic = language_of("ar").words
    assert arabic.ngettext("%(num)s minute", "%(num)s minutes", minutes) % {"num": minutes} == words


def test_scripts_are_told_apart(own):
    codes = ("en", "ar", "ar-EG", "el", "he", "ja", "pa", "pa-Arab", "ckb", "yi")
    folder = next(own(code.split("-")[0], "") for code in reversed(codes))
    for code in codes:
        own(code.split("-")[0], "")
    languages = {code: language_of(code, folder) for code in codes}
    assert [code for code in codes if languages[code].right_to_left] == ["ar", "ar-EG", "he", "pa-Arab", "ckb", "yi"]
    assert [code for code in codes if languages[code].capitals] == ["en", "el"]


def test_a_language_without_a_catalogue_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(
        ConfigurationError, match=r"publication\.language = 'it': the letter has no words in Italian"
    ) as told:
        language_of("it")
    assert "en, ar, de, es, fr" in told.value.hint
    assert "templates/locale/it.po" in told.value.hint
    with pytest.raises(ConfigurationError) as told:
        language_of("it", tmp_path)
    assert str(tmp_path / "locale" / "it.po") in told.value.hint


def test_a_code_that_is_no_language_is_refused():
    with pytest.raises(ConfigurationError, match="xx-nowhere"):
        language_of("xx-nowhere")


def test_a_publication_adds_a_language_with_one_file(own, issue, publication):
    from dataclasses import replace

    folder = own("it", 'msgid "Unsubscribe"\nmsgstr "Disiscriviti"\n')
    rendered = render_issue(issue, replace(publication, language="it-CH"), templates=folder)
    assert "Disiscriviti:" in rendered.text
    assert "venerdì, 20 novembre 2026" in rendered.text or "venerdì 20 novembre 2026" in rendered.text
    assert "Back issues:" in rendered.text


def test_a_publication_says_some_things_in_its_own_way(own):
    folder = own("es", 'msgid "Unsubscribe"\nmsgstr "No quiero más"\n')
    words = language_of("es", folder).words
    assert words.gettext("Unsubscribe") == "No quiero más"
    assert words.gettext("Write to us") == "Escríbanos"
    assert words.ngettext("%(num)s minute", "%(num)s minutes", 2) == "%(num)s minutos"


def test_even_english(own):
    folder = own("en", 'msgid "Good morning, %(name)s,"\nmsgstr "Dear %(name)s:"\n')
    assert language_of("en", folder).greeting() == ("Dear ", ":")


def test_a_region_comes_before_its_language(own):
    own("es", 'msgid "Unsubscribe"\nmsgstr "Baja"\n')
    folder = own("es-AR", 'msgid "Write to us"\nmsgstr "Escribinos"\n')
    words = language_of("es-AR", folder).words
    assert (words.gettext("Write to us"), words.gettext("Unsubscribe")) == ("Escribinos", "Baja")
    assert language_of("es", folder).words.gettext("Write to us") == "Escríbanos"


def test_a_fuzzy_message_counts_as_not_translated(own):
    folder = own("es", '#, fuzzy\nmsgid "Unsubscribe"\nmsgstr "?"\n')
    assert language_of("es", folder).words.gettext("Unsubscribe") == "Darse de baja"


def test_a_catalogue_that_changes_is_read_again(own):
    import os

    folder = own("es", 'msgid "Unsubscribe"\nmsgstr "Uno"\n')
    assert language_of("es", folder) is language_of("es", folder)
    environment = theme.environment(folder, "es")
    own("es", 'msgid "Unsubscribe"\nmsgstr "Dos"\n')
    os.utime(folder / "locale" / "es.po", ns=(1, 1))
    assert language_of("es", folder).words.gettext("Unsubscribe") == "Dos"
    assert theme.environment(folder, "es").from_string("{{ _('Unsubscribe') }}").render() == "Dos"
    assert environment.from_string("{{ _('Unsubscribe') }}").render() == "Uno"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('msgid "By %(name)s"\nmsgstr "Di %(nome)s"\n', r"it\.po:1: 'By %\(name\)s': .*nome"),
        ('msgid "a"\nmsgstr "b\nmsgid\n', r"it\.po:\d"),
        ("nonsense", r"it\.po:\d"),
    ],
)
def test_a_faulty_catalogue_is_refused_with_its_place(own, text, words):
    with pytest.raises(ConfigurationError, match=words) as told:
        language_of("it", own("it", text))
    assert told.value.hint


def test_a_catalogue_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "locale").mkdir()
    (tmp_path / "locale" / "it.po").write_bytes(b'msgid "a"\nmsgstr "\xff\xfe"\n')
    with pytest.raises(ConfigurationError, match=r"it\.po"):
        language_of("it", tmp_path)
