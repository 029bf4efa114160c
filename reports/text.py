"""Text from people, files and scanners on its way to paper or Excel."""

import re

_BREAKS = re.compile("[\t-\r\x1c-\x1f\x85\u2028\u2029]+")
_HARMFUL = re.compile(
    "["
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad"  # control characters, soft hyphen
    "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # direction controls and invisible marks; the ZWNJ stays
    "\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f"  # halves, non-characters, tags
    "]"
)
_MARK = "[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed]"
_TOWER = re.compile(f"({_MARK}{{3}}){_MARK}+")


def printable(text: str) -> str:
    """One line without controls: breaks and tabs become a space; direction overrides and what XML refuses go.

    Of marks on one letter three stay, so that no tower of them reaches into the lines above.
    """
    if not text.isprintable():
        text = _HARMFUL.sub("", _BREAKS.sub(" ", text))
    return _TOWER.sub(r"\1", text)
