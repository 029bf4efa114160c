"""What every Persian sentence of the program must keep to."""

import re

FOREIGN = re.compile("[A-Za-z]")
ARABIC_LETTERS = re.compile("[يكىةۀ]")
OTHER_DIGITS = re.compile("[0-9٠-٩]")
DETACHED = re.compile(r"(?:^|[\s«(])(?:ن?می) |[آ-ی] (?:ها|های|هایی|تر|ترین|ام|اند|ای)(?=[\s.،؛»)]|$)")
SPACES = re.compile(r" {2,}| [.،؛:؟!»)]|[«(] ")


def faults(text: str, *, foreign_names: tuple[str, ...] = ()) -> list[str]:
    """What is wrong with a sentence: Latin words, Arabic letters, other digits, suffixes without a half-space, stray
    spaces. `foreign_names` (PDF, UTF-8) may stand in it."""
    plain = text
    for name in foreign_names:
        plain = plain.replace(name, "نام")
    found = {
        "Latin letters": FOREIGN.search(plain),
        "Arabic letters": ARABIC_LETTERS.search(plain),
        "digits that are not Persian": OTHER_DIGITS.search(plain),
        "a detached prefix or suffix": DETACHED.search(plain),
        "stray spaces": SPACES.search(plain),
    }
    return [f"{fault}: {match[0]!r} in {text}" for fault, match in found.items() if match]
