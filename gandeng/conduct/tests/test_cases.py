"""Ethics cases: among those who must know, step by step, each by its own people."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Grant, Person
from gandeng.accounts.roles import RULES, May
from gandeng.audit.models import AuditEntry
from gandeng.conduct import case_queries as queries
from gandeng.conduct.actions import cases, steps
from gandeng.conduct.actions.common import ConductRefused
from gandeng.conduct.models import Case, Dismissal, Party, Step
from gandeng.conduct.tests import factories as f
from gandeng.facilitators.models import Staff

pytestmark = pytest.mark.django_db
TABLES = ("case", "matter", "reporter", "party", "step", "casefile")


@pytest.fixture
def people(cast):
    return f.make_people(cast)


def rows(acting, table, case):
    """As the role of the pages, in somebody's session, without any query of ours."""
    key = "id" if table == "case" else "case_id"
    with in_territory(acting), connection.cursor() as cursor:
        cursor.execute(f"select count(*) from conduct_{table} where {key} = %s", [case.pk])
        return cursor.fetchone()[0]


def person(acting):
    return Person.objects.get(pk=acting.person_id)


def test_it_works_from_report_to_final(people):
    case = f.decided(people, "DISMISSAL", until=timezone.localdate())
    f.act(people.accused, case, steps.appeal, f.said("Saya banding"))
    f.act(people.province, case, cases.take)
    f.act(people.province, case, steps.decide_appeal, f.said("Dikuatkan"), steps.Decision("DISMISSAL"))
    with in_territory(people.head):
        found = queries.access_case(people.head, case.pk)
    assert found.case.state == Case.State.FINAL
    assert found.case.number.startswith("KE-6371-")
    assert [step.kind for step in found.steps] == ["CALLED", "HEARD", "DECIDED", "APPEALED", "APPEAL_DECIDED"]
    assert found.decision == found.steps[-1]
    assert found.decision.corrects == found.steps[2]
    with in_territory(people.coordinator):
        assert queries.dismissal_of(people.coordinator, people.staff).case_number == case.number
        assert Staff.objects.get(pk=people.staff.pk).left_on is None


def test_the_accused_and_her_line_find_nothing_before_the_hearing(people):
    paper = cases.Paper("bukti.png", "image/png", b"\x89PNG\r\n\x1a\n")
    case = f.opened(people, paper=paper)
    for acting in (people.accused, people.lead, people.coordinator):
        assert {table: rows(acting, table, case) for table in TABLES} == dict.fromkeys(TABLES, 0)
        with in_territory(acting), pytest.raises(Http404):
            queries.access_case(acting, case.pk)
        with in_territory(acting):
            assert list(queries.own_cases(acting)) == []
            assert list(queries.register(acting)) == []


def test_from_the_hearing_on_the_accused_sees_what_is_open_to_her(people):
    case = f.opened(people)
    f.act(people.investigator, case, steps.add_note, f.said("Catatan tertutup"))
    f.act(people.investigator, case, steps.call, f.said("Undangan"), timezone.localdate())
    seen = {table: rows(people.accused, table, case) for table in TABLES}
    assert seen == {"case": 1, "matter": 0, "reporter": 0, "party": 4, "step": 1, "casefile": 0}
    for acting in (people.lead, people.coordinator):
        assert {table: rows(acting, table, case) for table in TABLES} == dict.fromkeys(TABLES, 0)


def test_the_register_shows_a_number_and_no_more(people, cast):
    case = f.opened(people)
    for acting in (people.auditor, people.province, cast("MINISTRY_HEAD", "")):
        assert {table: rows(acting, table, case) for table in TABLES} == dict.fromkeys(TABLES, 0) | {"case": 1}
        with in_territory(acting):
            assert not queries.access_case(acting, case.pk).parts
    elsewhere = cast("DISTRICT_HEAD", "6372")
    assert rows(elsewhere, "case", case) == 0
    with in_territory(elsewhere), pytest.raises(Http404):
        queries.access_case(elsewhere, case.pk)


def test_who_reported_sees_number_and_state_of_it_alone(people):
    case = f.opened(people)
    seen = {table: rows(people.reporter, table, case) for table in TABLES}
    assert seen == dict.fromkeys(TABLES, 0) | {"case": 1, "reporter": 1}
    with in_territory(people.reporter):
        assert list(queries.own_reports(people.reporter)) == [case]
        with pytest.raises(Http404):
            queries.access_case(people.reporter, case.pk)
    for acting in (people.head, people.investigator, people.accused):
        assert rows(acting, "reporter", case) == 0


def test_a_right_that_ended_ends_the_sight_of_a_case(people):
    case = f.opened(people)
    assert rows(people.investigator, "matter", case) == 1
    Grant.objects.filter(person_id=people.investigator.person_id).update(valid_until=timezone.localdate())
    assert rows(people.investigator, "matter", case) == 0


