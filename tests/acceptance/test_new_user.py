"""What somebody meets who has just installed the program, and what it says when something is wrong."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.acceptance.publication import REPOSITORY, Publication

COMMANDS = ("init", "gather", "compose", "preview", "send", "run", "schedule", "status", "subscribers", "theme")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(empty: Publication, command: str) -> None:
    told = empty.run(command, "--help").stdout
    assert "Example:" in told
    assert f"digest {command}" in told


def test_help_is_light(empty: Publication) -> None:
    heavy = "sqlalchemy alembic feedparser sendgrid jinja2 mjml pydantic urllib3 rich lxml nh3".split()  # noqa: SIM905
    code = (
        "import sys; from digest.cli.main import run; run(['--help']);"
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    for command in COMMANDS:
        assert command in done.stdout


def test_without_a_configuration_it_says_how_to_get_one(empty: Publication) -> None:
    for command in ("gather", "compose", "status", "run"):
        assert "digest init" in empty.run(command, expect=2).stderr


def test_init_runs_unattended_and_its_result_works(empty: Publication) -> None:
    feed = empty.folder / "feed.xml"
    feed.write_bytes((REPOSITORY / "sample" / "feeds" / "main.xml").read_bytes())
    options = {
        "--name": "Friday’s “Letter”",
        "--publisher": "The Harbor \\ Record",
        "--site": "https://harbor.example/",
        "--feed": "feed.xml",
        "--postal-address": "1 Quay, Port Merrow",
        "--timezone": "America/Los_Angeles",
        "--from": "Letters <letters@harbor.example>",
    }
    empty.run("init", *(word for pair in options.items() for word in pair))
    text = (empty.folder / "digest.toml").read_text()
    assert text.count("#") > 10
    assert empty.json("gather")["sources"][0]["status"] == "ok"
    made = empty.json("compose", "--date", "2026-11-20")
    assert "Harbor \\ Record" in (empty.folder / made["html"]).read_text().replace("&#92;", "\\")
    refused = empty.run("init", *(word for pair in options.items() for word in pair), expect=2)
    assert "digest.toml" in refused.stderr
    assert (empty.folder / "digest.toml").read_text() == text


def test_init_asks_what_it_is_not_told(empty: Publication) -> None:
    answers = "Closing\nhttps://docket.example/\n12 Court Street\nEurope/Berlin\nLetters <letters@docket.example>\n"
    empty.run("init", "--feed", "feed.xml", stdin=answers)
    assert 'name = "Closing"' in (empty.folder / "digest.toml").read_text()


def test_all_complaints_at_once_with_file_key_value_and_remedy(sample: Publication) -> None:
    sample.configure('timezone = "America/Los_Angeles"', 'timezone = "America/Los_Angles"')
    sample.configure('closes = "Friday 06:00"', 'closes = "Fryday 6"')
    sample.configure("min_stories = 5", 'min_stories = "five"\nmin_storys = 5')
    complaints = sample.run("status", expect=2).stderr
    for key in ("publication.timezone", "week.closes", "week.min_stories", "week.min_storys"):
        assert f"digest.toml: {key}" in complaints, key
    assert "America/Los_Angeles" in complaints
    assert "Fryday 6" in complaints


def test_the_configuration_is_found_by_option_then_environment_then_here(sample: Publication, tmp_path: Path) -> None:
    elsewhere = Publication(tmp_path)
    config = str(sample.folder / "digest.toml")
    assert elsewhere.json("status", "--config", config)["issues"] == []
    assert elsewhere.run("--config", config, "status").returncode == 0
    assert elsewhere.json("status", DIGEST_CONFIG=config)["issues"] == []
    elsewhere.run("status", expect=2)
    elsewhere.run("gather", "--config", config)
    assert (sample.folder / "var" / "digest.db").exists()


def test_values_come_from_the_environment_too(sample: Publication) -> None:
    sample.run("gather")
    made = sample.json("compose", DIGEST_PUBLICATION_NAME="Second Name", DIGEST_WEEK_MAX_STORIES="6")
    assert made["stories"] == 6
    assert "Second Name" in (sample.folder / made["html"]).read_text()


def test_a_secret_in_the_configuration_is_refused_and_not_repeated(sample: Publication) -> None:
    sample.configure("[delivery]", '[delivery]\nsendgrid = { api_key = "SG.not-to-be-shown" }\n')
    refused = sample.run("status", expect=2).stderr
    assert "api_key" in refused
    assert "not-to-be-shown" not in refused


def test_a_broken_feed_is_a_line_and_not_the_end(sample: Publication) -> None:
    (sample.folder / "sample" / "feeds" / "courts.xml").write_text("<html><body>503 Service Unavailable</body></html>")
    (sample.folder / "sample" / "feeds" / "sister.json").unlink()
    sources = {source["name"]: source for source in sample.json("gather")["sources"]}
    failed = [source for source in sources.values() if source["status"] == "failed"]
    assert len(failed) == 2
    assert all(source["error"] for source in failed)
    assert sum(source["new"] for source in sources.values()) > 40
    assert "failing since" in sample.run("gather").stdout


def test_when_no_source_can_be_read_the_run_stops(sample: Publication) -> None:
    for feed in (sample.folder / "sample" / "feeds").iterdir():
        feed.unlink()
    sample.run("gather", expect=9)
    sample.run("run", expect=9)
    assert sample.letters() == []


def test_a_store_that_is_none_is_said_to_be_none(sample: Publication) -> None:
    (sample.folder / "var").mkdir()
    (sample.folder / "var" / "digest.db").write_text("this is no database, but a shopping list\n" * 99)
    refused = sample.run("gather", expect=8)
    assert "digest.db" in refused.stderr
    assert (sample.folder / "var" / "digest.db").read_text().startswith("this is no database")
    # A dry run works on a copy; what it says is said of the original.
    assert str(sample.folder / "var" / "digest.db") in sample.run("status", expect=8).stderr


def test_a_missing_list_is_named(composed: Publication) -> None:
    (composed.folder / "subscribers.csv").unlink()
    assert "subscribers.csv" in composed.run("send", "--dry-run", expect=2).stderr


def test_schedule_tells_the_next_five_instants(sample: Publication) -> None:
    lines = sample.run("schedule", "--next").stdout.splitlines()
    assert len(lines) == 5
    assert all(line.startswith("Fri ") and " 06:00 " in line and "(UTC-0" in line for line in lines)


def test_schedule_prints_what_to_install(sample: Publication) -> None:
    units = sample.run("schedule", "--print", "systemd").stdout
    assert "OnCalendar=Fri *-*-* 06:00:00 America/Los_Angeles" in units
    assert "Persistent=true" in units
    assert "run --yes --on-time" in units
    assert str(sample.folder) in units
    assert "OnUnitActiveSec=60min" in units
    weekly, hourly = sample.run("schedule", "--print", "cron").stdout.splitlines()[-2:]
    assert weekly.startswith("0 * * * * ")
    assert weekly.endswith("--on-time")
    assert hourly.startswith("30 * * * * ")
    assert hourly.endswith("gather >/dev/null")


def test_a_schedule_that_gathers_for_each_issue_alone_prints_no_more(sample: Publication) -> None:
    lines = sample.run("schedule", "--print", "cron", DIGEST_FETCH_EVERY="0").stdout.splitlines()
    assert lines[-1].endswith("--on-time")
    units = sample.run("schedule", "--print", "systemd", DIGEST_FETCH_EVERY="0").stdout
    assert "-gather.timer" not in units


def test_a_mailbox_for_what_comes_back_is_read_in_between(sample: Publication) -> None:
    with (sample.folder / "digest.toml").open("a", encoding="utf-8") as file:
        file.write('\n[returns]\nmaildir = "returned"\n')
    units = sample.run("schedule", "--print", "systemd").stdout
    assert re.search(r"ExecStart=.*digest'? bounces", units)
    assert "OnUnitActiveSec=15min" in units
    lines = sample.run("schedule", "--print", "cron").stdout.splitlines()
    assert re.fullmatch(r"0-59/15 \* \* \* \* cd \S+ && .* bounces >/dev/null", lines[-1])


def test_schedule_prints_paths_that_a_shell_and_systemd_understand(sample: Publication) -> None:
    odd = Publication(sample.folder.parent / "it's 100% odd")
    sample.folder.rename(odd.folder)
    cron = odd.run("schedule", "--print", "cron").stdout.splitlines()[-2]
    # What cron hands to the shell: an escaped percent sign is one again.
    line = cron.removeprefix("0 * * * * ").replace("\\%", "%").split(" && ")[0]
    shell = subprocess.run(["sh", "-c", f"{line} && pwd"], capture_output=True, text=True, check=True)
    assert shell.stdout.strip() == str(odd.folder)
    assert f"WorkingDirectory={odd.folder}".replace("%", "%%") in odd.run("schedule", "--print", "systemd").stdout


def test_nobody_listening_does_not_stop_the_work(sample: Publication) -> None:
    program = subprocess.Popen(
        [sys.executable, "-m", "digest", "run", "--yes"],
        cwd=sample.folder,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    )
    assert program.stdout
    program.stdout.close()
    assert program.wait(60) == 0
    assert sample.json("status")["issues"][0]["letters"]["accepted"] == len(sample.letters()) > 0


def test_a_feed_that_is_a_pipe_is_a_line_in_the_report(sample: Publication) -> None:
    (sample.folder / "sample" / "feeds" / "sister.json").unlink()
    os.mkfifo(sample.folder / "sample" / "feeds" / "sister.json")
    assert "it is not a file" in sample.run("gather").stdout


@pytest.mark.parametrize("arguments", [["--date", "0001-01-01"], ["--since", "0001-01-01"], ["--date", "tomorrow"]])
def test_days_that_are_none_are_refused(sample: Publication, arguments: list[str]) -> None:
    sample.run("compose", *arguments, expect=2)
    assert "FIRST_ISSUE" in sample.run("status", expect=2, DIGEST_WEEK_FIRST_ISSUE="0001-01-05").stderr


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_note_may_come_out_of_any_editor(composed: Publication, encoding: str) -> None:
    note = composed.folder / "issues" / "2026-11-20" / "note.txt"
    note.write_text("Café, naïve and 20 €: “read on”.", encoding=encoding)
    made = composed.json("compose")
    text = (composed.folder / made["text"]).read_text(encoding="utf-8")
    assert "Café, naïve and 20 €: “read on”." in text.replace("\u00a0", " ")


def test_the_wheel_works_from_any_folder(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(REPOSITORY)],
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    page = REPOSITORY / "digest" / "web" / "preview" / "page"
    assert {f"digest/web/preview/page/{file.name}" for file in page.iterdir()} <= set(zipfile.ZipFile(wheel).namelist())
    target = tmp_path / "installed"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(target)]
    subprocess.run([*pip, str(wheel)], check=True, capture_output=True)
    folder = tmp_path / "anywhere"
    folder.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(target)}
    for arguments in (["init", "--sample", "."], ["run", "--dry-run"]):
        done = subprocess.run(
            [sys.executable, "-m", "digest", *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    code = "import digest; print(digest.__file__)"
    where = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    assert where.stdout.startswith(str(target))
    assert len(list(folder.glob("outbox/dry-run/*/*.html"))) >= 1
