"""Words that are a file's name, and so no description of a picture."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

_FILE = re.compile(r"[\w%() .-]+\.(?:jpe?g|png|gif|webp|avif|svg|tiff?|bmp|heic)", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:img|dsc|dscn|image|photo|picture|screenshot|scan)[\s_-]*\d*", re.IGNORECASE)


def is_file_name(words: str, address: str) -> bool:
    """Whether `words` name a file: `IMG_2041`, `river.jpg`, or the file at the picture's `address` without its
    ending. What cameras and editors put into a description when nobody writes one."""
    name = unquote(urlsplit(address).path.rpartition("/")[2]).casefold()
    own = words.casefold() in {name, name.rpartition(".")[0]} - {""}
    return own or bool(_FILE.fullmatch(words) or _NUMBERED.fullmatch(words))