def test_the_accused_and_her_line_are_never_of_the_panel(people, cast):
    case = f.report(people)
    f.act(people.head, case, cases.take)
    for acting in (people.accused, people.lead, people.coordinator):
        cast("DISTRICT_OPERATOR", "6371", person=person(acting))
        with pytest.raises(ConductRefused, match="tidak dapat memegang"):
            f.act(people.head, case, cases.appoint, "INVESTIGATOR", person(acting))
    cast("DISTRICT_HEAD", "6371", person=person(people.lead))
    assert rows(people.lead, "case", case) == 0, "a lead who also heads the office does not find it in the register"


def test_who_reported_does_not_decide(people, cast):
    case = f.report(people)
    f.act(people.head, case, cases.take)
    cast("DISTRICT_HEAD", "6371", person=person(people.reporter))
    with pytest.raises(ConductRefused, match="tidak dapat memegang"):
        f.act(people.head, case, cases.appoint, "DECIDER", person(people.reporter))


def test_who_investigates_does_not_decide(people):
    case = f.opened(people)
    with pytest.raises(ConductRefused, match="bagian lain"):
        f.act(people.head, case, cases.appoint, "INVESTIGATOR", person(people.head))
    with in_territory(people.head), pytest.raises(IntegrityError), transaction.atomic():
        Party.objects.create(case=case, person=person(people.head), part="INVESTIGATOR", added_by=person(people.head))


def test_nobody_reports_herself_or_somebody_of_another_region(people, cast):
    with in_territory(people.accused), pytest.raises(Http404):
        queries.access_reportable(people.accused, people.staff.pk)
    stranger = cast("FACILITATOR", "6372011001")
    with in_territory(stranger), pytest.raises(Http404):
        queries.access_reportable(stranger, people.staff.pk)
    colleague = cast("FACILITATOR", "6371011002")
    with in_territory(colleague):
        assert queries.access_reportable(colleague, people.staff.pk) == people.staff
        assert [one.pk for one in queries.reportable(colleague, "Terlapor")] == [people.staff.pk]


def waits(acting, case):
    """Whether it waits for this person, and may be taken in hand."""
    with in_territory(acting):
        return queries.open_for(acting).exists(), queries.access_case(acting, case.pk).takes


def test_it_is_taken_in_hand_once(people, cast):
    case = f.report(people)
    assert waits(people.head, case) == waits(people.province, case) == (True, True)
    f.act(people.head, case, cases.take)
    assert (waits(people.head, case), waits(people.province, case)) == ((True, False), (False, False))
    with pytest.raises(ConductRefused, match="sudah ditangani"):
        f.act(people.province, case, cases.take)
    Grant.objects.filter(person_id=people.head.person_id).update(valid_until=timezone.localdate())
    assert waits(people.province, case) == (True, True), "the office above goes on where the head is gone"
    f.act(people.province, case, cases.take)


def test_nobody_decides_before_a_hearing(people):
    case = f.opened(people)
    f.act(people.investigator, case, steps.call, f.said(), timezone.localdate())
    with pytest.raises(PermissionDenied):
        f.act(people.head, case, steps.decide, f.said(), steps.Decision("UNFOUNDED"))
    with in_territory(people.head), pytest.raises(IntegrityError, match="takes no"), transaction.atomic():
        Step(case=case, kind="DECIDED", by=person(people.head), outcome="DISMISSAL", text_sealed=b"x").save(
            force_insert=True
        )


def test_an_appeal_has_a_last_day_only_where_the_office_states_one(people, cast):
    case = f.decided(people, until=timezone.localdate())
    with in_territory(people.accused):
        assert "banding" in queries.access_case(people.accused, case.pk).deeds
    with in_territory(people.head):
        assert "tetap" not in queries.access_case(people.head, case.pk).deeds, "the day has not passed"
    other = f.make_people(cast, "6372")
    open_ended = f.decided(other)
    with in_territory(other.accused):
        assert "banding" in queries.access_case(other.accused, open_ended.pk).deeds
    with in_territory(other.head):
        assert "tetap" not in queries.access_case(other.head, open_ended.pk).deeds


def test_unfounded_is_made_final_by_the_decider(people):
    case = f.decided(people, "UNFOUNDED")
    f.act(people.head, case, steps.make_final, f.said("Tidak terbukti"))
    with in_territory(people.head):
        assert queries.access_case(people.head, case.pk).case.state == Case.State.FINAL


def test_a_decision_is_corrected_by_a_later_one_that_names_it(people):
    case = f.decided(people, "DISMISSAL")
    f.act(people.accused, case, steps.accept, f.said("Saya terima"))
    with in_territory(people.coordinator):
        assert queries.dismissals(people.coordinator).count() == 1
    f.act(people.head, case, steps.correct, f.said("Keliru orang"), steps.Decision("UNFOUNDED"))
    with in_territory(people.head):
        found = queries.access_case(people.head, case.pk)
        assert found.case.state == Case.State.DECIDED
        assert found.decision.corrects.outcome == "DISMISSAL"
    with in_territory(people.coordinator):
        assert queries.dismissals(people.coordinator).count() == 0
        assert Dismissal.objects.get().revoked_on == timezone.localdate()


