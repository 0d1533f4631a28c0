"""The paper of a signature under the code of ethics."""

from gandeng.accounts.context import region_name
from gandeng.accounts.signed_papers import signed_paper
from gandeng.conduct.models import Signature
from gandeng.documents.statement import Statement, write_statement
from gandeng.web.templatetags.gandeng import waktu


def statement_pdf(signature: Signature) -> bytes:
    """Who signed which text and when; not from which network, which is between her and the office."""
    return signed_paper(lambda name: write_statement(_statement(signature, name)), "statement.signing_reason")


def _statement(signature: Signature, signed_as: str) -> Statement:
    code, staff = signature.code, signature.staff
    return Statement(
        name=staff.person.name, staff_no=staff.staff_no, place=region_name(signature.region_code),
        code_title=code.title, code_source=code.source, articles=code.articles, since=code.valid_from,
        digest=signature.text_sha256, signed_at=signature.signed_at, signed_words=waktu(signature.signed_at, "WIB"),
        second_factor=signature.second_factor, certificate=signed_as,
    )  # fmt: skip
