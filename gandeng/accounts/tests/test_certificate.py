"""The office's certificate: what does not go together is named at start, what is about to end before it does."""

import pytest
from django.core.checks import run_checks

from gandeng.accounts import checks
from gandeng.accounts.certificate import office_certificate
from gandeng.documents.tests.certificates import OFFICE, PASSWORD, office_file


@pytest.fixture
def office(settings, tmp_path):
    """A certificate in the settings, with its password in a file."""

    def given(**told):
        settings.SIGNING_CERTIFICATE = office_file(tmp_path / f"{len(list(tmp_path.iterdir()))}.p12", **told)
        settings.SIGNING_PASSWORD_FILE = tmp_path / "password"
        settings.SIGNING_PASSWORD_FILE.touch(0o600)
        settings.SIGNING_PASSWORD_FILE.write_text(f"{PASSWORD}\n", encoding="utf-8")

    given()
    return given


def named(found):
    return {one.id.removeprefix("gandeng.") for one in found if one.id.startswith("gandeng.")}


def at_start():
    return named(run_checks(tags=["security"]))


def deployed():
    return named(checks.fit_for_an_office())


def test_it_works(office):
    assert office_certificate().subject == OFFICE
    assert at_start() == set()
    assert not deployed() & {"E020", "W021", "E022"}


def test_an_office_without_a_certificate_is_fine():
    assert office_certificate() is None
    assert at_start() == set()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"SIGNING_CERTIFICATE": None}, "E003"),
        ({"SIGNING_PASSWORD": "x"}, "E004"),
        ({"SIGNING_TIMESTAMP_URL": "waktu.contoh.test"}, "E005"),
        ({"SIGNING_PASSWORD_FILE": None, "SIGNING_PASSWORD": "lain"}, "E006"),
    ],
)
def test_what_does_not_go_together_is_named_with_a_hint(office, settings, changed, code):
    for name, value in changed.items():
        setattr(settings, name, value)
    [found] = [one for one in run_checks(tags=["security"]) if one.id == f"gandeng.{code}"]
    assert found.hint


@pytest.mark.parametrize(
    ("days", "codes"), [((-9, -1), {"E020"}), ((1, 9), {"E020"}), ((-9, 29), {"W021"}), ((-9, 31), set())]
)
def test_a_certificate_that_ends_is_named(office, days, codes):
    office(days=days)
    assert deployed() & {"E020", "W021"} == codes


def test_a_certificate_others_can_read_is_named(office, settings):
    for path in (settings.SIGNING_CERTIFICATE, settings.SIGNING_PASSWORD_FILE):
        path.chmod(0o640)
        assert "E022" in deployed()
        path.chmod(0o600)


def test_it_is_read_once(office, settings):
    first = office_certificate()
    settings.SIGNING_CERTIFICATE.unlink()
    assert office_certificate() is first
