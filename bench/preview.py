"""How long it takes from saving a template to the new letter in a browser: `python -m bench.preview`.

The real command on the sample newsroom, and a real browser that has its page open. The clock runs from before the file
is written to the instant at which the browser shows the letter made of it, loaded whole.
"""

from __future__ import annotations

import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from digest.web.preview.chromium import Tab, browsing

EDITS = 30
_MASTHEAD = "<mj-section><mj-column><mj-text><h1>Edit {number}</h1></mj-text></mj-column></mj-section>"
_NOW = "document.body.dataset.shown"
_HEADING = "document.querySelector('#sheet iframe:not(.coming)').contentDocument.querySelector('h1').textContent"
_SHOWN = """new Promise((done) => {{
  const look = () => {heading} === "Edit {number}" ? done() : requestAnimationFrame(look);
  look();
}})"""


@contextmanager
def newsroom() -> Iterator[Path]:
    """The sample newsroom with its issue made up and a folder of templates of its own."""
    with tempfile.TemporaryDirectory(prefix="digest-bench-") as folder:
        for arguments in (["init", "--sample", "."], ["gather"], ["compose"]):
            subprocess.run([sys.executable, "-m", "digest", *arguments], cwd=folder, check=True, capture_output=True)
        with Path(folder, "digest.toml").open("a", encoding="utf-8") as file:
            file.write('\n[theme]\ntemplates = "templates"\n')
        Path(folder, "templates").mkdir()
        yield Path(folder)


@contextmanager
def previewed(folder: Path) -> Iterator[str]:
    """The address of a preview that runs."""
    command = [sys.executable, "-u", "-m", "digest", "preview", "--no-open"]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        yield next(found[0] for line in process.stdout if (found := re.search(r"http://\S+", line)))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def seconds(tab: Tab, template: Path, number: int) -> float:
    """One edit."""
    begun = time.perf_counter()
    template.write_text(_MASTHEAD.format(number=number), encoding="utf-8")
    tab.evaluate(_SHOWN.format(heading=_HEADING, number=number))
    return time.perf_counter() - begun


def main() -> None:
    """Prints median and worst."""
    with newsroom() as folder, previewed(folder) as address, browsing() as tab:
        tab.resize(1280, 900)
        tab.open(address)
        tab.evaluate(f"new Promise((done) => {{ const look = () => {_NOW} ? done() : setTimeout(look, 20); look(); }})")
        template = folder / "templates" / "masthead.mjml"
        seconds(tab, template, 0)  # a file more: every template is looked for anew
        taken = [seconds(tab, template, number) for number in range(1, EDITS + 1)]
    median, worst = 1000 * statistics.median(taken), 1000 * max(taken)
    print(f"preview: {EDITS} edits of a template, saved to shown: median {median:.0f} ms, worst {worst:.0f} ms")


if __name__ == "__main__":
    main()
