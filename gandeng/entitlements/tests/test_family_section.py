import pytest
from django.template.loader import render_to_string

from gandeng.accounts.acting import in_territory
from gandeng.core.benefit_policy import BenefitPolicy
from gandeng.core.cycle import Cycle
from gandeng.entitlements.actions import calculate
from gandeng.entitlements.family_section import entitlements
from gandeng.entitlements.models import ComponentRow, Entitlement, Run
from gandeng.policy import benefit_policy
from gandeng.registry.snapshots import freeze
from gandeng.registry.tests.factories import make_family

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(cast):
    return cast("PROVINCE_OFFICER", "63")


def quiet(step, done=0, total=0):
    """Nobody watches."""


def run(officer, folder, policy: BenefitPolicy | None = None):
    with in_territory(officer):
        freeze(
            "63", folder / "frozen", on=policy.reference_day if policy else benefit_policy(Cycle(2024, 2)).reference_day
        )
        return calculate(
            officer,
            policy or benefit_policy(Cycle(2024, 2)),
            "63",
            folder / "frozen",
            folder / "out",
            quiet,
            kept_as="uji",
        )


def told(officer, family):
    with in_territory(officer):
        _, template, section = entitlements(officer, family)
        return section["stages"], render_to_string(template, {"section": section, "family": family})


def test_it_works(officer, tmp_path):
    family = make_family("6371011001", members=2, pregnancy_no=1)
    made = run(officer, tmp_path)
    assert (made.families, made.members, made.amount_rupiah, made.families_paid) == (1, 2, 500_000, 1)
    [stage], page = told(officer, family)
    assert [(row.component, row.amount_rupiah, row.counted) for row in stage.members] == [
        ("Ibu hamil atau nifas", 500_000, True),
        ("–", 0, False),
    ]
    assert "tidak memenuhi komponen apa pun" in page
    assert "Sidik kebijakan" in page
    assert "Rp500.000" in page
    assert not stage.policy_changed
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"entitlements.parquet", "components.parquet"}


def test_the_newest_calculation_of_a_stage_is_told(officer, tmp_path):
    family = make_family("6371011001", pregnancy_no=1)
    run(officer, tmp_path / "a")
    run(officer, tmp_path / "b")
    run(officer, tmp_path / "c", benefit_policy(Cycle(2024, 1)))
    stages, _ = told(officer, family)
    assert [(stage.year, stage.stage) for stage in stages] == [(2024, 2), (2024, 1)]


def test_a_family_without_a_calculation_is_told_so(officer):
    assert "Belum ada tahap" in told(officer, make_family("6371011001"))[1]


def test_a_missing_collector_changes_no_amount(officer, tmp_path):
    family = make_family("6371011001", pregnancy_no=1)
    with in_territory(officer):
        family.collector = None
        family.save()
    assert run(officer, tmp_path).amount_rupiah == 500_000


def test_a_calculation_that_fails_leaves_neither_rows_nor_files(officer, tmp_path, monkeypatch):
    from gandeng.entitlements import actions

    make_family("6371011001", pregnancy_no=1)
    monkeypatch.setattr(actions, "_KEEP_ENTITLEMENTS", actions._KEEP_ENTITLEMENTS + " where amount < 0")
    with pytest.raises(actions.IdentityBroken):
        run(officer, tmp_path)
    with in_territory(officer):
        assert [model.objects.count() for model in (Run, Entitlement, ComponentRow)] == [0, 0, 0]
    assert not (tmp_path / "out").exists()


def test_the_next_district_reads_nothing(officer, stranger, tmp_path):
    family = make_family("6371011001", pregnancy_no=1)
    run(officer, tmp_path)
    with in_territory(stranger):
        assert entitlements(stranger, family) is None
        assert Entitlement.objects.count() == 0
