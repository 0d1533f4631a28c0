"""A ZIP with AES-256 and a password of its own, for files that leave the office."""

import secrets
from collections.abc import Iterable
from pathlib import Path

import pyzipper

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without letters and digits that are mistaken for one another; 25 of them are 123 bits."""


def new_password() -> str:
    """Five groups of five, to be read over a telephone."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(5))


def write_locked_zip(path: Path, files: Iterable[Path], password: str) -> None:
    """Write the files, by their names alone, into an archive only its owner may read."""
    with pyzipper.AESZipFile(path, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(password.encode())
        archive.setencryption(pyzipper.WZ_AES, nbits=256)
        for file in files:
            archive.write(file, file.name)
    path.chmod(0o600)
