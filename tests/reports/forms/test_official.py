from dataclasses import asdict
from typing import Any

import pytest

from db.codes import DocumentKind
from reports.forms.official import FORMS
from reports.forms.spec import FormKind
from tests.reports.reading import official_forms

WIDTH_OF_THE_TABLE = 186


def official(kind: FormKind) -> dict[str, Any]:
    key = "binding_request" if kind is FormKind.BINDING else kind.value
    return next(form for form in official_forms() if form["key"] == key)


def test_every_kind_has_its_form() -> None:
    assert set(FORMS) == set(FormKind)
    assert {kind.value for kind in FormKind} <= {kind.value for kind in DocumentKind}


@pytest.mark.parametrize("kind", FormKind)
def test_every_word_is_the_guidelines_own(kind: FormKind) -> None:
    form, printed = FORMS[kind], official(kind)
    assert form.appendix == printed["appendix"]
    assert form.title == printed["title"]
    assert [field.label for field in form.header] == printed["header"]
    assert [column.head for column in form.columns] == printed["columns"]
    assert form.least_rows == printed["blank_rows"]
    assert form.sentence == printed["sentence"]
    assert form.article == printed["article"]
    worded = [{**asdict(signature)} for signature in form.signatures]
    assert [{key: block[key] for key in printed["signatures"][0]} for block in worded] == printed["signatures"]


@pytest.mark.parametrize("kind", FormKind)
def test_the_columns_fill_the_page(kind: FormKind) -> None:
    assert sum(column.width for column in FORMS[kind].columns) == WIDTH_OF_THE_TABLE


@pytest.mark.parametrize("kind", FormKind)
def test_nobody_signs_twice(kind: FormKind) -> None:
    signatories = [signature.signatory for signature in FORMS[kind].signatures]
    assert len(set(signatories)) == len(signatories)
