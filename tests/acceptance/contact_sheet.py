"""A sheet with the wild issues at 360 px, to look at: `python -m tests.acceptance.contact_sheet SHEET.png`.

`--first 100 --count 30` makes it of other ones; `--start` and `--height` tell which part of each; with `--doubled` text
has twice its size, with `--dark` the letter its dark form.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw

from digest.web.preview.chromium import Tab, browsing
from tests.acceptance.wild_issues import DOUBLED, MEASURED, WildIssue, for_browser, made_issues

WIDTH, GAP, ACROSS = 360, 16, 10


def picture(tab: Tab, issue: WildIssue, folder: Path, arguments: argparse.Namespace) -> Image.Image:
    """The beginning of one issue, its number above it."""
    page = folder / f"{issue.number}.html"
    page.write_text(for_browser(issue.html), encoding="utf-8")
    tab.resize(WIDTH, 800, dark=arguments.dark)
    tab.open(page.as_uri())
    if arguments.doubled:
        tab.evaluate(DOUBLED)
    measured = tab.evaluate(MEASURED)
    print(f"{issue.number}: {issue.stories} stories, {len(issue.html) // 1000} kB, {measured}")
    for finding in issue.found.findings:
        print(f"   {finding.severity} {finding.check}: {finding.title} ({finding.where})")
    sheet = Image.new("RGB", (WIDTH, arguments.height + 20), "white")
    ImageDraw.Draw(sheet).text((0, 4), f"issue {issue.number}", fill="black")
    shot = Image.open(io.BytesIO(tab.picture()))
    top = min(arguments.start, max(0, shot.height - arguments.height))
    sheet.paste(shot.crop((0, top, WIDTH, min(shot.height, top + arguments.height))), (0, 20))
    return sheet


def main() -> None:
    """Makes the sheet, and prints what was measured and found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sheet", type=Path)
    for name, number in (("first", 1), ("count", 30), ("height", 1400), ("start", 0)):
        parser.add_argument(f"--{name}", type=int, default=number)
    parser.add_argument("--doubled", action="store_true")
    parser.add_argument("--dark", action="store_true")
    arguments = parser.parse_args(sys.argv[1:])
    numbers = range(arguments.first, arguments.first + arguments.count)
    with tempfile.TemporaryDirectory() as name, browsing() as tab:
        shots = [picture(tab, issue, Path(name), arguments) for issue in made_issues(numbers, Path(name))]
    rows = -(-len(shots) // ACROSS)
    whole = Image.new("RGB", (ACROSS * (WIDTH + GAP), rows * (shots[0].height + GAP)), "#888")
    for place, shot in enumerate(shots):
        whole.paste(shot, ((place % ACROSS) * (WIDTH + GAP), (place // ACROSS) * (shot.height + GAP)))
    whole.save(arguments.sheet)


if __name__ == "__main__":
    main()
