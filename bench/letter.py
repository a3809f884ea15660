"""What a letter costs to set: `python -m bench.letter`. Medians of five runs that take turns, ratios within each run.

An issue of 25 stories is set as HTML and text and looked over, against the bare compiler on the same MJML; bodies are
cut for 500 sets of sections, against setting one; and the sample's letter is weighed.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

from mjml import mjml2html

from bench import case, newsroom
from bench.measuring import HEAD, Row
from digest.app import open_publication
from digest.audience.choices import is_in
from digest.config.load import load
from digest.model import Form, Issue, Section
from digest.preflight.inspected import Inspected
from digest.preflight.inspection import preflight
from digest.render.languages import language_of
from digest.render.letter import render_issue
from digest.render.passages import with_sections
from digest.render.slots import fill_html, fill_text
from digest.settings import Publication, Settings

RUNS, TIMES = 5, 20
SETS, SECTIONS = 500, 9  # nine sections make 511 sets


def milliseconds(work: Callable[[], object], times: int = TIMES) -> float:
    """Of one work, the median of several in a row."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return 1000 * statistics.median(taken)


def looked_over(issue: Issue, publication: Publication, settings: Settings) -> None:
    """An issue as HTML and text, and its preflight, links aside."""
    made = render_issue(issue, publication)
    page = f"{publication.web}reader/"
    values = dict.fromkeys(made.slots, page)
    inspected = Inspected(
        issue=issue,
        subject=made.subject,
        preheader=made.preheader,
        html=fill_html(made.html, made.slots, values),
        text=fill_text(made.text, made.slots, values),
        headers={},
        unsubscribe=page,
        web_view=f"{publication.web}issues/{issue.id}/",
        now=newsroom.CLOSES,
    )
    preflight(inspected, {}, settings)


def setting(folder: Path) -> Row:
    """The whole against the bare compiler."""
    issue, publication = case._issue(folder)
    settings = load(Path(__file__).with_name("settings.toml"), {})
    source = case._mjml(folder)
    runs = [
        (milliseconds(partial(looked_over, issue, publication, settings)), milliseconds(partial(mjml2html, source)))
        for _ in range(RUNS)
    ]
    ours, floor = (statistics.median(run[at] for run in runs) for at in (0, 1))
    ratio = statistics.median(ours / floor for ours, floor in runs)
    what = f"an issue of {len(issue.stories)} stories set as HTML and text and looked over, against bare mjml-python"
    return Row(what, f"{ours:.1f} ms", f"{floor:.2f} ms", f"{ratio:.0f} ×", "3 ×", ratio <= 3)


def sets(folder: Path) -> Row:
    """Bodies for many sets of sections against setting one."""
    issue, publication = case._issue(folder)
    issue = replace(issue, sections=tuple(_dealt(issue)))
    rendered, language = render_issue(issue, publication), language_of(publication.language)

    def cut() -> None:
        for variant in islice(range(1, 2**SECTIONS), SETS):
            with_sections(rendered, issue, variant, partial(is_in, variant), language)

    runs = [(milliseconds(cut, 1), milliseconds(partial(render_issue, issue, publication))) for _ in range(RUNS)]
    ours, floor = (statistics.median(run[at] for run in runs) for at in (0, 1))
    ratio = statistics.median(ours / floor for ours, floor in runs)
    what = f"bodies for {SETS} sets of {SECTIONS} sections, against setting one"
    return Row(what, f"{ours:.0f} ms", f"{floor:.1f} ms", f"{ratio:.0f} ×", "100 ×", ratio < 100)


def _dealt(issue: Issue) -> Iterable[Section]:
    """The issue's stories in nine sections."""
    stories = [story for section in issue.sections for story in section.stories]
    for number in range(SECTIONS):
        yield Section(name=f"Section {number}", form=Form.STANDARD, stories=tuple(stories[number::SECTIONS]))


def weight(folder: Path) -> Row:
    """The sample's letter, as `digest compose` makes it."""
    for arguments in (["init", "--sample", "."], ["gather"], ["compose"]):
        subprocess.run([sys.executable, "-m", "digest", *arguments], cwd=folder, check=True, capture_output=True)
    settings = load(folder / "digest.toml", {})
    with open_publication(settings, lambda: newsroom.CLOSES) as publication:
        issue, rendered = publication.archive.load(publication.newest_issue())
    size = len(rendered.html.encode())
    what = f"HTML of the sample's {len(issue.stories)} stories"
    return Row(what, f"{size / 1000:.1f} kB", target="60 kB", met=size <= 60_000)


def main() -> None:
    """Prints a line of the table for each."""
    print(HEAD)
    with tempfile.TemporaryDirectory(prefix="digest-bench-") as name:
        for measure in (setting, sets, weight):
            print(measure(Path(name)), flush=True)


if __name__ == "__main__":
    main()
