"""The delivery engine against its floors, everything on one machine in one run, the ledger fully durable.

python -m bench.delivery                 everything, some twenty minutes
python -m bench.delivery smtp plan       some of it: smtp letters sendgrid plan segment memory claims delay

Each run is a process of its own on a store of its own; ours and the floor take turns, and medians are compared.
`--runs` says how many runs (5), `--scale` by what to divide the number of readers for a quick look (1).
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import campaign, servers
from bench.measuring import HEAD, Bench, Measured, Row, peak_of_send

AT_ONCE = 8
SENDERS = min(2, os.cpu_count() or 1)
"""Processes that share the connections."""
LARGE, SMALL = 60_000, 10_000
"""Bytes of HTML in a letter."""
DELAY = 20
"""Milliseconds, each way."""


def smtp(bench: Bench) -> Iterator[Row]:
    """Letters through a mail server, against the generator in C that comes with it."""
    for html, target in ((LARGE, 1.0), (SMALL, 1.3)):
        publication = bench.publication(20_000, html)
        size, letters = int(bench.work("letters", publication)["bytes"]), bench.readers(20_000)
        with servers.smtp_sink() as port:
            ours, floor, kept = bench.in_turns(
                _working(bench, "send", publication, campaign.smtp(port, AT_ONCE, SENDERS)),
                _generating(port, "-s", str(AT_ONCE), "-l", str(size), "-m", str(letters), "-c"),
                _generating(port, "-s", str(AT_ONCE), "-l", str(size), "-m", str(letters), "-c", "-d"),
            )
        what = f"{letters:,} letters of {size // 1000} kB by SMTP, {AT_ONCE} connections, against smtp-source"
        rates = [letters / measured["seconds"] for measured in (ours, floor, kept)]
        ratio = rates[0] / rates[1]
        yield Row(what, *_rates(*rates[:2]), f"{ratio:.2f} x", f">= {target} x", ratio >= target)
        yield Row(
            f"{what} -d, which keeps its connections", *_rates(rates[0], rates[2]), f"{rates[0] / rates[2]:.2f} x"
        )


def letters(bench: Bench) -> Iterator[Row]:
    """Making letters, against the standard library."""
    publication = bench.publication(1000, LARGE)
    made = bench.in_turns(lambda: bench.work("letters", publication), lambda: bench.work("email_messages", publication))
    ours, floor = (each["seconds"] / each["letters"] for each in made)
    what, ratio = f"one letter of {LARGE // 1000} kB HTML made, against EmailMessage", floor / ours
    yield Row(what, f"{ours * 1e6:.1f} µs", f"{floor * 1e6:,.0f} µs", f"{ratio:.0f} x", ">= 200 x", ratio >= 200)


def sendgrid(bench: Bench) -> Iterator[Row]:
    """A campaign through the service's interface, against the same requests with nothing remembered."""
    publication, readers = bench.publication(500_000, LARGE), bench.readers(500_000)
    for hold in (0, 20):
        with servers.serving("sendgrid") as port:
            delivery = campaign.sendgrid(port, AT_ONCE, hold=hold, senders=SENDERS)
            ours, floor = bench.in_turns(
                _working(bench, "send", publication, delivery), _working(bench, "post", publication, delivery)
            )
        what = f"{readers:,} readers by SendGrid, {AT_ONCE} requests in flight, hold {'on' if hold else 'off'}"
        rates = [readers / measured["seconds"] for measured in (ours, floor)]
        ratio, met = f"{rates[0] / rates[1]:.2f} x", rates[0] >= 50_000
        yield Row(f"{what}, against the requests alone", *_rates(*rates), ratio, ">= 50,000/s", met)
        yield _at_most(f"{what}: processor", ours["cpu"], floor["cpu"], 4, "s")


def plan(bench: Bench) -> Iterator[Row]:
    """Planning, against the bare statement."""
    publication = bench.publication(1_000_000, SMALL)
    ours, floor = bench.in_turns(lambda: bench.work("plan", publication), lambda: bench.work("bare_plan", publication))
    what = f"{bench.readers(1_000_000):,} readers planned, against a bare INSERT … SELECT"
    yield _at_most(what, ours["seconds"], floor["seconds"], 3, "s")


