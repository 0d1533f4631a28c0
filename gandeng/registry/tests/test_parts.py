"""A part of a family's page that is told by a request of its own."""

import pytest
from django.urls import include, path, reverse

from gandeng.accounts.acting import in_territory
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.audit.models import AuditEntry
from gandeng.registry.queries import access_family
from gandeng.registry.sections import _SECTIONS, register_section
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.registry.views.families import family_part
from gandeng.web.sections import Section, later

TITLE = "Bagian percobaan"


@allowed(May.SEE_FAMILIES)
def told_later(request, family_id):
    return family_part(request, access_family(acting(request), family_id), Section(*later(TITLE, "/isi-percobaan/")))


urlpatterns = [path("bagian/<uuid:family_id>/", told_later, name="told_later"), path("", include("gandeng.urls"))]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def registered():
    before = dict(_SECTIONS)
    register_section(70, lambda _, family: later(TITLE, reverse("told_later", args=[family.pk])))
    yield
    _SECTIONS.clear()
    _SECTIONS.update(before)


def test_the_page_holds_a_place_and_a_link_for_it(client_of, operator, registered):
    family = make_family()
    told = client_of(operator).get(reverse("registry:family", args=[family.pk])).content.decode()
    address = reverse("told_later", args=[family.pk])
    assert f'hx-get="{address}"' in told
    assert f'<a href="{address}">Buka {TITLE}</a>' in told


def test_htmx_gets_the_part_alone_and_a_person_a_page(client_of, operator):
    family = make_family()
    address, browser = reverse("told_later", args=[family.pk]), client_of(operator)
    piece = browser.get(address, headers={"HX-Request": "true"}).content.decode()
    page = browser.get(address).content.decode()
    assert "/isi-percobaan/" in piece
    assert "<html" not in piece
    assert "/isi-percobaan/" in page
    assert family.family_no in page
    assert "<html" in page


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_who_looks_is_written_down(client_of, operator, headers, django_capture_on_commit_callbacks):
    family = make_family()
    with django_capture_on_commit_callbacks(execute=True):
        client_of(operator).get(reverse("told_later", args=[family.pk]), headers=headers)
    with in_territory(EVERYWHERE):
        assert AuditEntry.objects.filter(action="family.opened", object_id=str(family.pk)).count() == 1
