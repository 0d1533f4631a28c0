"""Making the file of an approved export."""

from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.exports import queries
from gandeng.exports.actions import make
from gandeng.exports.actions.deciding import MAKE
from gandeng.exports.refused import Refused
from gandeng.exports.sources import NoList
from gandeng.jobs.work import Report, WorkRefused, kind


@kind(MAKE)
def make_export(acting: Acting, report: Report, arguments: dict[str, Any]) -> str:
    """The file; the page of the request is its result."""
    try:
        export = queries.access_own(acting, arguments["export"])
        make(acting, export, report)
    except (Refused, NoList) as refused:
        raise WorkRefused(str(refused)) from refused
    except (PermissionDenied, Http404, BadRequest) as gone:
        raise WorkRefused(_("Daftar ini tidak dapat Anda lihat lagi, jadi tidak disiapkan.")) from gone
    return reverse("exports:export", args=[export.pk])
