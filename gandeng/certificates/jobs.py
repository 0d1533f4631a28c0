"""Long work on certificates: the papers of a whole training, to print or to hand on."""

from collections.abc import Mapping
from typing import Any

from django.core import signing
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.certificates.models import Certificate
from gandeng.certificates.papers import names_of, new_file, pdf_of_many, write_zip
from gandeng.certificates.queries import FILTERS, matching
from gandeng.jobs.models import Job
from gandeng.jobs.work import Report, WorkRefused, kind, start

BUNDLE = "certificates.bundle"
SALT = "certificates.bundle"
PAPERS_MAX = 1_000
FORMS = ("pdf", "zip")
_TITLE_KEPT = "Menyiapkan sertifikat: %s lembar"


def papers_matching(acting: Acting, filters: Mapping[str, str]) -> QuerySet[Certificate]:
    """Papers of ours among those a list shows that were not revoked, in the order of their numbers."""
    known = {name: filters.get(name, "") for name in FILTERS}
    rows = matching(acting, known, timezone.localdate())
    return rows.filter(origin=Certificate.Origin.OWN, revocation=None).order_by("series", "serial")


def start_bundle(acting: Acting, filters: Mapping[str, str], home: str, form: str = "pdf") -> Job:
    """Make the papers a list shows (`event` of a training, a region, …): one PDF (`pdf`), or a PDF each (`zip`).

    `home` is the absolute address of the page where codes are typed. Raises WorkRefused where it is none or too many.
    """
    count = papers_matching(acting, filters).count()
    if not count:
        raise WorkRefused(_("Tidak ada sertifikat kantor yang dapat dicetak di daftar ini."))
    if count > PAPERS_MAX:
        raise WorkRefused(_("Lebih dari seribu lembar. Persempit daftarnya dahulu."))
    narrowed = {name: filters.get(name, "") for name in FILTERS if filters.get(name)}
    return start(acting, BUNDLE, _TITLE_KEPT % count, filters=narrowed, home=home, form=form)


@kind(BUNDLE)
def bundle(acting: Acting, report: Report, arguments: dict[str, Any]) -> str:
    """Typeset them into one file, which waits a day for whoever asked; ends at its page."""
    form = arguments["form"] if arguments["form"] in FORMS else "pdf"
    report(_("Membaca sertifikat"), 0, 0)
    found = list(papers_matching(acting, arguments["filters"])[: PAPERS_MAX + 1])
    if not found or len(found) > PAPERS_MAX:
        raise WorkRefused(_("Daftarnya sudah berubah. Buka lagi daftar sertifikatnya."))
    path = new_file(form)
    part = path.with_suffix(".part")
    if form == "zip":
        write_zip(found, arguments["home"], part, lambda done: report(_("Menyusun sertifikat"), done, len(found)))
    else:
        report(_("Menyusun sertifikat"), 0, len(found))
        part.write_bytes(pdf_of_many(found, arguments["home"]))
    part.chmod(0o600)
    part.rename(path)
    held = acting.held(May.SEE_STAFF)
    record(
        acting, "certificate.papers_made", object_type="Certificate",
        region=arguments["filters"].get("region") or held.region_code, authority=held.words, papers=len(found),
        form=form, first=found[0].number, last=found[-1].number, event=arguments["filters"].get("event", ""),
    )  # fmt: skip
    told = {
        "file": path.name, "person": str(acting.person_id), "papers": len(found), "name": f"{names_of(found)}.{form}",
        "regions": sorted({one.staff.region_code for one in found}),
    }  # fmt: skip
    return f"{reverse('certificates:bundle_result')}?hasil={signing.dumps(told, salt=SALT)}"


def result_of(token: str) -> dict[str, Any]:
    """What the work made. Raises signing.BadSignature for what it did not write."""
    found: dict[str, Any] = signing.loads(token, salt=SALT)
    return found
