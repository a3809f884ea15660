"""What may be a secret, or does harm where it is shown, is not repeated in a complaint."""

from __future__ import annotations

import pytest

from tests.unit.config.changes import changed
from tests.unit.config.conftest import Complain


@pytest.mark.parametrize(
    ("table", "line", "variable"),
    [
        ("delivery.smtp", 'password = "hunter2"', "DIGEST_SMTP_PASSWORD"),
        ("delivery.smtp", 'pasword = "hunter2"', "DIGEST_SMTP_PASSWORD"),
        ("delivery", 'smtp_password = "hunter2"', "DIGEST_SMTP_PASSWORD"),
        ("delivery.sendgrid", 'api_key = "hunter2"', "DIGEST_SENDGRID_API_KEY"),
        ("delivery.sendgrid", 'apikey = "hunter2"', "DIGEST_SENDGRID_API_KEY"),
        ("delivery.resend", 'api_key = "hunter2"', "DIGEST_RESEND_API_KEY"),
        ("delivery", 'resend_api_key = "hunter2"', "DIGEST_RESEND_API_KEY"),
        ("web", 'secret = "hunter2"', "DIGEST_SECRET"),
        ("web", 'secret_key = ["hunter2"]', "DIGEST_SENDGRID_API_KEY"),
    ],
)
def test_a_secret_in_the_file_is_refused_and_not_repeated(
    complain: Complain, least: str, table: str, line: str, variable: str
) -> None:
    (complaint,) = complain(changed(least, table, line))
    assert "a secret does not belong in this file" in complaint
    assert f"set it as {variable}" in complaint
    assert "hunter2" not in complaint


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ("store", 'url = "postgresql://docket:hunter2@db.example/digest"'),
        ("delivery.smtp", 'pw = "hunter2"'),
        ("delivery", 'login = "hunter2"'),
        ("publication", 'site = "ftp://docket:hunter2@docket.example/"'),
        ("web", "adress = {password = 'hunter2'}"),
    ],
)
def test_no_complaint_shows_what_may_be_a_password(complain: Complain, least: str, table: str, line: str) -> None:
    (complaint,) = complain(changed(least, table, line))
    assert "hunter2" not in complaint


def test_long_and_odd_values_are_shown_short_and_harmless(complain: Complain, least: str) -> None:
    (line,) = complain(changed(least, "week", f'closes = "\\u001B[2J{"x" * 500}"'))
    assert len(line) < 200
    assert line.isprintable()
