"""An office with sealed values of every kind, for tests of keys that are changed over."""

import copy
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree
from tempfile import mkdtemp
from uuid import uuid4

import psycopg
import pyarrow.parquet as pq
from django.conf import settings
from django.db import connection, connections, transaction
from django_scopes import scopes_disabled

from conftest import OURS, Cast, use_database
from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import User
from gandeng.achievements.jobs import YEARBOOK
from gandeng.achievements.tests.factories import confirmed, make_child
from gandeng.audit import sealing
from gandeng.audit.sealing import Place, blind, make_keys, seal, unseal
from gandeng.certificates.tests.factories import make_outside, make_skill
from gandeng.conduct.actions.cases import Paper
from gandeng.conduct.tests.factories import heard, make_people
from gandeng.exports.models import ExportRequest
from gandeng.exports.words import password_place
from gandeng.facilitators.actions.identities import Numbers, record_identity
from gandeng.facilitators.tests.factories import make_staff
from gandeng.facilitators.tests.lists import person, taken
from gandeng.family_sessions.tests.factories import everything as sessions_of
from gandeng.field.tests.factories import one_of_each as field_of
from gandeng.files.conversion import convert
from gandeng.files.limits import LIMITS
from gandeng.files.readers import Reading
from gandeng.graduation.tests.factories import opened as opened_graduation
from gandeng.graduation.tests.factories import prepared as signed_away
from gandeng.helpdesk.tests.factories import answered, filed
from gandeng.jobs.work import KINDS
from gandeng.monitoring.tests.factories import everything as monitored
from gandeng.office import database, sealed_files
from gandeng.office.sealed import TABLES
from gandeng.payments.models import Payment
from gandeng.payments.tests.steps import People, approved, instructed, listed, opened
from gandeng.performance.tests.factories import fill_everything as fill_performance
from gandeng.registry.actions.changes import Proof, Wanted, approve_change, request_change
from gandeng.registry.loading import load_registry
from gandeng.registry.models import Family, Member
from gandeng.registry.tests.factories import EVERYWHERE
from gandeng.registry.tests.helpers import ON, QUIET, small_district, tables, uploaded
from gandeng.runs.tests.samples import read_in_this_process
from gandeng.training.tests.happening import everything as fill_training

NIK, OWN_NIK, CARD, SECRET = "6371014101900099", "6371014101900066", "6371010101010001", "GEZDGNBVGY3TQOJQ"


def fill(folder: Path, patch):
    """Everything an office seals, in the database in use."""
    patch.setattr(settings, "DATA_DIR", folder / "data")
    patch.setattr(settings, "KEY_FILE", folder / "keys.json")
    patch.setattr("gandeng.registry.actions.lists.take_all", _read_here)
    read_in_this_process(patch)
    make_keys(settings.KEY_FILE)
    cast = Cast()
    people, operator, coordinator = People(cast), cast("DISTRICT_OPERATOR"), cast("DISTRICT_COORDINATOR")
    district = small_district(folder / "district", families=9)
    with transaction.atomic():
        load_registry(EVERYWHERE, district, on=ON, report=QUIET)
    families, members = _first_list(operator, coordinator, district)
    _changes(operator, coordinator)
    instructed(people, approved(people, listed(people, opened(people))))
    listed(people, opened(people, stage=3))
    one = confirmed(operator, coordinator, *make_child(), photo=True)
    officer = cast("PROVINCE_OFFICER", "63")
    with in_territory(officer), transaction.atomic():
        KINDS[YEARBOOK](officer, lambda *_: None, {"province": "63", "year": one.achieved_on.year})
    staff = make_staff("6371")
    make_outside(operator, staff, make_skill(cast("PROVINCE_OFFICER", "63")))
    with in_territory(operator):
        record_identity(operator, staff, Numbers({"nik": OWN_NIK, "kk": CARD}))
    taken(operator, [person("P000009") | {"NIK": NIK, "Nomor KK": CARD}])
    fill_performance(cast)
    fill_training(cast, operator)
    with in_territory(EVERYWHERE):
        family = Family.objects.filter(status="ACTIVE").order_by("family_no")[0]
    facilitator = cast("FACILITATOR", family.village_code)
    sessions_of(facilitator, family)
    field_of(facilitator, family, "Uji")
    signed_away(operator, opened_graduation(operator, family, "INDEPENDENT"))
    with in_territory(EVERYWHERE):
        payment = Payment.objects.filter(village_code__startswith="6371").order_by("payment_id")[0]
    monitored(cast, payment)
    families[2]["account_no"] = "8" * len(families[2]["account_no"])
    _take(operator, families, members)
    _passwords(operator)
    answered(cast("HELPDESK", "6371"), filed())
    heard(make_people(cast), paper=Paper("kartu.pdf", "application/pdf", b"%PDF-1.7 uji"))


def _read_here(given, work, _progress):
    work.mkdir()
    readings = [Reading(one.path, one.layout, LIMITS, one.profile, one.source) for one in given]
    return [convert(reading, Path(mkdtemp(dir=work))) for reading in readings]


