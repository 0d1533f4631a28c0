"""Photos of phones: taken in whole or not at all, drawn anew, sealed."""

import hashlib
import io
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image

from gandeng.accounts.acting import Acting
from gandeng.audit.sealing import Place, seal_content, unseal_content
from gandeng.field.models import Photo
from gandeng.files.photos import Photo as Drawn
from gandeng.files.photos import PhotoRefused, reduced
from gandeng.words import say

BYTES_MAX = 1024 * 1024
LONGEST_PX = 1200


class PictureRefused(ValueError):
    """Not taken; the message says why."""


def keep_photo(acting: Acting, sha256: str, data: bytes, region: str) -> bool:
    """True where it is new; the same again is the same. Raises PictureRefused."""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise PictureRefused(say("photos.broken"))
    if is_kept(acting, sha256):
        return False
    if not (data.startswith(b"\xff\xd8\xff") or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")):
        raise PictureRefused(say("photos.not_a_picture"))
    try:
        photo = reduced(data, longest_px=LONGEST_PX)
    except PhotoRefused as why:
        raise PictureRefused(say(f"photos.{why.code}", **why.facts)) from why
    key = uuid4()
    try:
        with transaction.atomic():
            Photo.own.create(
                pk=key, person_id=acting.person_id, region_code=region, sha256=sha256, byte_count=len(photo.jpeg),
                content_sealed=seal_content(photo.jpeg, _place(key)), look=photo.perceptual_hash,
            )  # fmt: skip
    except IntegrityError:
        if not is_kept(acting, sha256):
            raise
        return False
    return True


def is_kept(acting: Acting, sha256: str) -> bool:
    """Of one's own."""
    return Photo.own.filter(person_id=acting.person_id, sha256=sha256).exists()


def opened(photo: Photo) -> bytes:
    """The JPEG."""
    return unseal_content(bytes(photo.content_sealed), _place(photo.pk))


def as_photo(photo: Photo) -> Drawn:
    """As packages take a photo that was drawn anew."""
    jpeg = opened(photo)
    with Image.open(io.BytesIO(jpeg)) as seen:
        width, height = seen.size
    return Drawn(jpeg, width, height, hashlib.sha256(jpeg).hexdigest(), photo.look)


def as_upload(photo: Photo) -> SimpleUploadedFile:
    """As a form of the site takes a photo."""
    return SimpleUploadedFile("foto.jpg", opened(photo), "image/jpeg")


def _place(key: object) -> Place:
    return Place("field_photo", "content", str(key))
