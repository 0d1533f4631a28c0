"""Places, and the authority somebody acted on, as pages say them."""

import re

from django import template

from gandeng.accounts.context import region_name

register = template.Library()
register.filter("wilayah", region_name)
_CODE = re.compile(r" (\d{10}|\d{6}|\d{4}|\d{2})(?=,|$)")


@register.filter
def wewenang(words: object) -> str:
    """`Petugas provinsi 63` as it was written down -> `Petugas provinsi, Kalimantan Selatan`."""
    return _CODE.sub(lambda code: f", {region_name(code[1])}", str(words or ""))
