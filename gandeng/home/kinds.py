"""The kinds of work that can wait for somebody, in the order of the first page: whose they are and what is counted."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gandeng.accounts import confirming, recovery
from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.achievements import queries as achievements
from gandeng.audit.queries import bounds_reached
from gandeng.certificates import queries as certificates
from gandeng.cleansing import queries as cleansing
from gandeng.commitments import own_queries as own_commitments
from gandeng.commitments import queries as commitments
from gandeng.commitments import unplaced_queries as unplaced
from gandeng.conduct import case_queries, clarification_queries, code_queries
from gandeng.duplicates import queries as duplicates
from gandeng.exports import queries as exports
from gandeng.facilitators.act_queries import coming_acts
from gandeng.facilitators.load_queries import waiting_overloaded, waiting_without
from gandeng.family_sessions import queries as family_sessions
from gandeng.field import found_cases
from gandeng.field import queries as field
from gandeng.follow_up import queries as follow_up
from gandeng.graduation import queries as graduation
from gandeng.helpdesk import queries as helpdesk
from gandeng.monitoring import queries as monitoring
from gandeng.payments import order_queries as orders
from gandeng.payments.held_queries import waiting_held
from gandeng.payments.levels import APPROVES
from gandeng.payments.queries import waiting_for_approval
from gandeng.payments.step_queries import waiting_steps
from gandeng.performance import report_queries as reports
from gandeng.reconciliation.queries import waiting_exceptions
from gandeng.reconciliation.reissue_queries import waiting_reissues, waiting_to_send
from gandeng.reconciliation.signing_queries import (
    SUMS_UP,
    sums_to_make,
    waiting_for_signature,
    waiting_to_be_made_again,
)
from gandeng.reconciliation.treasury_queries import waiting_deposits
from gandeng.registry import change_queries, list_queries, recoding_queries, stopped_queries
from gandeng.registry import cooling_queries as cooling
from gandeng.signs import queries as signs
from gandeng.training import own_queries as trainings
from gandeng.training import problem_queries as problems

type Asked = tuple[str, list[Any]]
"""SQL that gives a row for each thing that waits, and its values."""


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of work: for which rights, the rows that wait, what they mean and where they are done."""

    label: str | Promise
    rights: tuple[May, ...]
    what: Callable[[Acting], QuerySet[Any] | Asked] | Callable[[Acting], int]
    """The rows that wait, or how many where rows alone do not tell."""
    meaning: str | Promise
    page: str
    link: str | Promise
    narrowed: str = ""
    """What the page is asked for beyond its address."""
    whoever: bool = False
    """Also for people without these rights, once something waits."""


