"""What the environment says goes before the file; secrets come from nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest

from digest.config import load, load_with_warnings
from digest.config.keys import known_keys
from digest.model import Form
from digest.settings import Limits, SectionRule, Settings, Source

Complain = Callable[..., tuple[str, ...]]
Write = Callable[[str], Path]


@pytest.fixture
def settings(write: Write, least: str) -> Callable[..., Settings]:
    """The settings that the least configuration and some variables make."""
    path = write(least)
    return lambda **environ: load(path, environ)


def test_every_kind_of_value_can_be_set(settings: Callable[..., Settings]) -> None:
    made = settings(
        DIGEST_PUBLICATION_NAME="Rebuttal",
        DIGEST_PUBLICATION_FROM="Rebuttal <rebuttal@docket.example>",
        DIGEST_WEEK_CLOSES="Monday 7:05",
        DIGEST_WEEK_MAX_STORIES=" 9 ",
        DIGEST_WEEK_FIRST_ISSUE="2026-11-20",
        DIGEST_DELIVERY_PACE="2.5",
        DIGEST_DELIVERY_PER_HOUR="500",
        DIGEST_DELIVERY_WARM_UP="[50, 100]",
        DIGEST_DELIVERY_DOMAINS='{"Mail.Example" = 500}',
        DIGEST_DELIVERY_LOCAL_HOUR="7:30",
        DIGEST_DELIVERY_UNCERTAIN="resend",
        DIGEST_DELIVERY_SMTP_HOST="mail.docket.example",
        DIGEST_DELIVERY_SENDGRID_TRACK_CLICKS="Yes",
        DIGEST_STORE_URL="sqlite:///other.db",
        DIGEST_EXCLUDE_CATEGORIES='["Podcast", "Events"]',
        DIGEST_EXCLUDE_TITLES="['Weekly*']",
        DIGEST_SECTIONS='[{"name": "Courts", "categories": ["Courts"], "form": "brief"}]',
        DIGEST_SOURCES='[{name = "A", feed = "https://a.example/feed"}]',
        DIGEST_PREVIEW_FOLDERS='{"https://docket.example/" = "pictures"}',
    )
    assert (made.publication.name, made.publication.from_) == ("Rebuttal", "Rebuttal <rebuttal@docket.example>")
    assert (made.week.weekday, made.week.hour, made.week.max_stories) == (0, time(7, 5), 9)
    assert made.week.first_issue == date(2026, 11, 20)
    assert made.delivery.limits == Limits(
        per_second=2.5, per_hour=500, warm_up=(50, 100), domains={"mail.example": 500}
    )
    assert (made.delivery.local_hour, made.delivery.resend_uncertain) == (time(7, 30), True)
    assert made.delivery.smtp.host == "mail.docket.example"
    assert made.delivery.sendgrid.track_clicks is True
    assert made.store_url == f"sqlite:///{made.home}/other.db"
    assert (made.exclusions.categories, made.exclusions.titles) == (("Podcast", "Events"), ("Weekly*",))
    assert made.sections[0] == SectionRule(name="Courts", categories=("Courts",), form=Form.BRIEF)
    assert made.sources == (Source(name="A", feed="https://a.example/feed"),)
    assert made.preview_folders == (("https://docket.example/", made.home / "pictures"),)


def test_an_empty_variable_says_nothing(settings: Callable[..., Settings]) -> None:
    assert settings(DIGEST_PUBLICATION_NAME="", DIGEST_WEEK_MAX_STORIES=" ") == settings()


def test_the_environment_makes_good_what_the_file_lacks(write: Write, least: str) -> None:
    path = write(least.replace('closes = "Friday 06:00"', "closes = 6"))
    assert load(path, {"DIGEST_WEEK_CLOSES": "Friday 06:00"}).week.weekday == 4


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("DIGEST_WEEK_MAX_STORIES", "many", 'DIGEST_WEEK_MAX_STORIES = "many": not a whole number; write it like 5'),
        ("DIGEST_WEEK_MAX_STORIES", "1_0", "not a whole number"),
        ("DIGEST_WEEK_MAX_STORIES", "-3", "DIGEST_WEEK_MAX_STORIES = -3: it must be 1 or more"),
        ("DIGEST_DELIVERY_PACE", "fast", "not a number"),
        ("DIGEST_DELIVERY_PACE", "nan", "not a number"),
        ("DIGEST_DELIVERY_SENDGRID_TRACK_OPENS", "maybe", "neither true nor false"),
        ("DIGEST_WEEK_FIRST_ISSUE", "20 November", "not a date; write it like 2026-11-20"),
        ("DIGEST_WEEK_CLOSES", "Fryday 06:00", 'DIGEST_WEEK_CLOSES = "Fryday 06:00": not a day and an hour'),
        ("DIGEST_EXCLUDE_CATEGORIES", "Podcast", "not a list"),
        ("DIGEST_EXCLUDE_CATEGORIES", '"Podcast"', "not a list"),
        ("DIGEST_EXCLUDE_CATEGORIES", "[5]", "DIGEST_EXCLUDE_CATEGORIES[1] = 5: not a text"),
        ("DIGEST_EXCLUDE_CATEGORIES", '[]\nother = "x"', "not a list"),
        ("DIGEST_EXCLUDE_CATEGORIES", "[" * 100_000, "not a list"),
        ("DIGEST_SECTIONS", '[{"name": "A", "max": "4"}]', 'DIGEST_SECTIONS[A].max = "4": not a whole number'),
        ("DIGEST_SOURCES", "[]", "DIGEST_SOURCES = []: no feed is named"),
        ("DIGEST_PREVIEW_FOLDERS", "[]", "not a table"),
        ("DIGEST_SECTIONS", "National", "not a list of tables; write it like [{name ="),
        ("DIGEST_DELIVERY_WARM_UP", "50", 'DIGEST_DELIVERY_WARM_UP = "50": not a list; write it like [50, 100, 500]'),
        ("DIGEST_DELIVERY_WARM_UP", "[50, -1]", "DIGEST_DELIVERY_WARM_UP[2] = -1: it must be 1 or more"),
        ("DIGEST_DELIVERY_DOMAINS", "mail.example", 'not a table; write it like {"mail.example" = 500}'),
        ("DIGEST_DELIVERY_DOMAINS", '{"mail.example": 0}', "DIGEST_DELIVERY_DOMAINS.mail.example = 0: it must be 1"),
        ("DIGEST_DELIVERY_HOLD", "5", "DIGEST_DELIVERY_HOLD = 5.0: letters can be taken back until 10 minutes before"),
        ("DIGEST_STORE_URL", "mysql://docket:hunter2@db.example/x", "DIGEST_STORE_URL = "),
        ("DIGEST_PUBLICATION_ACCENT", "#FFFFFF", 'DIGEST_PUBLICATION_ACCENT = "#FFFFFF": its contrast'),
    ],
)
def test_a_complaint_names_the_variable(complain: Complain, least: str, variable: str, value: str, words: str) -> None:
    (line,) = complain(least, {variable: value})
    assert line.startswith(variable)
    assert words in line
    assert "hunter2" not in line


def test_every_key_has_a_variable_of_its_own() -> None:
    variables = [key.variable for key in known_keys() if key.variable]
    assert len(set(variables)) == len(variables)
    assert {"DIGEST_SECTIONS", "DIGEST_SOURCES", "DIGEST_DELIVERY_SMTP_HOST"} <= set(variables)


def test_variables_that_nothing_reads_are_warned_of(write: Write, least: str) -> None:
    environ = {
        "DIGEST_WEEK_CLOSE": "Friday 06:00",
        "DIGEST_DELIVERY_SMTP_PASSWORD": "hunter2",
        "DIGEST_COLOUR": "x",
        "DIGEST_CONFIG": "x",
        "DIGEST_SECRET": "x",
        "HOME": "/",
    }
    warnings = load_with_warnings(write(least), environ)[1]
    assert [line.split(":")[0] for line in warnings] == [
        "DIGEST_COLOUR",
        "DIGEST_DELIVERY_SMTP_PASSWORD",
        "DIGEST_WEEK_CLOSE",
    ]
    assert warnings[1].endswith("did you mean DIGEST_SMTP_PASSWORD?")
    assert warnings[2].endswith("did you mean DIGEST_WEEK_CLOSES?")
    assert "hunter2" not in "".join(warnings)


def test_secrets_come_from_variables(settings: Callable[..., Settings]) -> None:
    made = settings(
        DIGEST_SMTP_PASSWORD="p w", DIGEST_SENDGRID_API_KEY="SG.k", DIGEST_RESEND_API_KEY="re_k", DIGEST_SECRET="s"
    )
    assert made.delivery.resend.api_key == "re_k"
    assert (made.delivery.smtp.password, made.delivery.sendgrid.api_key, made.secrets) == ("p w", "SG.k", ("s",))
    assert not any(secret in repr(made) for secret in ("p w", "SG.k", "re_k"))


def test_a_services_own_variable_is_known_and_ours_goes_first(settings: Callable[..., Settings]) -> None:
    assert settings(SENDGRID_API_KEY="theirs").delivery.sendgrid.api_key == "theirs"
    assert settings(RESEND_API_KEY="theirs").delivery.resend.api_key == "theirs"
    assert settings(RESEND_API_KEY="theirs", DIGEST_RESEND_API_KEY="ours").delivery.resend.api_key == "ours"
    both = settings(SENDGRID_API_KEY="theirs", DIGEST_SENDGRID_API_KEY="ours")
    assert both.delivery.sendgrid.api_key == "ours"


def test_secrets_come_from_files(tmp_path: Path, settings: Callable[..., Settings]) -> None:
    (tmp_path / "password").write_text("hunter2\n")
    (tmp_path / "key").write_text(" SG.k\r\n")
    made = settings(
        DIGEST_SMTP_PASSWORD_FILE="password",
        DIGEST_SENDGRID_API_KEY_FILE=str(tmp_path / "key"),
        DIGEST_RESEND_API_KEY_FILE="key",
        DIGEST_SECRET_FILE=str(tmp_path / "password"),
    )
    assert (made.delivery.smtp.password, made.delivery.sendgrid.api_key) == ("hunter2", "SG.k")
    assert (made.delivery.resend.api_key, made.secrets) == ("SG.k", ("hunter2",))


def test_the_file_of_links_keys_may_hold_several(tmp_path: Path, settings: Callable[..., Settings]) -> None:
    (tmp_path / "keys").write_text("the newest\r\n\n  an older one \nthe newest\n")
    made = settings(DIGEST_SECRET_FILE="keys")
    assert (made.secrets, made.secrets_file) == (("the newest", "an older one"), tmp_path / "keys")


def test_a_key_that_cannot_be_one_is_a_complaint_without_it(tmp_path: Path, complain: Complain, least: str) -> None:
    (tmp_path / "keys").write_text("hunter2\nhunter\x073\n")
    (line,) = complain(least, {"DIGEST_SECRET_FILE": "keys"})
    assert line.startswith("DIGEST_SECRET: the secret has a line break or a control character")
    assert "hunter" not in line


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "it cannot be read (No such file or directory)"),
        (b"", "the file is empty"),
        (b" \n", "the file is empty"),
        (b"hunter2\xff", "the file is no text in UTF-8"),
        (b"hunter2\nSubject: x", "a line break or a control character"),
    ],
)
def test_a_secret_file_that_will_not_do_is_a_complaint_without_the_secret(
    tmp_path: Path, complain: Complain, least: str, content: bytes | None, words: str
) -> None:
    if content is not None:
        (tmp_path / "key").write_bytes(content)
    (line,) = complain(least, {"DIGEST_SENDGRID_API_KEY_FILE": "key"})
    assert line.startswith("DIGEST_SENDGRID_API_KEY")
    assert words in line
    assert "hunter2" not in line


def test_a_secret_that_is_said_twice_is_a_complaint(complain: Complain, least: str) -> None:
    lines = complain(least, {"DIGEST_SECRET": "hunter2", "DIGEST_SECRET_FILE": "x", "DIGEST_SMTP_PASSWORD": "a\nb"})
    assert len(lines) == 2
    assert "DIGEST_SECRET and DIGEST_SECRET_FILE are both set; keep one of them" in lines
    assert "hunter2" not in "".join(lines)
