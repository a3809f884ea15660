"""`python -m tests.near`: precision and recall on the labelled stories, and each pair that was taken wrongly."""

from __future__ import annotations

import sys

from tests.near.labelled import HELD, TUNED, Kind
from tests.near.measuring import Measured, measure


def tell(measured: Measured) -> None:
    """Prints the figures of one part."""
    counts = ", ".join(f"{measured.near[kind]} of {measured.counts[kind]} {kind.value} pairs" for kind in Kind)
    print(f"{measured.part}: called near {counts}")
    print(f"  precision {measured.precision:.3f}, recall {measured.recall:.3f}")
    for wrong in measured.wrong:
        print(f"  {wrong.kind.value} {f'taken for near ({wrong.why})' if wrong.why else 'not found'}")
        print(f"    {wrong.one.headline} ({wrong.one.source})\n    {wrong.other.headline} ({wrong.other.source})")


if __name__ == "__main__":
    for part in sys.argv[1:] or (TUNED, HELD):
        tell(measure(part))
