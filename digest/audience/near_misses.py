"""Domains that look like a slip of the fingers: `gmial.com`, `gmail.con`. Pure.

A domain is one when a slip away from it lies one that has far more readers: a large provider, or a domain that is
common in the list itself. There are ports of a JavaScript library for this, which nobody has kept up since 2017 and
which take `mail.com` for `gmail.com`. Here a name of four letters and less is never taken for another, nor one that
begins with another letter, nor a domain that is itself a provider's: there slips and real names cannot be told apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from string import ascii_lowercase, digits

PROVIDERS = frozenset(
    """
    gmail.com googlemail.com yahoo.com yahoo.co.uk yahoo.co.in yahoo.co.jp yahoo.com.ar yahoo.com.au yahoo.com.br
    yahoo.com.mx yahoo.ca yahoo.de yahoo.es yahoo.fr yahoo.in yahoo.it yahoo.gr ymail.com rocketmail.com myyahoo.com
    hotmail.com hotmail.co.uk hotmail.de hotmail.es hotmail.fr hotmail.it hotmail.be hotmail.nl hotmail.se hotmail.ca
    outlook.com outlook.de outlook.es outlook.fr outlook.it outlook.be outlook.pt outlook.dk outlook.com.br live.com
    live.co.uk live.ca live.de live.fr live.it live.nl live.se live.dk live.be msn.com windowslive.com icloud.com me.com
    mac.com aol.com aim.com verizon.net comcast.net xfinity.com att.net sbcglobal.net bellsouth.net cox.net charter.net
    earthlink.net juno.com netzero.net optonline.net frontier.com windstream.net spectrum.net roadrunner.com
    rogers.com shaw.ca sympatico.ca telus.net videotron.ca btinternet.com btopenworld.com virginmedia.com sky.com
    talktalk.net ntlworld.com blueyonder.co.uk tiscali.co.uk orange.fr wanadoo.fr free.fr laposte.net sfr.fr bbox.fr
    neuf.fr gmx.de gmx.net gmx.at gmx.ch gmx.com web.de t-online.de freenet.de arcor.de posteo.de mailbox.org
    bluewin.ch libero.it virgilio.it alice.it tiscali.it tin.it telefonica.net ono.com terra.com.br uol.com.br
    bol.com.br ziggo.nl planet.nl kpnmail.nl home.nl telenet.be skynet.be telia.com mail.com email.com mail.ru list.ru
    inbox.ru bk.ru yandex.ru yandex.com ya.ru rambler.ru ukr.net seznam.cz centrum.cz wp.pl onet.pl interia.pl o2.pl
    proton.me protonmail.com pm.me tutanota.com tuta.com fastmail.com fastmail.fm hushmail.com hey.com zoho.com
    inbox.com qq.com 163.com 126.com sina.com foxmail.com naver.com daum.net hanmail.net rediffmail.com bigpond.com
    optusnet.com.au
    """.split()  # noqa: SIM905
)
"""Where large parts of a newsroom's readers have their mailboxes. Own domains of firms and towns are not here: of those
the list itself tells."""

_NO_ENDINGS = {
    **dict.fromkeys(("con", "cmo", "ocm", "comm", "coom", "vom", "xom", "cim", "cpm", "c0m", "coma", "come"), "com"),
    **dict.fromkeys(("nte", "ent", "nett", "nrt"), "net"),
    **dict.fromkeys(("ogr", "rog", "orgg", "prg", "orh"), "org"),
}
"""Ends of domains that there are not, and what they were to be."""

_RARE_ENDINGS = {"co": "com", "cm": "com", "om": "com", "ne": "net"}
"""Ends that there are, beside which a provider's name is a slip all the same."""

_LEAST_NAME = 5
_COMMON = 20
"""Readers from which on a domain of the list counts as one that is meant; and how many times as many as the other."""


def near_misses(readers: Mapping[str, int]) -> dict[str, str]:
    """The domains that are likely slips, each with what was probably meant; `readers` counts the list's by domain."""
    common = [domain for domain, count in readers.items() if count >= _COMMON and domain not in PROVIDERS]
    slips = {**_slips_of(tuple(common)), **_slips_of_providers()}
    found = {domain: _meant(domain, slips) for domain in readers if domain not in PROVIDERS}
    return {
        domain: meant
        for domain, meant in found.items()
        if meant and readers[domain] * _COMMON <= max(readers.get(meant, 0), _COMMON)
    }


def _meant(domain: str, slips: Mapping[str, str]) -> str:
    if domain in slips:
        return slips[domain]
    beginning, _, ending = domain.rpartition(".")
    if ending in _NO_ENDINGS:
        mended = f"{beginning}.{_NO_ENDINGS[ending]}"
        return slips.get(mended, mended)
    mended = f"{beginning}.{_RARE_ENDINGS.get(ending, ending)}"
    return mended if mended != domain and mended in PROVIDERS else ""


@cache
def _slips_of_providers() -> Mapping[str, str]:
    return _slips_of(tuple(sorted(PROVIDERS)))


def _slips_of(domains: Sequence[str]) -> dict[str, str]:
    """Every domain that is one slip away from one of these, with that one."""
    named = [(domain, *domain.split(".", 1)) for domain in domains]
    return {
        f"{slip}.{rest}": domain for domain, name, rest in named if len(name) >= _LEAST_NAME for slip in _slips(name)
    }


def _slips(name: str) -> Iterator[str]:
    """The name with two letters swapped, one left out, one too many, or another than the first replaced."""
    letters = ascii_lowercase + digits
    for at in range(len(name)):
        before, after = name[:at], name[at + 1 :]
        yield before + after
        if after:
            yield before + after[0] + name[at] + after[1:]
        for letter in letters:
            yield name[: at + 1] + letter + after
            if at:
                yield before + letter + after
