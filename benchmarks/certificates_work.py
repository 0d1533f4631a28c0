"""What a measured process of the `certificates` benchmark does: typeset so many papers in one of three ways."""

from collections.abc import Callable, Mapping
from datetime import date

Work = Callable[[], tuple[int, dict[str, object]]]


def certificates(inputs: Mapping[str, str]) -> Work:
    """`alone`: a typesetter and the best mask of the QR code anew for each; `each`: a file each; `together`: one."""
    from gandeng.documents import certificate, typesetting
    from gandeng.documents.certificate import CertificatePaper, write_certificate, write_certificates

    home = "https://gandeng.contoh.go.id/periksa/sertifikat/"
    papers = [
        CertificatePaper(
            number=f"SRT-6371-2026-{n:04d}", code="ABCD EFGH JKMN PQRS TUVW XYZ2", home=home,
            address=f"{home}ABCDEFGHJKMNPQRSTUVW{n:04d}/", digest="0123456789abcdef" * 4,
            office="Dinas Sosial Kota Banjarmasin", holder=f"Pendamping Contoh {n}", skill="Fasilitator P2K2/FDS",
            title="Telah mengikuti Diklat P2K2/FDS dengan hasil baik", event="Diklat P2K2/FDS",
            held_from=date(2026, 10, 10), held_until=date(2026, 10, 20), hours=80, place="Balai diklat",
            issued_on=date(2026, 11, 27), valid_until=date(2029, 11, 27), signer_name="Kepala Contoh",
            signer_post="Kepala Dinas Sosial Kota Banjarmasin",
        )
        for n in range(int(inputs["papers"]))
    ]  # fmt: skip

    def alone() -> int:
        certificate.MASK = None
        total = 0
        for paper in papers:
            typesetting._compiler.cache_clear()
            total += len(write_certificate(paper))
        return total

    ways: dict[str, Callable[[], int]] = {
        "alone": alone,
        "each": lambda: sum(len(write_certificate(paper)) for paper in papers),
        "together": lambda: len(write_certificates(papers, "Diklat P2K2/FDS")),
    }

    def work() -> tuple[int, dict[str, object]]:
        return len(papers), {"bytes": ways[inputs["way"]]()}

    return work


TASKS = {"certificates": certificates}
