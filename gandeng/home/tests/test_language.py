"""Pages in English for who chose it; what is written down and what leaves the office stays Indonesian."""

import pytest
from django.urls import reverse
from django.utils import translation

from gandeng.accounts.roles import May
from gandeng.jobs import work
from gandeng.jobs.models import Job
from gandeng.jobs.tasks import run_job
from gandeng.words import say, speaking

pytestmark = pytest.mark.django_db


def choose(browser, language, **given):
    return browser.post(reverse("language"), {"language": language}, **given)


def test_it_works(operator, client_of):
    browser, home = client_of(operator), reverse("home")
    assert '<html lang="id">' in browser.get(home).content.decode()
    answer = choose(browser, "en", headers={"referer": f"http://testserver{home}"})
    assert (answer.status_code, answer.url) == (302, f"http://testserver{home}")
    cookie = answer.cookies["language"]
    assert (cookie.value, cookie["samesite"], cookie["httponly"]) == ("en", "Lax", True)
    page = browser.get(home)
    assert page.headers["Content-Language"] == "en"
    assert '<html lang="en">' in page.content.decode()
    assert "What waits for you" in page.content.decode()
    choose(browser, "id")
    assert "Yang menunggu Anda" in browser.get(home).content.decode()


def test_it_works_before_signing_in(client):
    choose(client, "en")
    assert "Sign in" in client.get(reverse("account_login")).content.decode()
    assert "Check minutes" in client.get(reverse("verification:form")).content.decode()


def test_the_sentence_of_a_wrong_form_is_english_too(cast, client_of):
    browser = client_of(cast("ADMINISTRATOR", "6371"))
    choose(browser, "en")
    answer = browser.post(reverse("accounts:invite"), {"name": "Budi", "email": "b@contoh.test", "region": "99"})
    assert answer.status_code == 422
    assert "There is no region with that code." in answer.content.decode()


def test_it_goes_back_to_no_other_site(client):
    assert choose(client, "en", headers={"referer": "https://jahat.example/x"}).url == "/"
    answer = client.post(reverse("language"), {"language": "en", "next": "https://jahat.example/x"})
    assert answer.url == "/"


@pytest.mark.parametrize("language", ["de", "", "en-GB", "../en"])
def test_it_ignores_a_language_it_does_not_have(client, language):
    choose(client, language)
    client.cookies["language"] = language
    page = client.get(reverse("account_login"))
    assert page.headers["Content-Language"] == "id"
    assert "Belum punya akun?" in page.content.decode()


def test_it_does_not_ask_what_the_browser_prefers(client):
    page = client.get(reverse("account_login"), headers={"accept-language": "en-GB,en;q=0.9"})
    assert page.headers["Content-Language"] == "id"
    assert "Belum punya akun?" in page.content.decode()


def test_it_changes_nothing_by_a_link(client):
    assert client.get(reverse("language")).status_code == 405


def test_one_language_does_not_reach_the_next_reader(client, operator, client_of):
    choose(client, "en")
    client.get(reverse("account_login"))
    assert translation.get_language() == "id"
    assert "Yang menunggu Anda" in client_of(operator).get(reverse("home")).content.decode()


def test_authority_is_written_down_in_indonesian_whoever_reads(cast):
    who = cast("DISTRICT_HEAD", "6371")
    with speaking("en"), translation.override("en"):
        assert who.authority(May.SEE_LOG, "6371") == "Kepala Dinas Sosial kabupaten/kota 6371"
        assert who.first.title == "Head of the district social office"


def test_a_job_works_in_indonesian_whoever_started_it(operator, monkeypatch):
    def look(acting, report, arguments):
        raise work.WorkRefused(f"{say('outcomes.FAILED')}, {translation.gettext('Tidak ada yang berubah.')}")

    monkeypatch.setitem(work.KINDS, "test", look)
    job = Job.objects.create(kind="test", title="Uji", owner_id=operator.person_id)
    with speaking("en"), translation.override("en"):
        run_job(job_id=str(job.pk))
    job.refresh_from_db()
    assert job.message == "Gagal salur, Tidak ada yang berubah."
