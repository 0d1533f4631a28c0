"""Sign-off: a district's statement, a province's as the sum of its signed districts', the centre's above."""

from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.accounts.acting import Acting, in_territory
from gandeng.accounts.context import region_name
from gandeng.accounts.machine import for_everyone
from gandeng.accounts.public_codes import new_code
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.core.region_code import DISTRICT_DIGITS, PROVINCE_DIGITS
from gandeng.jobs.work import start
from gandeng.payments.actions import set_signed
from gandeng.payments.models import Cycle
from gandeng.reconciliation.actions.locking import Busy, lock_cycle_soon
from gandeng.reconciliation.figures import Figures, channels_of, digest_of, total
from gandeng.reconciliation.late_queries import booked_late
from gandeng.reconciliation.models import ResultFile, Signature, Statement
from gandeng.reconciliation.models.statements import office_words
from gandeng.reconciliation.queries import figures_of, latest_run
from gandeng.reconciliation.reissue_queries import sent_again

Level = Statement.Level
Capacity = Signature.Capacity


CODE_LENGTH = 12
"""Of the letters of a code about 59 bits."""
BUSY = gettext_lazy("Hasil tahap ini sedang dihitung atau ditandatangani orang lain. Coba lagi sebentar.")


class NotReady(Exception):
    """The statement cannot be made or signed now; the message says why, in the language of the page."""


@dataclass(frozen=True)
class Needed:
    """One signature a statement needs."""

    level: str
    capacity: Capacity
    channel: str
    may: May

    @property
    def words(self) -> str:
        """Whose it is."""
        return office_words(self.level, self.capacity, self.channel)


_RIGHTS = {
    Level.DISTRICT: ((Capacity.HEAD, May.SIGN_DISTRICT_HEAD), (Capacity.COORDINATOR, May.SIGN_DISTRICT_COORDINATOR)),
    Level.PROVINCE: ((Capacity.HEAD, May.SIGN_PROVINCE),),
    Level.CENTRE: ((Capacity.HEAD, May.SIGN_CENTRE),),
}
"""Who signs at which level; a district's channels sign too (an assumption: docs/programme.md)."""

MAKERS = {
    Level.DISTRICT: (May.WORK_EXCEPTIONS, May.SIGN_DISTRICT_HEAD, May.SIGN_DISTRICT_COORDINATOR),
    Level.PROVINCE: (May.SIGN_PROVINCE, May.RUN_CYCLE),
    Level.CENTRE: (May.SIGN_CENTRE, May.RUN_CYCLE),
}
_LENGTHS = {DISTRICT_DIGITS: Level.DISTRICT, PROVINCE_DIGITS: Level.PROVINCE, 0: Level.CENTRE}


def level_of(region: str) -> Level:
    """The level of a statement for that region."""
    return _LENGTHS[len(region)]


def needed(level: str, figures: Figures) -> list[Needed]:
    """Every signature a statement needs, in order."""
    found = [Needed(level, capacity, "", may) for capacity, may in _RIGHTS[Level(level)]]
    if level == Level.DISTRICT:
        found += [Needed(level, Capacity.CHANNEL, channel, May.SIGN_CHANNEL) for channel in channels_of(figures)]
    return found


def missing(statement: Statement, signatures: list[Signature]) -> list[Needed]:
    """What is not signed yet."""
    there = {(each.capacity, each.channel) for each in signatures}
    return [each for each in needed(statement.level, statement.figures) if (each.capacity, each.channel) not in there]


def may_make(acting: Acting, region: str) -> bool:
    """True where the person may prepare that region's statement."""
    return any(acting.may(may, region) for may in MAKERS[level_of(region)])


