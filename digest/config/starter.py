"""A first digest.toml for a new publication, with a comment at everything that an editor may want to change."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template

from digest.config.places import exists
from digest.errors import ConfigurationError

_TEMPLATE = Template("""\
# The letter's configuration. Paths start from the folder of this file. Lines that begin with # are switched off;
# what they show is the default, or an example. Check your changes with: digest run --dry-run

[publication]
name = $name
publisher = $publisher
site = $site
postal_address = $postal_address  # stands in the footer; the law asks for one
timezone = $timezone
language = $language
from = $from_
# reply_to = "editors@docket.example"
# motto = "The week in the courts and the capitol"
# accent = "#7D1D2B"  # the one colour: labels, links, the button

# Where back issues and the readers' pages are.
# [web]
# address = $web

# When an issue closes, in local time, and how much it holds.
[week]
closes = $closes
min_stories = 5  # with fewer, no issue goes out
max_stories = 20

# The sections in their order. A story goes to the first one that takes one of its categories; without any sections
# all stories stand in one, and a last one for the rest is added by itself.
$sections
# What never becomes a story. In titles * stands for anything.
[exclude]
categories = []  # such as "Podcast"
titles = []  # such as "Weekly digest*"

# Where the stories come from. `digest sources add ADDRESS` finds more, and writes them here.
$sources
# A note above the stories, every week. For one issue only, write it to issues/<date>/note.txt instead.
# [note]
# text = "Dear reader, ..."
# signature = "Dana Marsh"
# role = "Editor"

# A bar above the masthead.
# [notice]
# text = "We have updated our terms of use."
# link = "https://docket.example/terms/"
# link_text = "terms of use"
# until = 2030-12-31

# How the letter looks: `digest theme list` shows the themes and their parts.
# [theme]
# name = "plain"  # words only, in one column

# Through what letters go: outbox writes them to a folder and sends nothing; smtp, sendgrid and resend send.
# Passwords and keys do not belong here: set DIGEST_SMTP_PASSWORD, DIGEST_SENDGRID_API_KEY or DIGEST_RESEND_API_KEY.
[delivery]
provider = "outbox"
# pace = 20  # letters a second at most; per_hour and per_day are such limits too
# domains = {"mail.example" = 500}  # letters an hour at most to single domains of readers
# warm_up = [50, 100, 500, 1000]  # a new sender's first days: letters at most on each
# first_slice = 100  # letters that go first; if more than a tenth of them is refused, the rest is kept back
# patience = 24  # hours for which a letter that is put off is tried again
# hold = 20  # minutes that SendGrid keeps letters, to be able to take them back

# [delivery.smtp]
# host = "mail.docket.example"
# port = 587
# connections = 4
# security = "starttls"  # or "tls", or "none"
# username = "letters"

[audience]
subscribers = "subscribers.csv"

# Where stories and sent letters are remembered. Keep a copy of this file: it knows who got which letter.
[store]
url = "sqlite:///var/digest.db"
""")

_SECTION_EXAMPLE = """\
# [[sections]]
# name = "National"
# categories = ["National", "Politics"]
# max = 4  # stories at most
# form = "standard"  # or "brief", "opinion", "lead"
"""
_HEADER = "email,name,categories\n"


def write_starter(
    folder: Path,
    *,
    name: str,
    publisher: str,
    site: str,
    feeds: Sequence[tuple[str, str]] = (),
    postal_address: str,
    timezone: str,
    from_: str,
    language: str = "en",
    closes: str = "Friday 06:00",
    sections: Sequence[tuple[str, Sequence[str]]] = (),
    sources: Sequence[Mapping[str, str]] = (),
) -> Path:
    """Writes `digest.toml` into `folder` (made if missing), and an empty subscribers.csv if there is none.

    `feeds` are names (may be empty) and addresses or paths, `sections` names and categories, `sources` the keys of
    sources of any kind. Returns the path.
    Raises ConfigurationError when the file exists, cannot be written, or when a value would not do: nothing is written.
    """
    path = (folder / "digest.toml").absolute()
    values = {
        "name": name,
        "publisher": publisher,
        "site": site,
        "postal_address": postal_address,
        "timezone": timezone,
        "language": language,
        "from_": from_,
        "closes": closes,
        "web": f"{site.rstrip('/')}/letters/",
    }
    named = ({"name": name, "feed": feed} if name.strip() else {"feed": feed} for name, feed in feeds)
    text = _text(values, [*named, *sources], sections)
    _check(text, path)
    _write(path, text)
    return path


def _text(
    values: Mapping[str, str], sources: Sequence[Mapping[str, str]], sections: Sequence[tuple[str, Sequence[str]]]
) -> str:
    from digest.config.writing import written

    quoted = {name: _quoted(value) for name, value in values.items()}
    named = "".join(_section(name, categories) for name, categories in sections) or _SECTION_EXAMPLE
    return _TEMPLATE.substitute(quoted, sections=named, sources=f"{written(sources)}\n" if sources else "")


def _section(name: str, categories: Sequence[str]) -> str:
    named = ", ".join(map(_quoted, categories))
    return f"[[sections]]\nname = {_quoted(name)}\ncategories = [{named}]\nmax = 5\n\n"


def _quoted(text: str) -> str:
    import tomlkit

    return tomlkit.string(text).as_string()


def _check(text: str, path: Path) -> None:
    """Raises ConfigurationError with every complaint that loading would have."""
    from digest.config.load import settings_of

    settings_of(tomllib.loads(text), path, {})


def _write(path: Path, text: str) -> None:
    try:
        if not exists(path.parent, Path.is_dir):
            path.parent.mkdir(parents=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
        subscribers = path.with_name("subscribers.csv")
        if not subscribers.exists():
            subscribers.write_text(_HEADER, encoding="utf-8")
    except FileExistsError as error:
        raise ConfigurationError(
            f"{error.filename} exists already", hint="Change that one, or name another folder."
        ) from None
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written: {error.strerror}", hint="Name another folder.") from None
