"""What several journeys do: reading instructions, answering them as a bank, approving, signing."""

import csv
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

import pyzipper
from django.utils import timezone
from playwright.sync_api import expect

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import User
from gandeng.files.instruction_layouts import layout_of
from gandeng.files.layouts import RESULTS
from gandeng.home import filling
from gandeng.payments.actions.packing import path_of
from gandeng.payments.models import Cycle, Instruction
from gandeng.reconciliation.tests.world import payments_of, told
from gandeng.reconciliation.words import reason_name
from gandeng.registry.models import Family
from gandeng.registry.tests.factories import EVERYWHERE
from tests.browser.site import quiet

FACILITATOR, HELPDESK, AUDITOR = "Pendamping sosial", "Petugas pengaduan", "Pemeriksa"
OPERATOR, COORDINATOR = "Operator data kabupaten/kota", "Koordinator kabupaten/kota"
HEAD, OFFICER, PROVINCE = "Kepala Dinas Sosial kabupaten/kota", "Petugas provinsi", "Kepala bidang provinsi"
PASSWORD = "pisang goreng hangat 7"


def some_family(district: str) -> str:
    """Its number."""
    with in_territory(EVERYWHERE):
        return Family.objects.filter(village_code__startswith=district).order_by("-family_no").first().family_no


def today() -> str:
    """As a field for a day takes it."""
    return timezone.localdate().isoformat()


def reason(code: str) -> str:
    """As the list of codes words it."""
    return reason_name(code)


def give_passwords(site) -> None:
    """To everybody: those without a door sign in as in an office."""
    users = list(User.objects.filter(email__endswith="@coba.gandeng.test"))
    users[0].set_password(PASSWORD)
    User.objects.filter(pk__in=[user.pk for user in users]).update(password=users[0].password)


def somebody(visitor, site, acting, **screen):
    """A person of the cast, signed in with a password."""
    email = User.objects.get(person_id=acting.person_id).email
    return visitor(site, **screen).signs_in(email, PASSWORD)


@dataclass(frozen=True)
class Archive:
    """What a channel was told to pay."""

    channel: str
    rows: tuple[dict[str, str], ...]
    paid_on: str
    file: bytes
    """The archive itself, as it was fetched."""

    def answer(self, *, rows: int | None = None, failed: bool = False) -> list[dict[str, str]]:
        """The channel's report: all paid, or all but the first; of the first `rows` alone."""
        return [self._row(row, place == 0 and failed) for place, row in enumerate(self.rows[:rows])]

    def _row(self, row: dict[str, str], failed: bool) -> dict[str, str]:
        return dict.fromkeys(RESULTS.names, "") | {
            "bank_reference": f"R-{row['payment_id']}",
            "channel": self.channel,
            "payment_id": row["payment_id"],
            "account_no": row.get("account_no", ""),
            "nik": row.get("nik", ""),
            "name": row["name"],
            "event": "FAILURE" if failed else "CREDIT",
            "amount": row["amount"],
            "occurred_on": self.paid_on,
            "reason": "rekening tidak aktif" if failed else "",
        }


def opened_archive(path: Path, channel: str, password: str) -> Archive:
    """The channel opens its file and reads the list."""
    layout = layout_of(channel)
    with pyzipper.AESZipFile(path) as archive:
        archive.setpassword(password.encode())
        [name] = [one for one in archive.namelist() if one.endswith(".csv") and "kendali" not in one]
        text = archive.read(name).decode()
    told = list(csv.DictReader(io.StringIO(text), delimiter=layout.delimiter))
    rows = [{ours: row[theirs].lstrip("'") for theirs, ours in layout.columns.items()} for row in told[:-1]]
    return Archive(channel, tuple(rows), _after(2), path.read_bytes())


def ask_for_a_change(facilitator) -> None:
    """Of the first family, with words as its proof."""
    facilitator.opens("Keluarga")
    facilitator.follows(facilitator.page.locator("table a").first)
    facilitator.opens("Jenjang sekolah")
    facilitator.chooses("Anggota", 1)
    facilitator.chooses("Jenjang sekolah", "SMP sederajat")
    facilitator.writes("Alasan", "Naik ke kelas VII tahun ajaran ini")
    facilitator.writes("Bukti", "Rapor dilihat saat kunjungan")
    facilitator.presses("Kirim permintaan")
    facilitator.sees("Menunggu keputusan")