def make_statement(acting: Acting, cycle: Cycle, region: str) -> Statement:
    """Prepare the statement of a region from the latest run, or from the signed statements beneath it.

    Raises NotReady, PermissionDenied.
    """
    level = level_of(region)
    rights = [may for may in MAKERS[level] if acting.may(may, region)]
    authority = acting.authority(rights[0] if rights else MAKERS[level][0], region)
    try:
        with transaction.atomic():
            held = lock_cycle_soon(cycle.pk)
            _require_open(held, region)
            with in_territory(for_everyone(acting)):
                figures = _of_district(held, region) if level is Level.DISTRICT else _of_below(held, region, level)
            made = Statement.objects.create(
                cycle=held, level=level, region_code=region, digest=digest_of(figures), figures=figures,
                code=new_code(CODE_LENGTH),
            )  # fmt: skip
            record(
                acting, "statement.made", made, region=region, authority=authority, level=level, digest=made.digest,
                cycle=str(held),
            )  # fmt: skip
    except Busy as busy:
        raise NotReady(BUSY) from busy
    except IntegrityError as error:
        raise NotReady(_("Pernyataan wilayah ini sudah ada dan masih berlaku.")) from error
    return made


def _require_open(cycle: Cycle, region: str) -> None:
    if cycle.state not in (Cycle.State.RECONCILING, Cycle.State.SIGNED):
        raise NotReady(_("Tahap ini belum direkonsiliasi, atau sudah ditutup."))
    if not region.startswith(cycle.region_code):
        raise NotReady(_("Wilayah ini di luar wilayah tahap."))


def _of_district(cycle: Cycle, district: str) -> Figures:
    run = latest_run(cycle)
    if run is None:
        raise NotReady(_("Belum ada hasil yang dicocokkan."))
    touching = ResultFile.objects.filter(cycle=cycle, about_cycle=None).order_by("sha256")
    files = [
        file for file in touching if district.startswith(file.region_code) or file.region_code.startswith(district)
    ]
    if any(file.state == ResultFile.State.RECEIVED for file in files):
        raise NotReady(_("Masih ada berkas untuk wilayah ini yang menunggu dibaca. Tunggu sampai selesai."))
    rows = [figures_of(row) for row in run.summary.filter(district_code=district).order_by("channel")]
    if not rows:
        raise NotReady(_("Wilayah ini tidak mempunyai pembayaran pada tahap ini."))
    channels = {row["channel"] for row in rows}
    used = [file for file in files if file.state == ResultFile.State.TAKEN and file.channel in channels]
    return {
        "cycle": str(cycle),
        "level": Level.DISTRICT.value,
        "region": district,
        "run": run.number,
        "rows": rows,
        "total": total(rows),
        "sent_again": [row for row in sent_again(cycle) if row["district"] == district],
        "corrections": [row for row in booked_late(cycle) if row["district"] == district],
        "names_digest": _names_digest(cycle, district),
        "files": [
            {
                "name": file.name,
                "channel": file.channel,
                "sha256": file.sha256,
                "rows": file.rows,
                "rupiah": file.rupiah,
            }
            for file in used
        ],
        "below": [],
    }


def _names_digest(cycle: Cycle, district: str) -> str:
    """SHA-256 over every payment's outcome in order of payment: sums that stay while names change places are seen."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select encode(sha256(convert_to(
                    coalesce(string_agg(line, E'\\n' order by payment_id), ''), 'UTF8')), 'hex')
                from (select payment_id, concat_ws('|', payment_id, outcome, amount_rupiah, credited_rupiah,
                        reversed_rupiah, withdrawn_rupiah) as line
                    from reconciliation_currentoutcome
                    where cycle_id = %s and village_code >= %s and village_code < %s) told""",
            [cycle.pk, district, f"{district}:"],
        )
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def _of_below(cycle: Cycle, region: str, level: Level) -> Figures:
    """The sum of the statements beneath; each must be there, in force and signed by everybody."""
    below_level, length = (Level.DISTRICT, 4) if level is Level.PROVINCE else (Level.PROVINCE, 2)
    run = latest_run(cycle)
    if run is None:
        raise NotReady(_("Belum ada hasil yang dicocokkan."))
    districts = run.summary.filter(district_code__startswith=region).values_list("district_code", flat=True)
    places = sorted({code[:length] for code in districts})
    found = {
        statement.region_code: statement
        for statement in Statement.objects.filter(cycle=cycle, level=below_level, voided_at__isnull=True)
        .filter(region_code__in=places)
        .prefetch_related("signatures")
    }
    lacking = [
        place for place in places if place not in found or missing(found[place], [*found[place].signatures.all()])
    ]
    if lacking or not places:
        names = ", ".join(region_name(place) for place in lacking)
        raise NotReady(_("Belum ditandatangani lengkap: %(places)s.") % {"places": names})
    parts = [found[place] for place in places]
    rows = [row for part in parts for row in part.figures["rows"]]
    files = {told["sha256"]: told for part in parts for told in part.figures["files"]}
    return {
        "cycle": str(cycle),
        "level": level.value,
        "region": region,
        "run": run.number,
        "rows": rows,
        "total": total(rows),
        "sent_again": [row for part in parts for row in part.figures.get("sent_again", [])],
        "corrections": [row for part in parts for row in part.figures.get("corrections", [])],
        "names_digest": "",
        "files": [files[digest] for digest in sorted(files)],
        "below": [{"region": part.region_code, "digest": part.digest, "code": part.code} for part in parts],
    }


