"""Words as they are compared: folded, cut back to their stems, numbers as figures. Any language, best in those of the
letter's readers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_PIECES = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:[’'][^\W\d_]+)*")
_THOUSANDS = re.compile(r"[.,](?=\d{3}(?:\D|$))")
_LONGEST_STEM = 6
_ARABIC = re.compile("[\u0600-\u06ff]")
# The light stemmer of Larkey, Ballesteros and Connell (SIGIR 2002): article, conjunction and endings off.
_ARABIC_BEFORE = re.compile("^(?:وال|بال|كال|فال|ال|لل|و)(?=.{3})")
_ARABIC_AFTER = re.compile("(?<=...)(?:ها|ان|ات|ون|ين|يه|ه|ي|ا)$")
_ARABIC_FORMS = str.maketrans("ىة", "يه")
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu)[’'](?=\w{2})")
_NUMBERS = {
    word: str(number)
    for number, words in {
        2: "two dos deux zwei اثنان اثنين",
        3: "three tres trois drei ثلاثة ثلاث",
        4: "four cuatro quatre vier اربعة اربع",
        5: "five cinco cinq fünf خمسة خمس",
        6: "six seis sechs ستة ست",
        7: "seven siete sept sieben سبعة سبع",
        8: "eight ocho huit acht ثمانية ثمان",
        9: "nine nueve neuf neun تسعة تسع",
        10: "ten diez dix zehn عشرة عشر",
        11: "eleven once onze elf",
        12: "twelve doce douze zwölf",
        13: "thirteen",
        14: "fourteen",
        15: "fifteen",
        16: "sixteen",
        17: "seventeen",
        18: "eighteen",
        19: "nineteen",
        20: "twenty veinte vingt zwanzig عشرون عشرين",
        30: "thirty treinta trente dreißig ثلاثون ثلاثين",
        40: "forty cuarenta quarante vierzig اربعون اربعين",
        50: "fifty cincuenta cinquante fünfzig خمسون خمسين",
        60: "sixty sesenta soixante sechzig ستون ستين",
        70: "seventy",
        80: "eighty",
        90: "ninety",
    }.items()
    for word in words.split()
}


def stems(text: str) -> Iterator[str]:
    """The stems of `text` in their order, in small letters; letters that stand alone are left out."""
    return map(str.lower, stems_with_names(text))


def stems_with_names(text: str) -> Iterator[str]:
    """The stems of a sentence; those of words with a capital inside of it, which are names mostly, keep one."""
    for place, piece in enumerate(_PIECES.findall(unicodedata.normalize("NFKC", text))):
        if piece[0].isdigit():
            yield _figure(piece)
        elif len(word := stem(piece.casefold())) > 1 or word.isdigit():
            yield word.capitalize() if place and piece[0].isupper() else word


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """What a folded word has in common with its other forms: `evacuated` and `evacuation` give `evacua`."""
    if word in _NUMBERS:
        return _NUMBERS[word]
    word = _ELISION.sub("", word)
    word = re.sub(r"[’'].*", "", word)
    bare = "".join(each for each in unicodedata.normalize("NFKD", word) if not unicodedata.combining(each))
    if bare in _NUMBERS:
        return _NUMBERS[bare]
    return _arabic_stem(bare) if _ARABIC.match(bare) else _short(bare)


def _figure(piece: str) -> str:
    """`1,300` and `1.300` are 1300; `2,4` is 2.4."""
    return _THOUSANDS.sub("", piece).replace(",", ".")


def _short(word: str) -> str:
    if len(word) > _LONGEST_STEM + 1:
        return word[:_LONGEST_STEM]
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word.removesuffix(ending)
            break
    return word.removesuffix("e")[:_LONGEST_STEM] if len(word) > 3 else word


def _arabic_stem(word: str) -> str:
    word = word.translate(_ARABIC_FORMS)
    return _ARABIC_AFTER.sub("", _ARABIC_BEFORE.sub("", word))