def test_the_appeal_is_decided_by_an_office_above(people, cast):
    case = f.decided(people)
    f.act(people.accused, case, steps.appeal, f.said())
    other = cast("DISTRICT_HEAD", "6371")
    with pytest.raises(ConductRefused, match="di atas"):
        f.act(other, case, cases.take)
    assert (waits(other, case)[0], waits(people.province, case)) == (False, (True, True))
    f.act(people.province, case, cases.take)
    assert waits(people.province, case) == (True, False)
    with pytest.raises(PermissionDenied):
        f.act(people.head, case, steps.decide_appeal, f.said(), steps.Decision("UNFOUNDED"))


def test_it_is_withdrawn_with_a_reason_and_then_closed(people):
    case = f.opened(people)
    f.act(people.head, case, steps.withdraw, f.said("Laporan ganda"))
    with pytest.raises(PermissionDenied):
        f.act(people.investigator, case, steps.call, f.said(), timezone.localdate())


def test_nothing_of_a_case_is_changed_or_taken_out(people):
    case = f.decided(people)
    for table in (*TABLES, "dismissal"):
        for change in (f"delete from conduct_{table}", f"update conduct_{table} set id = id"):
            with (
                in_territory(people.head), connection.cursor() as cursor,
                pytest.raises(Exception, match=r"permission denied|never changed"), transaction.atomic(),
            ):  # fmt: skip
                cursor.execute(change)
    assert case


def test_the_name_of_the_reporter_is_told_for_a_reason_that_is_written_down(people):
    case = f.opened(people)
    with pytest.raises(ConductRefused):
        f.act(people.head, case, cases.reveal_reporter, " ")
    named = f.act(people.investigator, case, cases.reveal_reporter, "Perlu keterangan tambahan")
    assert named == f"Pelapor Rahasia\n{f.SOURCE}"
    with in_territory(people.province):
        entry = AuditEntry.objects.get(action="conduct.reporter_revealed")
        assert (entry.reason, entry.person_name) == ("Perlu keterangan tambahan", "Pemeriksa Uji")
    f.act(people.investigator, case, steps.call, f.said(), timezone.localdate())
    with pytest.raises(PermissionDenied):
        f.act(people.accused, case, cases.reveal_reporter, "Ingin tahu")


def test_no_text_and_no_name_of_reporter_or_accused_stands_in_the_log_or_in_the_open(people, cast):
    case = f.decided(people, paper=cases.Paper("bukti-kartu.pdf", "application/pdf", b"%PDF-1.7 rahasia"))
    f.act(people.accused, case, steps.appeal, f.said("Saya banding karena khilaf"))
    secrets = (
        f.WHAT,
        "Pelapor Rahasia",
        "Wartini",
        "Terlapor",
        "Ia mengakui",
        "khilaf",
        "bukti-kartu",
        "Putusan dinas",
    )
    with in_territory(cast("MINISTRY_HEAD", "")), connection.cursor() as cursor:
        cursor.execute("select string_agg(row_to_json(a)::text, ' ') from audit_auditentry a where action ~ '^conduct'")
        log = cursor.fetchone()[0]
    assert "conduct.appealed" in log
    assert [secret for secret in secrets if secret in log] == []
    with in_territory(people.head), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"select string_agg(t::text, ' ') from conduct_{table} t")
            told = cursor.fetchone()[0] or ""
            assert [secret for secret in secrets if secret in told] == []
    for acting in (people.coordinator, people.head):
        with in_territory(acting):
            assert not AuditEntry.objects.filter(action__startswith="conduct").exists(), "written one level above"


def test_a_last_day_that_passed_leaves_only_the_decider(people):
    case = f.decided(people, until=timezone.localdate())
    with in_territory(people.head):
        found = queries.access_case(people.head, case.pk)
        for step in found.steps:
            step.on_day = timezone.localdate() - timedelta(days=1)
        assert "tetap" in queries.Standing(people.head, found.case, found.parties, found.steps).deeds
    with in_territory(people.accused):
        assert "banding" not in queries.Standing(people.accused, found.case, found.parties, found.steps).deeds


def test_the_database_knows_the_same_roles_as_the_table_of_rights(cast):
    for role, rules in RULES.items():
        level = "6371" if None not in rules.levels else ""
        acting = cast(role, level, channel="BRI" if rules.of_channel else "")
        with connection.cursor() as cursor:
            cursor.execute("select conduct_handles(%s, '6371')", [acting.person_id])
            assert cursor.fetchone()[0] == (May.HANDLE_CONDUCT in rules.may), role
            cursor.execute("select conduct_on_panel(%s, '6371')", [acting.person_id])
            assert cursor.fetchone()[0] == (role in queries.PANEL_ROLES), role
    with connection.cursor() as cursor:
        cursor.execute("select prosrc from pg_proc where proname = 'conduct_registered'")
        registered = cursor.fetchone()[0]
        assert {role for role in RULES if f"'{role}'" in registered} == {
            role for role, rules in RULES.items() if May.SEE_CONDUCT in rules.may
        }
        cursor.execute("select qual from pg_policies where policyname = 'conduct_dismissal_read'")
        told = cursor.fetchone()[0]
        keeps = {role for role, rules in RULES.items() if May.KEEP_STAFF in rules.may}
        assert keeps <= {role for role in RULES if f"'{role}'" in told}
