"""Whoever sends a list, of whatever package, meets one field with one set of words."""

import pytest

from gandeng.commitments.forms import EducationInForm
from gandeng.facilitators.import_forms import ImportForm
from gandeng.reconciliation.forms import UploadForm
from gandeng.registry.forms import ListForm
from gandeng.training.paper_forms import QuestionListForm
from gandeng.web.fields import ListField
from tests.house.source import ROOT, calls, modules

LISTS = {
    (EducationInForm, "file"): "CSV atau XLSX; paling besar 5 MB.",
    (QuestionListForm, "file"): "CSV atau XLSX; paling besar 5 MB.",
    (ImportForm, "file"): "CSV atau XLSX; paling besar 200 MB.",
    (ListForm, "families"): "CSV, XLSX, atau Parquet; paling besar 200 MB.",
    (ListForm, "members"): "CSV, XLSX, atau Parquet; paling besar 200 MB.",
    (
        UploadForm,
        "file",
    ): "CSV, XLSX, Parquet, ISO 20022 (pain.002, camt.053, camt.054), atau MT940; paling besar 200 MB.",
}
"""What each says first below its label."""


@pytest.mark.parametrize(("form", "name"), LISTS)
def test_a_list_is_asked_for_by_the_one_field_and_says_its_limit(form, name):
    field = form.base_fields[name]
    assert isinstance(field, ListField)
    assert str(field.help_text).startswith(LISTS[form, name])


def test_every_other_file_is_a_paper_or_a_photo_and_names_its_kinds():
    """What is sent as a list has no control of its own: one made by hand would have words and a limit of its own."""
    by_hand = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path, tree in modules().items()
        for name, call in calls(tree)
        if name == "FileField" and "models" not in path.stem and "models" not in path.parts
        if not {"migrations", "web"} & set(path.parts) and "widget" not in {each.arg for each in call.keywords}
    ]
    assert by_hand == []
