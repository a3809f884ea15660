"""Web addresses: fit for a reader, and equal where they lead to the same story."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit, urlunsplit

from w3lib.url import canonicalize_url, safe_url_string, url_query_cleaner

# What analytics and mail tools add to an address. None of these parameters changes the page. Names that some sites
# use for pages (`cid`, `share`) are not among them.
_TRACKING = re.compile(
    r"""(?: utm_\w* | pk_\w* | mtm_\w* | hsa_\w* | stm_\w* | _ga | _gl | _hsenc | _hsmi | __hssc | __hstc
    | hsctatracking | at_campaign | at_medium | cmpid | dclid | ecid | fbclid | gbraid | gclid | gclsrc | wbraid
    | guccounter | icid | igshid | igsh | li_fat_id | mc_cid | mc_eid | mkt_tok | msclkid | ncid | ocid | oly_anon_id
    | oly_enc_id | ref_src | rss_id | s_cid | sr_share | taid | twclid | vero_conv
    | vero_id | wickedid | xtor | yclid )""",
    re.IGNORECASE | re.VERBOSE,
)
# Places inside a page, and what trackers write behind the `#`. Another fragment may be a page of its own (`#!/a/1`).
_INSIDE_PAGE = re.compile(
    r"(?:comments?|respond|top|content|main|start|story)?$|(?:utm_|xtor=|ref=|rss|at_)", re.IGNORECASE
)
_AMP_PATH = re.compile(r"/amp/?$", re.IGNORECASE)
_LONGEST = 2000


def clean_address(address: str) -> str:
    """`address` without tracking, percent-encoded; empty when it must not become a link.

    Refused are schemes other than http and https, addresses without a host, with user information (they are written to
    mislead), with control characters inside, or longer than 2,000 characters.
    """
    address = address.strip()
    if len(address) > _LONGEST or re.search(r"[\x00-\x1f\x7f\\]", address):
        return ""
    parts = _split(address)
    if parts is None or parts.scheme.lower() not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        return ""
    return safe_url_string(_without_tracking(parts))


def canonical_address(address: str) -> str:
    """One spelling for all addresses of a story: scheme, `www.`, AMP, slash, parameter order and tracking set aside.

    It is a key to compare by and not a link. Empty when the address is not usable.
    """
    clean = clean_address(address)
    if not clean:
        return ""
    query_clean = url_query_cleaner(clean, ["amp", "outputType"], remove=True, unique=False, keep_fragments=True)
    parts = urlsplit(canonicalize_url(query_clean, keep_fragments=True))
    host = parts.netloc.removesuffix(":443").removesuffix(":80").removeprefix("www.").removeprefix("amp.")
    path = _AMP_PATH.sub("", parts.path).rstrip("/")
    return urlunsplit(("", "", f"{host}{path}", parts.query, parts.fragment))


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _without_tracking(parts: SplitResult) -> str:
    names = {pair.partition("=")[0] for pair in parts.query.split("&") if pair}
    dropped = [name for name in names if _TRACKING.fullmatch(name)]
    fragment = "" if _INSIDE_PAGE.match(parts.fragment) else parts.fragment
    address = urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", parts.query, fragment))
    return url_query_cleaner(address, dropped, remove=True, unique=False, keep_fragments=True) if dropped else address