def segment(bench: Bench) -> Iterator[Row]:
    """Planning for a segment, against planning for everybody."""
    publication = bench.publication(1_000_000, SMALL)
    ours, all_ = bench.in_turns(_working(bench, "plan_segment", publication), _working(bench, "plan", publication))
    ratio = ours["seconds"] / all_["seconds"]
    what = f"{bench.readers(1_000_000):,} readers planned by `--only`, against without"
    yield Row(what, f"{ours['seconds']:.3g} s", f"{all_['seconds']:.3g} s", f"{ratio:.2f} x")


def memory(bench: Bench) -> Iterator[Row]:
    """The peak of `digest send` from the list to the last letter, for many readers and for a tenth of them."""
    many, few = bench.readers(1_000_000), bench.readers(100_000)
    with servers.serving("sendgrid") as port:
        peaks = [_peak(bench, readers, campaign.sendgrid(port, AT_ONCE, hold=20)) for readers in (many, few)]
    what = f"peak of `digest send`, {many:,} readers"
    yield Row(what, f"{peaks[0]:.0f} MB", target="<= 160 MB", met=peaks[0] <= 160)
    yield _at_most(f"{what}, against {few:,}", peaks[0], peaks[1], 1.3, "MB")


def claims(bench: Bench) -> Iterator[Row]:
    """The last claims of a campaign, against the first."""
    publication = bench.publication(1_000_000, SMALL)
    (measured,) = bench.in_turns(_working(bench, "claims", publication))
    what = f"the last 100 of {int(measured['claims']):,} claims, against the first 100"
    yield _at_most(what, measured["last"], measured["first"], 1.2, "s")


def delay(bench: Bench) -> Iterator[Row]:
    """Letters a second over a slow line, with more and more connections, against so many times what one carries."""
    alone = 0.0
    for connections in (1, 2, 4, 8, 16, 32):
        letters = 200 * connections
        publication = bench.publication(letters * bench.scale, SMALL)
        with servers.smtp_sink() as sink, servers.serving("delay", str(sink), str(DELAY)) as port:
            (measured,) = bench.in_turns(_working(bench, "send", publication, campaign.smtp(port, connections)))
        rate = letters / measured["seconds"]
        alone = alone or rate
        share = rate / alone / connections
        what = f"letters over a line with {DELAY} ms each way, connections: {connections}"
        yield Row(what, *_rates(rate, alone * connections), f"{share:.2f} x", ">= 0.8 x", share >= 0.8)


CASES: dict[str, Callable[[Bench], Iterator[Row]]] = {
    case.__name__: case for case in (smtp, letters, sendgrid, plan, segment, memory, claims, delay)
}


def _working(bench: Bench, what: str, publication: Path, delivery: str = "") -> Callable[[], Measured]:
    return lambda: bench.work(what, publication, delivery)


def _generating(port: int, *options: str) -> Callable[[], Measured]:
    return lambda: {"seconds": servers.smtp_source(port, *options)}


def _peak(bench: Bench, readers: int, delivery: str) -> float:
    publication = campaign.make(bench.folder / f"memory-{readers}", readers=readers, html=LARGE)
    campaign.configure(publication, delivery, subscribers=publication / "subscribers.csv")
    return peak_of_send(publication)


def _rates(ours: float, floor: float) -> tuple[str, str]:
    return f"{ours:,.0f}/s", f"{floor:,.0f}/s"


def _at_most(what: str, ours: float, floor: float, times: float, unit: str) -> Row:
    ratio = ours / floor
    return Row(what, f"{ours:.3g} {unit}", f"{floor:.3g} {unit}", f"{ratio:.2f} x", f"<= {times} x", ratio <= times)


def main() -> None:
    """Prints a row for each thing that was measured."""
    parser = argparse.ArgumentParser(prog="python -m bench.delivery")
    parser.add_argument("cases", nargs="*", metavar="case", help=f"some of {', '.join(CASES)}; all if none is named")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--scale", type=int, default=1)
    chosen = parser.parse_args()
    print(HEAD, flush=True)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        bench = Bench(Path(name), chosen.runs, chosen.scale)
        for case in chosen.cases or CASES:
            for row in CASES[case](bench):
                print(row, flush=True)


if __name__ == "__main__":
    main()
