import pytest

from app.catalogue.form import Creator
from app.catalogue.importing.findings import Concern, Notes
from app.catalogue.importing.names import creators_of
from db.codes import CreatorRole


def names(text: str, notes: Notes | None = None) -> list[str]:
    return [creator.name for creator in creators_of(text, CreatorRole.AUTHOR, "نویسنده", notes or Notes())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("احمد شاملو", ["احمد شاملو"]),
        ("شاملو، احمد", ["شاملو، احمد"]),
        ("احمد شاملو؛ آیدا سرکیسیان", ["احمد شاملو", "آیدا سرکیسیان"]),
        ("رضا قدس\nکیهان بهمنی", ["رضا قدس", "کیهان بهمنی"]),
        ("مایکل پترسون- بروس رایشنباخ- ویلیام هاسکر", ["مایکل پترسون", "بروس رایشنباخ", "ویلیام هاسکر"]),
        ("جان سی- ماکسول", ["جان سی- ماکسول"]),
        ("نادر ابراهیمی، هوشنگ مرادی، محمود دولت", ["نادر ابراهیمی", "هوشنگ مرادی", "محمود دولت"]),
        ("نامشخص", []),
        ("", []),
        ("\u200fصادق هدایت\u202c", ["صادق هدایت"]),
    ],
)
def test_a_cell_is_parted_into_names(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "creator"),
    [
        ("تصویرگر: رها راد", Creator("رها راد", CreatorRole.ILLUSTRATOR)),
        ("رها راد (مترجم)", Creator("رها راد", CreatorRole.TRANSLATOR)),
        ("راد، رها، گردآورنده", Creator("راد، رها", CreatorRole.COMPILER)),
        ("راد، رها", Creator("راد، رها", CreatorRole.AUTHOR)),
        ("نويسنده: رها راد", Creator("رها راد", CreatorRole.AUTHOR)),
    ],
)
def test_a_role_in_the_cell_goes_before_that_of_the_heading(text: str, creator: Creator) -> None:
    assert creators_of(text, CreatorRole.AUTHOR, "پدیدآور", Notes()) == (creator,)


def test_two_full_names_with_a_comma_are_kept_whole_with_a_warning() -> None:
    notes = Notes()
    assert names("هایدی مورکف، شارون میزل", notes) == ["هایدی مورکف، شارون میزل"]
    assert [warning.code for warning in notes.warnings] == [Concern.NAMES_UNCLEAR]


def test_a_name_named_twice_is_one_creator() -> None:
    assert names("احمد شاملو؛ احمد شاملو") == ["احمد شاملو"]
