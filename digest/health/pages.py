"""The readers' pages as the world reaches them: their certificate, and whether one click leaves (RFC 8058)."""

from __future__ import annotations

from datetime import timedelta

from digest.health.answers import HostAnswer
from digest.model.health import Diagnosis, Verdict

ANSWERS, ONE_CLICK = "web.answers", "web.one_click"
CLICK = b"List-Unsubscribe=One-Click"
"""Section 3.1: the body that a mailbox provider posts."""
CLICK_HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}
_READ_ON = "https://www.rfc-editor.org/rfc/rfc8058"
_SERVE = "Have `digest serve` run there behind your web server; the manual shows how"
_SOON = timedelta(days=14)
_BEGINNING = "https://"


def judge_front(web: str, answer: HostAnswer) -> Diagnosis:
    """How the first page of the readers' pages answers."""
    if not answer.status:
        verdict = Verdict.WRONG if answer.refused else Verdict.NOT_ASKED
        return _front(verdict, f"{web}: {answer.trouble}", _SERVE if answer.refused else "")
    if not web.startswith(_BEGINNING):
        words = f"{web} is not https; mailbox providers unsubscribe by https alone, and readers are warned"
        return _front(Verdict.WRONG, words, "Have it served with a certificate, and write web.address with https")
    if answer.status >= 400:
        verdict = Verdict.WRONG if answer.status >= 500 else Verdict.LOOK
        return _front(verdict, f"{web} answers {answer.status}", _SERVE)
    if answer.expires and answer.asked_at and answer.expires - answer.asked_at < _SOON:
        words = f"the certificate of {web} ends on {answer.expires:%Y-%m-%d}"
        return _front(Verdict.LOOK, words, "Renew it, and see to it that it renews itself")
    return _front(Verdict.OK, f"{web} answers {answer.status}, and its certificate is good")


def judge_click(click: str, answer: HostAnswer) -> Diagnosis:
    """What becomes of a click on a test link, which stands for no reader."""
    place = click.rpartition("/")[0] + "/…"
    if not answer.status:
        verdict = Verdict.WRONG if answer.refused else Verdict.NOT_ASKED
        return _click(verdict, f"{place}: {answer.trouble}")
    if answer.status == 200:
        return _click(Verdict.OK, f"{place} takes a click and answers 200")
    if 300 <= answer.status < 400:
        where = f" to {answer.location[:80]}" if answer.location else ""
        words = f"{place} leads on{where} (status {answer.status}), and mailbox providers do not follow"
        return _click(
            Verdict.WRONG, words, "Write web.address as the web server has it in the end, and have it lead on nowhere"
        )
    words = f"{place} answers {answer.status} to a click, so readers cannot leave by one"
    return _click(Verdict.WRONG, words, f"{_SERVE}; POST must get through as it is")


def judge_no_click(why: str) -> Diagnosis:
    """A click could not be tried."""
    return _click(Verdict.NOT_ASKED, f"a click could not be tried: {why}")


def _front(verdict: Verdict, words: str, do: str = "") -> Diagnosis:
    return Diagnosis(check=ANSWERS, verdict=verdict, words=words, do=do)


def _click(verdict: Verdict, words: str, do: str = "") -> Diagnosis:
    return Diagnosis(check=ONE_CLICK, verdict=verdict, words=words, do=do, read_on=_READ_ON)
