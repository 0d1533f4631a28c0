"""What is decided under graduation is counted there, and not once more among the changes."""

import pytest
from django.urls import reverse

from gandeng.accounts.acting import in_territory
from gandeng.graduation import queries
from gandeng.graduation.tests.factories import proposed, with_component
from gandeng.registry import change_queries
from gandeng.registry.models import ChangeRequest
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.django_db


def test_it_waits_in_one_place_and_is_refused_with_a_reason(operator, coordinator, client_of):
    proposed(operator, with_component(), "INDEPENDENT")
    with in_territory(EVERYWHERE):
        request = ChangeRequest.objects.get(kind="GRADUATE")
    with in_territory(coordinator):
        assert not change_queries.waiting_for(coordinator).exists()
        assert queries.waiting_decisions(coordinator).count() == 1
    browser, page = client_of(coordinator), reverse("registry:change", args=[request.pk])
    told = browser.get(page).content.decode()
    assert reverse("registry:family", args=[request.family_id]) + '">Buka keluarganya' in told
    assert "boleh kosong" not in told and "Wajib bila menolak" not in told
    answer = browser.post(reverse("registry:decide", args=[request.pk]), {}).content.decode()
    assert "Pilih tolak" in answer and "Tulis alasan penolakan" in answer
