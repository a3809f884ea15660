"""The walls that import-linter does not see: who reads the clock, who reads the environment, who prints."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import digest

PACKAGE = Path(digest.__file__).parent
NOW = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}
MAY_READ_THE_CLOCK = {"clock.py"}
MAY_READ_THE_ENVIRONMENT = {"config/load.py"}


def calls(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)
        if isinstance(node, ast.Attribute):
            yield ast.unparse(node)


def offenders(names: set[str], allowed: set[str]) -> list[str]:
    files = {path.relative_to(PACKAGE).as_posix(): path for path in PACKAGE.rglob("*.py")}
    assert len(files) > 50
    return [name for name, path in files.items() if name not in allowed and names & set(calls(path))]


def test_the_wall_clock_is_read_in_one_place() -> None:
    assert offenders(NOW, MAY_READ_THE_CLOCK) == []


def test_the_environment_is_read_in_one_place() -> None:
    assert offenders({"os.environ", "os.getenv"}, MAY_READ_THE_ENVIRONMENT) == []


def test_nothing_but_the_command_line_prints() -> None:
    printing = offenders({"print", "click.echo", "sys.stdout.write"}, set())
    assert [name for name in printing if not name.startswith("cli/")] == []


def test_no_file_has_grown_into_two_rooms() -> None:
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in PACKAGE.rglob("*.py")}
    assert {name: length for name, length in lengths.items() if length > 300} == {}