def _first_list(operator, coordinator, district):
    """Applied: it moved an account and put a NIK right."""
    families, members = copy.deepcopy(tables(district))
    families[1]["account_no"] = "7" * len(families[1]["account_no"])
    members[4]["nik"] = NIK
    apply(coordinator, _take(operator, families, members))
    return families, members


def _take(acting, families, members):
    arguments = {"upload": uploaded(families, members), "families_name": "keluarga.csv",
                 "members_name": "anggota.csv", "region": "6371", "cycle": "2024-2"}  # fmt: skip
    with in_territory(acting), transaction.atomic():
        return KINDS["registry.take"](acting, QUIET, arguments).rstrip("/").rsplit("/", 1)[1]


def apply(acting, intake):
    """The list, applied."""
    with in_territory(acting), transaction.atomic():
        KINDS["registry.apply"](acting, QUIET, {"intake": intake})


def _changes(operator, coordinator):
    """A NIK put right with a paper, decided; another asked for; a card, and what it was before."""
    with in_territory(operator):
        first, second = Family.objects.filter(status="ACTIVE").order_by("family_no")[4:6]
        asked = [
            request_change(
                operator, each, "NIK", Member.objects.filter(family=each).order_by("member_no").first(),
                Wanted({}, nik), "Salah ketik", Proof("KTP", "ktp.pdf", "application/pdf", b"%PDF-1.4 uji"),
            )
            for each, nik in ((first, "6371014101900088"), (second, "6371014101900077"))
        ]  # fmt: skip
    with in_territory(coordinator):
        approve_change(coordinator, asked[0], "Sesuai bukti")
    with in_territory(EVERYWHERE), scopes_disabled():
        for reason in ("", "Uji"):
            first.kk_sealed = seal(CARD, Place("registry_family", "kk", str(first.pk)))
            first.kk_index, first.kk_last4, first.status_reason = blind("kk", CARD), CARD[-4:], reason
            first.save()


def _passwords(operator):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP

    user = User.objects.get(person_id=operator.person_id)
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    with in_territory(operator):
        asked = ExportRequest(
            kind="keluarga", title="Keluarga", arguments={}, region_code="6371", rows_asked=2_000, purpose="Uji",
            asked_by_id=operator.person_id, asked_authority="x",
        )  # fmt: skip
        asked.password_sealed = seal("sandi unduhan", password_place(asked))
        asked.save()


@contextmanager
def copied(server, name, folder: Path, own: Path, patch):
    """A copy of the filled office, in use by the owner; gives its database."""
    fresh = f"own_{uuid4().hex[:12]}"
    connections.close_all()
    with psycopg.connect(server.get_uri(), autocommit=True) as con:
        con.execute(f'create database "{fresh}" template "{name}" owner {database.OWNER}')
    copytree(folder, own, dirs_exist_ok=True)
    patch.setattr(settings, "DATA_DIR", own / "data")
    patch.setattr(settings, "KEY_FILE", own / "keys.json")
    patch.setattr(sealing, "_LOOK_SECONDS", 0)
    use_database(server, fresh, database.OWNER)
    yield fresh
    use_database(server, OURS, database.APP)
    with psycopg.connect(server.get_uri(), autocommit=True) as con:
        con.execute(f'drop database "{fresh}" with (force)')


def everything():
    """Every sealed value of the database and of files, opened, by where it is."""
    told = {}
    for table in TABLES:
        names = list(dict.fromkeys([table.key, *table.columns, *table.needs]))
        for row in rows_of(f"select {', '.join(names)} from {table.name}"):
            for value in table.values:
                if sealed := value.get(row):
                    told[table.name, value.name, str(row[table.key])] = unseal(sealed, value.place(row))
    for kind in sealed_files._KINDS:
        for folder in sealed_files._folders(kind):
            for file in kind.files(folder):
                rows = pq.read_table(file.path, use_threads=False).to_pylist()
                told |= {
                    (kind.name, file.path.name, folder.name, row[file.key]):
                        unseal(row[file.column], file.place(row[file.key]))
                    for row in rows if row[file.column]
                }  # fmt: skip
    return told


def address():
    """The database in use, for a connection beside Django's."""
    told = connection.settings_dict
    return {"dbname": told["NAME"], "user": told["USER"], "host": told["HOST"], "port": told["PORT"]}


def rows_of(query):
    """Rows by column, JSON as Python has it."""
    with psycopg.connect(**address()) as con:
        return con.cursor(row_factory=psycopg.rows.dict_row).execute(query).fetchall()


APART = ("audit_auditentry", "audit_heldrow", "django_session")


def unsealed():
    """Every table, row by row, without what is sealed in it and without the log."""
    apart = {table.name: table.values for table in TABLES}
    told = {}
    for each in rows_of("select tablename from pg_tables where schemaname = 'public'"):
        name = each["tablename"]
        if name not in APART:
            paths = "".join(
                f" #- '{{{value.column}{',' if value.key else ''}{value.key}}}'" for value in apart.get(name, ())
            )
            found = rows_of(f"select (to_jsonb(t){paths})::text as row from {name} t")
            told[name] = sorted(row["row"] for row in found)
    return told
