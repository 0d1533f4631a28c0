"""Photos people send, made small and harmless: drawn anew from their points, so nothing else in the file stays.

Position, device, time, thumbnails and whatever stood behind the picture are gone. Pillow decodes JPEG, PNG and WebP
alone, and only after the size that the file states was looked at. Of a WebP we read it ourselves: its decoder takes
memory for the whole canvas as soon as it opens a file. HEIC and AVIF are refused: their decoders are large and young.
"""

import hashlib
import io
import warnings
from dataclasses import dataclass
from itertools import pairwise

from PIL import Image, ImageOps, UnidentifiedImageError

BYTES_MAX = 5 * 1024 * 1024
PIXELS_MAX = 10_000_000
CAMERA_PIXELS_MAX = 16_000_000
"""Of a JPEG, which a phone's camera makes larger than any other picture: it is decoded at a half, a quarter or an
eighth, and what is decoded is at most `PIXELS_MAX` too."""
LONGEST_PX = 1200
_FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITY = 85
_HASH_WIDTH, _HASH_HEIGHT = 9, 8
_SIGN_BIT = 1 << 63
_MOVES, _SIDE = 0b10, 0x3FFF
"""Of a WebP: the flag of an animation, and the bits of a side."""

_ALSO = (b"<script", b"<html", b"<!doctype", b"<?php", b"<svg", b"<iframe")
_PDF, _PDF_WITHIN = b"%PDF-", 1024
_ZIP_ENDS, _ZIP_WITHIN = b"PK\x05\x06", 65_557
"""Where a reader of PDF looks for its beginning, and one of ZIP for its end."""


@dataclass(frozen=True)
class Photo:
    """A JPEG without metadata, upright; `sha256` is of these bytes."""

    jpeg: bytes
    width: int
    height: int
    sha256: str
    perceptual_hash: int
    """Of pictures that look alike few of its 64 bits differ; a signed number, which a bigint column holds."""


class PhotoRefused(ValueError):
    """`code` names a sentence in `words/*/photos.yaml`, `facts` fill its braces."""

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def reduced(data: bytes, *, longest_px: int = LONGEST_PX) -> Photo:
    """The picture again, its longer side at most `longest_px`; the same from the same bytes. Raises PhotoRefused."""
    if len(data) > BYTES_MAX:
        raise PhotoRefused("too_big", megabytes=BYTES_MAX // (1024 * 1024))
    if _is_something_else_too(data):
        raise PhotoRefused("polyglot")
    _require_still_webp(data)
    drawn = _drawn(data, longest_px)
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=_QUALITY, optimize=True)
    jpeg = out.getvalue()
    return Photo(jpeg, drawn.width, drawn.height, hashlib.sha256(jpeg).hexdigest(), _perceptual_hash(drawn))


def _drawn(data: bytes, longest_px: int) -> Image.Image:
    """Points alone: turned as the camera was held, on white, small enough."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
                _require_few_pixels(opened, CAMERA_PIXELS_MAX if opened.format == "JPEG" else PIXELS_MAX)
                longer = max(opened.size)
                opened.draft(
                    "RGB", (longest_px * opened.width // longer or 1, longest_px * opened.height // longer or 1)
                )
                _require_few_pixels(opened, PIXELS_MAX)
                upright = ImageOps.exif_transpose(opened).convert("RGBA")
    except PhotoRefused:
        raise
    except Image.DecompressionBombError as error:
        raise PhotoRefused("too_many_pixels", megapixels=PIXELS_MAX // 1_000_000) from error
    except UnidentifiedImageError as error:
        raise PhotoRefused("not_a_picture") from error
    except Exception as error:
        raise PhotoRefused("broken") from error  # a decoder meets a mangled file with many kinds of error
    on_white = Image.new("RGB", upright.size, "white")
    on_white.paste(upright, mask=upright.getchannel("A"))
    on_white.thumbnail((longest_px, longest_px))
    return on_white


def _require_few_pixels(opened: Image.Image, most: int) -> None:
    _require_room(opened.width * opened.height, most)


def _require_room(pixels: int, most: int = PIXELS_MAX) -> None:
    if pixels > most:
        raise PhotoRefused("too_many_pixels", megapixels=most // 1_000_000)


def _require_still_webp(data: bytes) -> None:
    """One picture of a size we draw, by the first bytes of a WebP; anything else is left to Pillow.

    Source  RFC 9649, sections 2.5 to 2.7, for the header of each kind; RFC 6386, 9.1, for the size in a VP8 frame
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        return
    head = data[12:30]
    if len(head) < 18:
        raise PhotoRefused("broken")
    kind, told = head[:4], head[8:]
    if kind == b"VP8X":
        if told[0] & _MOVES:
            raise PhotoRefused("moving")
        width, height = _little(told[4:7]) + 1, _little(told[7:10]) + 1
    elif kind == b"VP8L":
        width, height = (_little(told[1:5]) & _SIDE) + 1, (_little(told[1:5]) >> 14 & _SIDE) + 1
    elif kind == b"VP8 ":
        width, height = _little(told[6:8]) & _SIDE, _little(told[8:10]) & _SIDE
    else:
        raise PhotoRefused("broken")
    _require_room(width * height)


def _little(some: bytes) -> int:
    return int.from_bytes(some, "little")


def _is_something_else_too(data: bytes) -> bool:
    """A file that a browser, a reader of PDF or one of ZIP would take for its own."""
    lowered = data.lower()
    return (
        any(mark in lowered for mark in _ALSO) or _PDF in data[:_PDF_WITHIN] or _ZIP_ENDS in data[-_ZIP_WITHIN:]
    )  # fmt: skip


def _perceptual_hash(picture: Image.Image) -> int:
    """A bit for each of 64 neighbours in a tiny grey copy: whether the left one is the brighter (difference hash)."""
    points = picture.convert("L").resize((_HASH_WIDTH, _HASH_HEIGHT)).tobytes()
    rows = (points[at : at + _HASH_WIDTH] for at in range(0, len(points), _HASH_WIDTH))
    found = 0
    for row in rows:
        for left, right in pairwise(row):
            found = found << 1 | (left > right)
    return found - (_SIGN_BIT << 1) if found >= _SIGN_BIT else found