def take_instructions(officer) -> list[Archive]:
    """Each channel's file and its password, as the officer gets them; BRI first."""
    found = []
    for panel in officer.page.locator("section").filter(has_text="Unduh berkas terkunci").all():
        channel = panel.get_by_role("heading").inner_text().split(":")[0]
        with officer.page.expect_download() as coming:
            panel.get_by_role("button", name="Unduh").click()
        found.append((channel, coming.value.path()))
    archives = []
    for channel, path in found:
        panel = officer.page.locator("section").filter(has=officer.page.get_by_role("heading", name=f"{channel}: Rp"))
        officer.follows(panel.get_by_role("button", name="Tampilkan kata sandi"))
        password = officer.page.locator("main code").first.inner_text()
        archives.append(opened_archive(path, channel, password))
        officer.opens("Sudah saya catat")
    return sorted(archives, key=lambda archive: archive.channel != "BRI")


def tell_which_file(bank, file: bytes, *, by_hand: bool = False) -> None:
    """The digest of what lies on the bank's computer, from the list of what waits to the office's comparison."""
    bank.opens("Periksa berkas")
    if by_hand:
        bank.writes("Sidik SHA-256", hashlib.sha256(file).hexdigest())
    else:
        bank.field("Berkas BRI").set_input_files({"name": "b.zip", "mimeType": "application/zip", "buffer": file})
        expect(bank.field("Sidik SHA-256")).to_have_value(hashlib.sha256(file).hexdigest())
    bank.presses("Bandingkan")


def approve_everything(head) -> None:
    """What waits for this head, from the first page on."""
    head.opens("Pembayaran", "Tahap 2 tahun 2024", "Periksa dan setujui")
    head.presses("Setujui daftar yang dipilih")
    head.sees("Daftar bayar menurut kabupaten/kota")


def upload(bank, answer, *, rows: int | None = None, region: str = "", stage: int = 2) -> None:
    """Send a report with its totals; `rows` lies about how many."""
    text = io.StringIO()
    writer = csv.DictWriter(text, RESULTS.names)
    writer.writeheader()
    writer.writerows(answer)
    bank.opens("Rekonsiliasi", f"Tahap {stage} Tahun 2024", "Kirim berkas hasil")
    name = f"hasil-{answer[0]['channel'].lower()}.csv"
    bank.field("Berkas hasil").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": text.getvalue().encode()}
    )
    if region:
        bank.chooses("Wilayah", region)
    bank.writes("Jumlah baris", str(rows or len(answer)))
    bank.writes("Jumlah uang", str(sum(int(row["amount"]) for row in answer)))
    bank.presses("Kirim")


def sign(person, place: str) -> None:
    """The statement of a place, where the person has one to sign there."""
    person.opens("Rekonsiliasi", "Tahap 2 tahun 2024", "Pengesahan")
    if not person.page.locator("main").get_by_role("link", name=place).count():
        return
    person.opens(place)
    if person.page.get_by_role("button", name="Tanda tangani").count():
        person.presses("Tanda tangani")
        person.sees(person_name(person))


def person_name(person) -> str:
    """As the header says it."""
    return person.page.locator(".g-me strong").inner_text()


def list_stage(site, stage: tuple[int, int]) -> Cycle:
    """A stage on its lists, handed in: what comes before the essential path."""
    return filling.listed(site.cast, stage, quiet)


def instruct_stage(site, cycle: Cycle) -> None:
    """The rest is approved and instructed."""
    filling.approve(site.cast, cycle, len(site.cast.heads), with_province=True)
    filling.work(site.cast.province_officer, "payments.instruct", quiet, cycle=str(cycle.pk))


def answer_of(channel: str, cycle: Cycle) -> list[dict[str, str]]:
    """A channel's report that all was paid."""
    day = _after(cycle.stage)
    return [told(payment, day=day) for payment in payments_of(cycle) if payment.channel == channel]


def file_of(channel: str, cycle: Cycle) -> bytes:
    """The archive a channel fetched of a stage."""
    with in_territory(EVERYWHERE):
        return path_of(Instruction.objects.get(cycle=cycle, channel=channel)).read_bytes()


def _after(stage: int) -> str:
    """A day after the two months of the stage began to be paid."""
    return f"2024-{2 * stage + 1:02d}-17"
