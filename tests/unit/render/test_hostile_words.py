"""Whatever a story says, the letter around it stays as it is and shows the words as words."""

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from lxml import html as browser

from digest.render.characters import printable
from digest.render.letter import render_issue

CORPUS = Path(__file__).resolve().parents[3].parent / "shared" / "corpora" / "html"
FIELDS = {"dompurify-expect.json": "payload", "html5sec.json": "data", "bleach.json": "input"}
WAY = {"dir", "align"}  # words that run from the right to the left say so, whatever they are
WORDS = [
    "{{ 7 * 7 }} {% raw %} {% include 'letter.txt' %} {# x #}",
    "-token- -digest-unsubscribe- {unsubscribe} %%name%% <%asm_group_unsubscribe_raw_url%>",
    "digest-unsubscribe-0123456789ab",
    '<mj-include path="/etc/passwd" />',
    "</mj-text></mj-column><mj-raw><script>alert(1)</script></mj-raw>",
    "]]> <![CDATA[ x ]]> <!-- --> <?php ?> <!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]> &a; &nbsp; &#0;",
    "<!--[if mso]><script>alert(1)</script><![endif]--><!--[if mso | IE]>",
    "Turned \u202eround\u202c and \u2066isolated",
    "One\r\nBcc: everyone@docket.example\r\n\r\n<p>",
    "\x00\x01\x1b[31m\x7f\x85\u2028\ud800\ufffe",
    '" onmouseover="alert(1)" \' style=\'x',
    "</style></title></head><body onload=x>",
    "\U0010fffeletter.mjml:3\U0010ffff",
    "x" * 5000,
    "word " * 1000,
    "<" * 2000,
    "a\u0301" * 3000,
]


def vectors():
    for name, field in FIELDS.items():
        if (CORPUS / name).exists():
            for number, vector in enumerate(json.loads((CORPUS / name).read_text())):
                yield pytest.param(vector[field], id=f"{name}-{number}")


class _Tags(HTMLParser):
    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.words = [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, [name for name, _ in attrs if name not in WAY], dict(attrs).get("style")))

    def handle_endtag(self, tag):
        self.tags.append(("/" + tag, [], None))

    def handle_comment(self, data):
        self.tags.append(("!", [], data))

    def handle_data(self, data):
        self.words.append(data)


def skeleton(html):
    return [(element.tag, sorted(set(element.keys()) - WAY)) for element in browser.fromstring(html.encode()).iter()]


@pytest.fixture(scope="module")
def harmless():
    return {}


def check(words, issue_called, publication, known):
    if not known:
        plain = render_issue(issue_called("A harmless title"), publication)
        known |= {"tags": _Tags(plain.html).tags, "skeleton": skeleton(plain.html)}
    rendered = render_issue(issue_called(words), publication)
    made = _Tags(rendered.html)
    assert made.tags == known["tags"]
    assert skeleton(rendered.html) == known["skeleton"]
    for text in (rendered.subject, rendered.preheader):
        assert "\r" not in text
        assert "\n" not in text
    shown = [" ".join(word.split()) for word in made.words]
    assert " ".join(printable(words).split()) in shown
    assert "\r" not in rendered.text
    rendered.html.encode()
    rendered.text.encode()


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpora are not beside the repository")
@pytest.mark.parametrize("words", list(vectors()))
def test_a_known_attack_is_inert(words, issue_called, publication, harmless):
    check(words, issue_called, publication, harmless)


@pytest.mark.parametrize("words", WORDS, ids=[ascii(words[:24]) for words in WORDS])
def test_words_that_mean_something_to_a_machine_are_inert(words, issue_called, publication, harmless):
    check(words, issue_called, publication, harmless)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.one_of(st.characters(), st.sampled_from("<>&\"'{}%#-[]!/ \r\n\x00")), min_size=1, max_size=80))
def test_any_words_are_inert(issue_called, publication, harmless, words):
    assume(printable(words).strip())
    check(words, issue_called, publication, harmless)