def sign(acting: Acting, statement: Statement, *, capacity: str, channel: str, digest: str, address: str) -> Signature:
    """Put one's name under a statement in one capacity. `digest` is of what the person was shown.

    Raises NotReady, PermissionDenied. The view has asked for the second factor before.
    """
    wanted = [
        each
        for each in needed(statement.level, statement.figures)
        if (each.capacity, each.channel) == (capacity, channel)
    ]
    if not wanted:
        raise NotReady(_("Tanda tangan itu tidak diperlukan pada pernyataan ini."))
    authority = acting.authority(wanted[0].may, statement.region_code, channel or None)
    try:
        with transaction.atomic():
            cycle = lock_cycle_soon(statement.cycle_id)
            held = Statement.objects.select_for_update(no_key=True).get(pk=statement.pk)
            _require_signable(cycle, held, digest)
            signed = Signature.objects.create(
                statement=held, cycle=cycle, level=held.level, digest=held.digest, capacity=capacity, channel=channel,
                person_id=acting.person_id, authority=authority,
            )  # fmt: skip
            record(
                acting, "statement.signed", held, region=held.region_code, authority=authority, level=held.level,
                digest=held.digest, capacity=capacity, channel=channel,
            )  # fmt: skip
            if not missing(held, list(held.signatures.all())):
                _complete(acting, cycle, held, address)
    except Busy as busy:
        raise NotReady(BUSY) from busy
    except IntegrityError as error:
        raise NotReady(_refused(str(error))) from error
    return signed


def _require_signable(cycle: Cycle, held: Statement, digest: str) -> None:
    if held.voided_at is not None:
        raise NotReady(_("Pernyataan ini tidak berlaku lagi. %(reason)s") % {"reason": held.voided_reason})
    if digest != held.digest:
        raise NotReady(_("Isi pernyataan berubah sejak halaman ini dibuka. Muat ulang dan baca kembali."))
    if cycle.state == Cycle.State.CLOSED:
        raise NotReady(_("Tahap ini sudah ditutup."))


def _refused(error: str) -> str:
    if "signature_one_level" in error:
        return _("Anda sudah menandatangani pada jenjang lain tahap ini; satu orang hanya pada satu jenjang.")
    if "signature_person_once" in error:
        return _("Anda sudah menandatangani pernyataan ini; satu orang satu kali.")
    return _("Kedudukan ini sudah ditandatangani.")


def _complete(acting: Acting, cycle: Cycle, statement: Statement, address: str) -> None:
    """Everybody has signed: the minutes are typeset; the highest statement signs the cycle."""
    start(
        acting, "reconciliation.minutes", f"Menyusun berita acara {region_name(statement.region_code)}",
        statement_id=str(statement.pk), address=address,
    )  # fmt: skip
    if statement.region_code == cycle.region_code:
        set_signed(cycle)
        record(acting, "cycle.signed", cycle, region=cycle.region_code, cycle=str(cycle), digest=statement.digest)
