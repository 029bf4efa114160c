import pytest

from app.catalogue.form import Creator
from app.catalogue.importing.marc21_people import people_of
from app.catalogue.importing.marc_fields import MarcField
from db.codes import CreatorRole


def field(tag: str, *subfields: str, parallel: MarcField | None = None) -> MarcField:
    return MarcField(tag, subfields=tuple((text[0], text[1:]) for text in subfields), parallel=parallel)


@pytest.mark.parametrize(
    ("subfields", "role"),
    [
        (["eنویسنده."], CreatorRole.AUTHOR),
        (["etranslator."], CreatorRole.TRANSLATOR),
        (["eمترجم"], CreatorRole.TRANSLATOR),
        (["4trl"], CreatorRole.TRANSLATOR),
        (["4http://rdaregistry.info/Elements/m/P30133 :", "eeditor. "], CreatorRole.EDITOR),
        (["eed. and tr."], CreatorRole.EDITOR),
        (["4scr"], CreatorRole.SCRIBE),
        (["4nrt"], CreatorRole.NARRATOR),
        (["ecompiler"], CreatorRole.COMPILER),
        (["eillustrator."], CreatorRole.ILLUSTRATOR),
        ([], CreatorRole.AUTHOR),
    ],
)
def test_a_relator_says_the_role(subfields: list[str], role: CreatorRole) -> None:
    found = people_of([field("700", "aدانشور، سیمین،", *subfields)])
    assert found.creators == (Creator("دانشور، سیمین", role),)


def test_the_relator_may_stand_in_the_other_script() -> None:
    romanised = field("700", "aDānishvar, Sīmīn,", "etranslator.")
    found = people_of([field("700", "aدانشور، سیمین", parallel=romanised)])
    assert found.creators == (Creator("دانشور، سیمین", CreatorRole.TRANSLATOR),)
    assert found.romanised == ("Dānishvar, Sīmīn",)


def test_who_did_something_else_is_kept_with_the_word_for_it() -> None:
    found = people_of([field("700", "aزریاب، عباس،", "ewriter of introduction."), field("710", "aدانشگاه تهران")])
    assert found.creators == ()
    assert found.others == ("زریاب، عباس (writer of introduction)", "دانشگاه تهران")


def test_a_body_is_named_with_its_parts() -> None:
    found = people_of([field("110", "aایران.", "bوزارت فرهنگ.", "bکتابخانه.")])
    assert found.creators == (Creator("ایران. وزارت فرهنگ. کتابخانه", CreatorRole.AUTHOR),)


def test_makers_of_other_works_are_no_creators() -> None:
    assert people_of([field("700", "aحافظ", "tدیوان"), field("600", "aسعدی")]).creators == ()
