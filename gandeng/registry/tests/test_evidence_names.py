"""Names of files that would like to be a path, a header, or something to run, at the door of evidence."""

import pytest
from django.test.client import MULTIPART_CONTENT
from django.urls import reverse

from gandeng.accounts.acting import in_territory
from gandeng.registry.evidence import drawn_anew
from gandeng.registry.models import ChangeEvidence
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.registry.tests.helpers import a_picture
from gandeng.web.tests.file_names import NAMES, body

pytestmark = pytest.mark.django_db

PNG = a_picture("PNG")


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_name_is_text_and_nothing_else(client_of, operator, cast, settings, tmp_path, name):
    settings.DATA_DIR = tmp_path / "office" / "data"
    settings.DATA_DIR.mkdir(parents=True)
    asks, page = client_of(operator), reverse("registry:ask", args=[make_family().pk, "ACCOUNT"])
    sent = body(name, PNG, "evidence_file", channel="POS", account_no="", reason="Rekening ditutup bank")
    answer = asks.generic("POST", page, sent, content_type=MULTIPART_CONTENT)
    assert answer.status_code in (302, 400, 422)
    assert "X-Injected" not in answer.headers and "x" not in answer.cookies
    assert [*tmp_path.rglob("*")] == [tmp_path / "office", settings.DATA_DIR], "evidence is in the database alone"
    with in_territory(EVERYWHERE):
        kept = list(ChangeEvidence.objects.all())
    assert len(kept) == (answer.status_code == 302)
    for evidence in kept:
        assert not set(evidence.file_name) & set("/\\\x00\r\n")
        told = asks.get(answer.url).content.decode()
        assert "<script>alert" not in told
        handed = client_of(cast("DISTRICT_COORDINATOR", "6371")).post(f"{answer.url}bukti/")
        assert (handed.status_code, handed.content) == (200, drawn_anew(PNG)[1])
        assert handed["Content-Disposition"].startswith("attachment")
        assert "X-Injected" not in handed.headers and "x" not in handed.cookies