KINDS = (
    Kind(
        _("Disangkal keluarga"), (May.DECIDE_CHANGE,), change_queries.denied_for,
        _("rekening atau pengurus baru yang tidak diminta keluarga: putuskan sebelum uangnya dikirim"),
        "registry:changes", _("Putuskan"), "?shelf=denied",
    ),
    Kind(
        _("Perubahan data"), change_queries.DECIDE, change_queries.waiting_for,
        _("permintaan menunggu keputusan Anda"), "registry:changes", _("Putuskan"),
    ),
    Kind(
        _("Pemulihan akun"), (May.LET_IN_AGAIN,), recovery.waiting_for,
        _("orang menunggu diizinkan masuk kembali"), "accounts:recoveries", _("Periksa"),
    ),
    Kind(
        _("Peran menunggu orang kedua"), confirming.CONFIRMS, confirming.waiting_for,
        _("peran yang diberi orang lain menunggu Anda sahkan"), "accounts:waiting_roles", _("Periksa"),
    ),
    Kind(
        _("Tanpa pendamping"), (May.DECIDE_CASELOAD,), waiting_without,
        _("keluarga belum punya pendamping"), "caseload:unaccompanied", _("Tugaskan"),
    ),
    Kind(
        _("Beban berlebih"), (May.DECIDE_CASELOAD,), waiting_overloaded,
        _("pendamping mencapai batas kantor"), "caseload:overloaded", _("Lihat bebannya"),
    ),
    Kind(
        _("Serah terima"), (May.ACCOMPANY,), coming_acts,
        _("perpindahan keluarga dampingan Anda akan mulai"), "caseload:mine", _("Lihat keluarganya"),
    ),
    Kind(
        _("Kode etik"), (May.ACCOMPANY,), code_queries.own_unsigned,
        _("versi menunggu tanda tangan Anda"), "conduct:own", _("Baca dan tanda tangani"),
    ),
    Kind(
        _("Klarifikasi"), (May.ACCOMPANY,), clarification_queries.unread,
        _("klarifikasi belum Anda baca"), "conduct:clarifications", _("Baca"),
    ),
    Kind(
        _("Perkara kode etik"), (May.HANDLE_CONDUCT, May.KEEP_STAFF), case_queries.open_for,
        _("perkara terbuka yang Anda tangani, atau belum ditangani siapa pun"), "conduct:cases", _("Buka perkaranya"),
    ),
    Kind(
        _("Pemberhentian"), (May.KEEP_STAFF,), case_queries.dismissals,
        _("putusan tetap menunggu dicatat"), "conduct:dismissals", _("Catat"),
    ),
    Kind(
        _("Undangan pelatihan"), (May.ACCOMPANY, May.KEEP_STAFF), trainings.unanswered,
        _("undangan menunggu jawaban Anda"), "training:own", _("Jawab"),
    ),
    Kind(
        _("Rancangan pelatihan"), (May.PLAN_TRAINING,), trainings.not_invited,
        _("kegiatan kantor Anda belum diundangkan"), "training:events", _("Lihat kegiatannya"),
    ),
    Kind(
        _("Masalah lapangan"), problems.ANSWERS, problems.waiting_for,
        _("masalah diserahkan kepada Anda"), "training:problems", _("Jawab"), "?mine=1&state=OPEN",
    ),
    Kind(
        _("Masalah tanpa penjawab"), (May.PLAN_TRAINING,), problems.not_given,
        _("masalah dari kegiatan Anda belum diserahkan, atau penjawabnya tidak bertugas lagi"),
        "training:problems", _("Pilih penjawab"), "?state=OPEN",
    ),
    Kind(
        _("Sertifikat"), (May.PLAN_TRAINING, May.ISSUE_CERTIFICATE), certificates.running_out,
        _("sertifikat SDM yang bertugas segera berakhir"), "certificates:needs", _("Lihat kebutuhannya"),
    ),
    Kind(
        _("Sertifikat saya"), (May.ACCOMPANY,), certificates.own_running_out,
        _("sertifikat Anda segera berakhir"), "certificates:own", _("Lihat sertifikat saya"),
    ),
    Kind(
        _("Prestasi"), (May.CONFIRM_ACHIEVEMENT,), achievements.waiting_for_confirmation,
        _("prestasi menunggu konfirmasi Anda"), "achievements:achievements", _("Periksa"), "?keadaan=SUBMITTED",
    ),
    Kind(
        _("Prestasi dikembalikan"), (May.RECORD_ACHIEVEMENT,), achievements.returned_to,
        _("catatan prestasi dikembalikan dan menunggu Anda perbaiki"),
        "achievements:achievements", _("Perbaiki"), "?keadaan=RETURNED",
    ),
    Kind(
        _("Persetujuan prestasi"), (May.RECORD_ACHIEVEMENT,), achievements.lapsed_for,
        _("prestasi perlu persetujuan baru: masanya habis, atau anaknya sudah 18 tahun"),
        "achievements:achievements", _("Mintakan"),
    ),
    Kind(
        _("Tinjauan laporan"), (May.REVIEW_WORK,), reports.waiting,
        _("laporan bulanan menunggu tinjauan Anda"), "performance:reviews", _("Tinjau"),
    ),
    Kind(
        _("Laporan bulanan"), (May.ACCOMPANY,), reports.own_to_write,
        _("laporan Anda masih rancangan atau dikembalikan"), "performance:reports", _("Lanjutkan"),
    ),
    Kind(
        _("Daftar masuk"), (May.APPLY_LIST,), list_queries.waiting_lists,
        _("daftar menunggu diterapkan"), "registry:intakes", _("Periksa"),
    ),
    Kind(
        _("Perubahan kode desa"), (May.APPLY_LIST,), recoding_queries.waiting_recodings,
        _("perubahan kode desa menunggu diterapkan"), "registry:recodings", _("Periksa"),
    ),
    Kind(
        _("Unduhan panjang"), (May.APPROVE_EXPORT,), exports.waiting,
        _("permintaan unduhan menunggu keputusan Anda"), "exports:exports", _("Putuskan"),
    ),
    Kind(
        _("Daftar bayar"), APPROVES,
        lambda acting: waiting_for_approval(acting).total(),
        _("daftar menunggu persetujuan Anda"), "payments:cycles", _("Periksa dan setujui"),
    ),
    Kind(
        _("Langkah tahap"), (May.RUN_CYCLE,), waiting_steps,
        _("tahap menunggu langkah Anda: daftar diajukan, uang diperintahkan, atau tahap ditutup"), "payments:cycles",
        _("Lihat langkahnya"),
    ),
    Kind(
        _("Berkas bayar berbeda"), (May.INSTRUCT, May.CONFIRM_ORDER), orders.differing,
        _("berkas di penyalur bukan yang dibuat kantor: jangan dijalankan"), "payments:orders", _("Lihat berkasnya"),
        "?shelf=differs",
    ),
    Kind(
        _("Berkas bayar"), (May.CONFIRM_ORDER,), orders.unconfirmed,
        _("perintah bayar belum Anda unduh dan periksa sidiknya"), "payments:orders", _("Unduh dan periksa"),
        "?shelf=unconfirmed",
    ),
    Kind(
        _("Rekomendasi komitmen"), (May.DECIDE_COMMITMENT,), commitments.waiting_decisions,
        _("rekomendasi menunggu keputusan Anda"), "commitments:recommendations", _("Putuskan"),
    ),
    Kind(
        _("Keberatan keluarga"), (May.DECIDE_COMMITMENT,), commitments.waiting_appeals,
        _("keberatan keluarga menunggu jawaban"), "commitments:decisions", _("Jawab"),
    ),
    Kind(
        _("Perbedaan menurut sekolah atau fasilitas"), (May.RECORD_COMMITMENT,), own_commitments.own_differences,
        _("isian berbeda menurut sekolah atau fasilitas dan menunggu lembar baru"),
        "commitments:differences", _("Periksa"),
    ),
    Kind(
        _("Kode untuk sekolah atau fasilitas"), (May.DRAW_CODE,), own_commitments.to_draw,
        _("tautan menunggu kode pembuka dari Anda"), "commitments:own_links", _("Buat kode"), "?state=DRAW",
    ),
    Kind(
        _("Tautan tertutup"), (May.RECORD_COMMITMENT, May.DRAW_CODE), own_commitments.closed_links,
        _("tautan sekolah atau fasilitas tertutup karena kode salah"), "commitments:own_links", _("Periksa"),
        "?state=CLOSED",
    ),
    Kind(
        _("Anggota belum terdaftar"), (May.ACCOMPANY,), unplaced.own_unplaced,
        _("anggota punya kewajiban dan belum punya sekolah atau fasilitas"), "commitments:unplaced", _("Daftarkan"),
    ),
    Kind(
        _("Keputusan komitmen"), (May.RECORD_COMMITMENT,), commitments.own_to_tell,
        _("keputusan belum disampaikan kepada keluarganya"), "commitments:decisions", _("Sampaikan"),
    ),
    Kind(
        _("Graduasi"), (May.DECIDE_GRADUATION,), graduation.waiting_decisions,
        _("graduasi menunggu keputusan atau jawaban Anda"), "graduation:decisions", _("Putuskan"),
    ),
    Kind(
        _("Keputusan graduasi"), (May.REQUEST_CHANGE,), graduation.waiting_to_tell,
        _("keputusan belum disampaikan kepada keluarganya"), "graduation:cases", _("Sampaikan"), "?state=APPROVED",
    ),
    Kind(
        _("Tindak lanjut graduasi"), (May.REQUEST_CHANGE,), graduation.waiting_follow_ups,
        _("keluarga yang graduasi belum ditanyai keadaannya"), "graduation:follow_ups", _("Tanyakan"),
    ),
    Kind(
        _("Pertemuan kelompok (P2K2)"), (May.ACCOMPANY,), family_sessions.own_overdue,
        _("pertemuan sudah lewat harinya dan belum dicatat"), "family_sessions:mine", _("Catat pertemuan"),
    ),
    Kind(
        _("Keluarga yang tidak hadir"), (May.ACCOMPANY,), family_sessions.own_to_ask,
        _("keluarga tidak hadir dan belum ditanyakan"), "family_sessions:absent", _("Tanyakan"),
    ),
    Kind(
        _("Tindak lanjut penyaluran"), (May.ACCOMPANY,), follow_up.own_waiting,
        _("pembayaran keluarga dampingan Anda belum sampai dan belum ditanyakan"), "follow_up:mine", _("Tanyakan"),
        "?state=TODO",
    ),
    Kind(
        _("Dihentikan oleh daftar"), (May.REQUEST_CHANGE,), stopped_queries.untold,
        _("keluarga tidak dibayar lagi menurut daftar Kementerian dan belum diberi tahu"), "registry:stopped",
        _("Beri tahu"),
    ),
    Kind(
        _("Rekening dan pengurus baru"), (May.ACCOMPANY,), cooling.waiting,
        _("keluarga dampingan Anda berganti rekening atau pengurus: pastikan mereka memintanya"), "registry:cooling",
        _("Lihat"),
    ),
    Kind(
        _("Temuan kunjungan"), (May.ACCOMPANY,), found_cases.waiting,
        _("temuan kunjungan rumah belum menjadi pengaduan"), "field:visits", _("Buka"), "?case=NONE",
    ),
    Kind(
        _("Catatan lapangan"), (May.DECIDE_ENTRIES,), field.entries_waiting,
        _("catatan bertentangan atau ditahan"), "field:decisions", _("Putuskan"),
    ),
    Kind(
        _("Batas sehari tercapai"), (May.SEE_LOG,), lambda _acting: bounds_reached(),
        _("kali seseorang mencapai batas unduhan atau nomor lengkap dalam tujuh hari terakhir"), "audit:entries",
        _("Lihat"), "?only=bounds",
    ),
    Kind(
        _("Data yang perlu diperiksa"), (May.REQUEST_CHANGE,), cleansing.waiting,
        _("data keluarga belum lengkap atau tidak cocok"), "cleansing:found", _("Periksa"),
    ),
    Kind(
        _("Data mirip"), (May.JUDGE_DUPLICATES,), duplicates.waiting,
        _("pasangan keluarga berisi orang yang mirip belum dinilai"), "duplicates:pairs", _("Bandingkan"),
    ),
    Kind(
        _("Tanda yang perlu dilihat"), (May.REVIEW_SIGNS,), signs.waiting,
        _("tanda belum dilihat siapa pun"), "signs:signs", _("Lihat"),
    ),
    Kind(
        _("Penjelasan tentang tanda"), (May.REVIEW_SIGNS,), signs.explained,
        _("penjelasan menunggu dibaca dan ditutup"), "signs:looked", _("Baca"), "?state=EXPLAINED",
    ),
    Kind(
        _("Tanda tentang catatan Anda"), (May.ACCOMPANY,), signs.own_waiting,
        _("pertanyaan kantor tentang catatan Anda belum dijawab"), "signs:mine", _("Jelaskan"), whoever=True,
    ),
    Kind(
        _("Kabar dari lapangan"), (May.WORK_EXCEPTIONS, May.SEND_RESULTS), follow_up.for_the_bank,
        _("kabar meminta tindakan bank atau kantor pos"), "follow_up:reports", _("Baca"),
        "?case=WAITING",
    ),
    Kind(
        _("Undian pemantauan"), (May.DRAW_FAMILIES,), monitoring.waiting_draws,
        _("tahap sudah dikreditkan dan keluarganya belum diundi"), "monitoring:overview", _("Undi"),
    ),
    Kind(
        _("Tanya keluarga"), (May.ASK_FAMILIES,), monitoring.tasks,
        _("keluarga yang terpilih acak menunggu ditanyai"), "monitoring:tasks", _("Tanyakan"),
    ),
    Kind(
        _("Pengaduan"), (May.TELL_CASE,), helpdesk.waiting,
        _("pengaduan di tangan Anda, atau di tingkat Anda dan belum dipegang siapa pun"), "helpdesk:cases", _("Buka"),
        "?whose=WAITING",
    ),
    Kind(
        _("Pengecualian"), (May.WORK_EXCEPTIONS,), waiting_exceptions,
        _("pembayaran atau baris bank perlu ditindaklanjuti"), "reconciliation:cycles", _("Kerjakan"),
    ),
    Kind(
        _("Bayar ulang"), (May.WORK_EXCEPTIONS,), waiting_reissues,
        _("permintaan bayar ulang menunggu keputusan Anda"), "reconciliation:cycles", _("Putuskan"),
    ),
    Kind(
        _("Bayar ulang disetujui"), (May.RUN_CYCLE,), waiting_to_send,
        _("bayar ulang sudah disetujui dan belum masuk daftar susulan"), "reconciliation:cycles",
        _("Buat daftar susulan"),
    ),
    Kind(
        _("Keluarga yang ditahan"), (May.RUN_CYCLE,), waiting_held,
        _("keluarga ditahan yang sekarang dapat dibayar: masukkan ke daftar susulan"), "reconciliation:cycles",
        _("Buat daftar susulan"),
    ),
    Kind(
        _("Setoran kas negara"), (May.DECIDE_DEPOSIT,), waiting_deposits,
        _("bukti setor menunggu keputusan Anda"), "reconciliation:cycles", _("Periksa"),
    ),
    Kind(
        _("Tanda tangan"),
        (May.SIGN_DISTRICT_HEAD, May.SIGN_DISTRICT_COORDINATOR, May.SIGN_CHANNEL, May.SIGN_PROVINCE, May.SIGN_CENTRE),
        lambda acting: waiting_for_signature(acting).total(),
        _("pernyataan rekonsiliasi menunggu tanda tangan Anda"), "reconciliation:cycles",
        _("Baca dan tanda tangani"),
    ),
    Kind(
        _("Jumlah wilayah"), SUMS_UP, lambda acting: sums_to_make(acting).total(),
        _("pernyataan jumlah dapat disiapkan: semua wilayah di bawahnya sudah menandatangani"),
        "reconciliation:cycles", _("Siapkan"),
    ),
    Kind(
        _("Tanda tangan batal"),
        (
            May.WORK_EXCEPTIONS, May.RUN_CYCLE, May.SIGN_DISTRICT_HEAD, May.SIGN_DISTRICT_COORDINATOR,
            May.SIGN_PROVINCE, May.SIGN_CENTRE,
        ),
        waiting_to_be_made_again,
        _("pernyataan yang sudah ditandatangani batal oleh perubahan, dan belum disiapkan lagi"),
        "reconciliation:cycles", _("Baca sebabnya"),
    ),
)  # fmt: skip
