"""A workbook's zip, opened with suspicion: what it declares is checked before, what it unpacks to while, it is read."""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from xml.parsers import expat

from gandeng.files.readers import Reading

CHUNK = 64 << 10
_ENCRYPTED = 0x1
_ODS = b"application/vnd.oasis.opendocument"
_WORKBOOK, _BINARY_WORKBOOK = "xl/workbook.xml", "xl/workbook.bin"
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    LookupError,
)


@dataclass(frozen=True)
class Sheet:
    """A worksheet: its name, its part of the package, and whether a person sees it."""

    name: str
    part: str
    visible: bool


@dataclass
class Package:
    """An opened workbook. `unpacked` remembers the size of each part, so that reading one twice counts once."""

    zip: zipfile.ZipFile
    reading: Reading
    sheets: list[Sheet] = field(default_factory=list)
    from_1904: bool = False
    unpacked: dict[str, int] = field(default_factory=dict)

    def has(self, part: str) -> bool:
        """The part is there."""
        return part in self.zip.NameToInfo

    def chunks(self, part: str) -> Iterator[bytes]:
        """The part unpacked, chunk by chunk. Raises FileRefused beyond the limit or where the zip is broken."""
        try:
            size = 0
            with self.zip.open(part) as stream:
                while chunk := stream.read(CHUNK):
                    size += len(chunk)
                    self._count(part, size)
                    yield chunk
        except _BROKEN as error:
            raise self.reading.refuse("workbook_broken") from error

    def _count(self, part: str, size: int) -> None:
        self.unpacked[part] = max(size, self.unpacked.get(part, 0))
        if sum(self.unpacked.values()) > self.reading.limits.unpacked:
            raise self.reading.refuse("unpacks_too_large", limit_mb=self.reading.limits.unpacked >> 20)

    def parse(self, part: str, start: Callable[[str, dict[str, str]], None], **more: Callable[..., None]) -> None:
        """Run the part through expat; `more` are further handlers by expat's names."""
        for _ in self.parsing(part, start, **more):
            pass

    def parsing(
        self, part: str, start: Callable[[str, dict[str, str]], None], **more: Callable[..., None]
    ) -> Iterator[None]:
        """As `parse`, giving way after each chunk. Raises FileRefused for a DOCTYPE or XML that is not well-formed."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, attributes: start(local(name), attributes)
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.XmlDeclHandler = self._require_utf8
        for handler, function in more.items():
            setattr(parser, handler, function)
        try:
            for chunk in self.chunks(part):
                parser.Parse(chunk, False)
                yield
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise self.reading.refuse("workbook_broken") from error
        yield

    def _refuse_doctype(self, *_: object) -> None:
        raise self.reading.refuse("xml_doctype")

    def _require_utf8(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in ("utf-8", "utf8", "us-ascii"):
            raise self.reading.refuse("workbook_broken")


def local(name: str) -> str:
    """An element's name without its prefix."""
    return name.rpartition(":")[2]


def opened(reading: Reading) -> Package:
    """The workbook with its list of sheets. Raises FileRefused for anything that is not a sound XLSX package."""
    try:
        archive = zipfile.ZipFile(reading.path)
    except _BROKEN as error:
        raise reading.refuse("workbook_broken") from error
    _require_sound(archive, reading)
    package = Package(archive, reading)
    _read_workbook(package)
    return package


def _require_sound(archive: zipfile.ZipFile, reading: Reading) -> None:
    members = archive.infolist()
    names = [member.filename for member in members]
    if len(members) > reading.limits.members:
        raise reading.refuse("too_many_members", limit=reading.limits.members)
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise reading.refuse("password_protected")
    if any(_leads_outside(name) for name in names) or len(set(names)) != len(names):
        raise reading.refuse("workbook_suspicious")
    if sum(member.file_size for member in members) > reading.limits.unpacked:
        raise reading.refuse("unpacks_too_large", limit_mb=reading.limits.unpacked >> 20)
    if _WORKBOOK not in names:
        raise reading.refuse(_what_else(archive, names))


def _leads_outside(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or re.match(r"[A-Za-z]:", name) is not None


def _what_else(archive: zipfile.ZipFile, names: list[str]) -> str:
    """What the zip is, if not a workbook."""
    if _BINARY_WORKBOOK in names:
        return "binary_workbook"
    if "mimetype" in names:
        try:
            with archive.open("mimetype") as stream:
                return "open_document" if stream.read(len(_ODS)) == _ODS else "zip_without_workbook"
        except _BROKEN:
            return "workbook_broken"
    return "zip_without_workbook"


def _read_workbook(package: Package) -> None:
    """Sheets in their order, and the date system."""
    targets = _relations(package, "xl/_rels/workbook.xml.rels")

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "workbookPr":
            package.from_1904 = attributes.get("date1904", "0") in ("1", "true")
        elif name == "sheet":
            key = next((value for key, value in attributes.items() if local(key) == "id"), "")
            part = targets.get(key, "")
            if package.has(part):
                package.sheets.append(
                    Sheet(
                        attributes.get("name", ""), part, "state" not in attributes or attributes["state"] == "visible"
                    )
                )

    package.parse(_WORKBOOK, start)
    if not package.sheets:
        raise package.reading.refuse("workbook_broken")


def _relations(package: Package, part: str) -> dict[str, str]:
    """Relation id -> part of the package; parts outside it are left out."""
    targets: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode", "Internal") != "External":
            target = attributes.get("Target", "")
            targets[attributes.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"

    if not package.has(part):
        raise package.reading.refuse("workbook_broken")
    package.parse(part, start)
    return targets
