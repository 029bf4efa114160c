import pytest

from reports.forms.official import FORMS
from reports.forms.spec import FormKind


@pytest.mark.parametrize("kind", FormKind)
def test_the_sentence_is_the_guidelines_with_its_blanks_filled(kind: FormKind) -> None:
    form = FORMS[kind]
    filled = form.filled_sentence("۱۴۰۴/۰۹/۲۰", "۱۲", "شهید بهشتی")
    assert filled.startswith("در تاریخ ۱۴۰۴/۰۹/۲۰ تعداد ۱۲ نسخه کتاب از کتابخانه عمومی شهید بهشتی ")
    assert filled.endswith(form.sentence.rpartition("   ")[2])
    assert "13" not in filled


def test_a_strange_name_of_a_library_is_only_a_name() -> None:
    name = r"\1 کتابخانه عمومی   تعداد   /   /   13  "
    filled = FORMS[FormKind.BINDING].filled_sentence("۱۴۰۴/۰۹/۲۰", "۱۲", name)
    assert filled.count(name) == 1
    assert filled.count("۱۲") == 1
