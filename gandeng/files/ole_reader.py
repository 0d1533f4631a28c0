"""OLE containers: told apart to be refused with the right words. An XLSX with a password is one, an old XLS another."""

from gandeng.files.readers import Batches, Reading

_CHUNK = 4 << 20
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")


def read(reading: Reading) -> Batches:
    """Never gives a row. Raises FileRefused."""
    with reading.path.open("rb") as file:
        protected, kept = False, b""
        while not protected and (chunk := file.read(_CHUNK)):
            protected = _ENCRYPTED_PACKAGE in kept + chunk
            kept = chunk[-len(_ENCRYPTED_PACKAGE) :]
    raise reading.refuse("password_protected" if protected else "old_excel")
