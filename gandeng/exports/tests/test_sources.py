import pytest
from django.utils import timezone

from gandeng.exports.actions import take_alone
from gandeng.exports.actions.budget import ROWS_A_DAY
from gandeng.exports.models import TakenAway
from gandeng.exports.refused import Refused
from gandeng.exports.sources import one_region


@pytest.mark.parametrize(
    ("regions", "one"),
    [({"6371"}, "6371"), ({"6371", "6372"}, "63"), ({"637101", "637102"}, "6371"), ({"6371", "6201"}, ""), ({""}, ""),
     ({"6371011001", "6371011002"}, "637101"), (set(), "")],
)  # fmt: skip
def test_the_region_holds_every_row(regions, one):
    assert one_region(frozenset(regions)) == one


@pytest.mark.django_db
def test_it_refuses_the_row_after_the_last(operator):
    take_alone(operator, "x", ROWS_A_DAY, region="6371")
    with pytest.raises(Refused, match="orang kedua"):
        take_alone(operator, "x", 1, region="6371")
    assert list(TakenAway.objects.values_list("rows", "day")) == [(ROWS_A_DAY, timezone.localdate())]
