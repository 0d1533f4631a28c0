"""For tests of packages whose short lists are handed out by this one."""

import csv
import io

from django.urls import reverse

PURPOSE = "Untuk rapat koordinasi kecamatan"


def taken(browser, kind, **narrowed):
    """The lines of a short list, its header first, as one person takes it away."""
    page = reverse("exports:ask", args=[kind], query=narrowed)
    assert "Unduh langsung" in browser.get(page).content.decode()
    answer = browser.post(page, {"purpose": PURPOSE, "alone": "1"})
    assert answer.status_code == 200 and answer["Content-Disposition"] == f'attachment; filename="{kind}.csv"'
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
