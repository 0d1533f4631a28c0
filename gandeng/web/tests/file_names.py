"""Thirty names of files that would like to be a path, a header, or something to run; for every door of files."""

from django.test.client import BOUNDARY

NAMES = (
    "../../../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/passwd", "C:\\boot.ini", "~/.ssh/id_rsa",
    "....//....//x", "%2e%2e%2fx.csv", "x/../../y.csv", "file:///etc/passwd", "\\\\host\\share\\x", ".", "..",
    ".htaccess", "-rf", "--out=x", "a\x00b.csv", "a\r\nSet-Cookie: x=1.csv", "a\nX-Injected: 1",
    'a"; filename="b.csv', "a;b=c.csv", "bri\u202evsc.exe", "bri\u200b.csv", "\ufeffbri.csv",
    "=cmd|' /C calc'!A0.csv", "<script>alert(1)</script>.csv", "$(touch x).csv", "`touch x`.csv", "CON",
    "nul.csv", "n" * 400 + ".csv",
)  # fmt: skip


def body(name, content, field="file", **fields):
    """A form as a hostile program sends it: the name as it is, whatever a browser would have made of it."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}' for key, value in fields.items()
    ]
    parts.append(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n')
    return "\r\n".join(parts).encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
