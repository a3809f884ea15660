"""`python -m tests.returns`: which part of real bounces is understood rightly, and each mail that is not."""

from __future__ import annotations

from tests.returns.measuring import CORPUS, Measured, measure


def tell(measured: Measured) -> None:
    """Prints the figures of one half."""
    right = measured.stated - len(measured.wrong)
    print(f"{measured.half} half: {right} of {measured.stated} right ({measured.right:.2%})")
    print(f"  {len(measured.mistaken)} of {measured.others} others taken for bounces")
    for wrong in (*measured.wrong, *measured.mistaken):
        told = ", ".join(f"{fate.address} {fate.kind.value}" for fate in wrong.understood.fates)
        print(f"  {wrong.file}: {wrong.why}\n    understood as {wrong.understood.kind.value}: {told or 'of nobody'}")


if __name__ == "__main__":
    if not CORPUS.exists():
        raise SystemExit(f"{CORPUS} is not there: nothing is measured")
    halves = measure()
    for half in halves:
        tell(half)
    stated, wrong = sum(half.stated for half in halves), sum(len(half.wrong) for half in halves)
    print(f"both: {stated - wrong} of {stated} right ({1 - wrong / stated:.2%})")
