"""Photos: small, upright, without anything but their points."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from gandeng.files import photos
from gandeng.files.photos import PhotoRefused, reduced
from gandeng.words import say


def _picture(width=1600, height=1200, *, kind="JPEG", mode="RGB", **how):
    drawn = Image.new(mode, (width, height), "white")
    draw = ImageDraw.Draw(drawn)
    for step in range(8):
        draw.ellipse((step * 90, step * 40, step * 90 + width // 3, step * 40 + height // 2), fill=(step * 30, 90, 200))
    out = io.BytesIO()
    drawn.save(out, kind, **how)
    return out.getvalue()


def _with_exif(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "KameraRahasia"
    exif.get_ifd(0x8825)[1] = "S"
    return _picture(exif=exif)


def test_it_works_and_the_same_bytes_give_the_same_photo():
    photo = reduced(_picture())
    again = Image.open(io.BytesIO(photo.jpeg))
    assert (again.format, again.size) == ("JPEG", (photo.width, photo.height)) == ("JPEG", (1200, 900))
    assert photo == reduced(_picture()) and len(photo.sha256) == 64


def test_a_camera_of_twelve_megapixels_is_drawn_smaller():
    photo = reduced(_picture(4000, 3000), longest_px=1600)
    assert (photo.width, photo.height) == (1600, 1200)


def test_what_the_camera_wrote_is_gone_and_the_picture_stands_upright():
    sent = _with_exif(6)
    assert b"KameraRahasia" in sent
    photo = reduced(sent, longest_px=600)
    assert b"KameraRahasia" not in photo.jpeg and not Image.open(io.BytesIO(photo.jpeg)).getexif()
    assert (photo.width, photo.height) == (450, 600)


@pytest.mark.parametrize("lossless", [False, True])
def test_a_webp_is_drawn_anew_like_any_other(lossless):
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "KameraRahasia"
    sent = _picture(exif=exif.tobytes(), kind="WEBP", lossless=lossless, xmp=b"<x:xmpmeta>rahasia</x:xmpmeta>")
    assert b"KameraRahasia" in sent and b"xmpmeta" in sent
    photo = reduced(sent, longest_px=600)
    again = Image.open(io.BytesIO(photo.jpeg))
    assert (again.format, again.size) == ("JPEG", (450, 600)) and not again.getexif()
    assert b"Rahasia" not in photo.jpeg and b"xmpmeta" not in photo.jpeg
    assert reduced(_picture(kind="WEBP", lossless=lossless)).width == 1200


def _moving():
    out = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), shade) for shade in ("red", "blue")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


def _huge(kind):
    """A few bytes that state a canvas of 16,000 by 16,000 points."""
    side = 15_999
    told = {
        b"VP8X": bytes(4) + side.to_bytes(3, "little") * 2,
        b"VP8L": b"\x2f" + (side | side << 14).to_bytes(4, "little") + bytes(5),
        b"VP8 ": bytes(3) + b"\x9d\x01\x2a" + (side + 1).to_bytes(2, "little") * 2,
    }[kind]
    return b"RIFF" + (22).to_bytes(4, "little") + b"WEBP" + kind + len(told).to_bytes(4, "little") + told


def test_what_stands_behind_a_picture_is_gone():
    assert b"rahasia" not in reduced(_picture() + b"rahasia").jpeg


def test_a_png_that_lets_through_is_put_on_white():
    clear = io.BytesIO()
    Image.new("RGBA", (40, 30), (0, 0, 0, 0)).save(clear, "PNG")
    photo = reduced(clear.getvalue())
    assert Image.open(io.BytesIO(photo.jpeg)).getpixel((20, 15)) == (255, 255, 255)


def _bits_apart(one, other):
    """Of two 64 bits that stand as signed numbers."""
    return ((one.perceptual_hash ^ other.perceptual_hash) & (1 << 64) - 1).bit_count()


def test_alike_stays_near_and_another_is_far():
    """Four bits are what performance and signs take for the same picture."""
    one = reduced(_picture())
    smaller = reduced(one.jpeg, longest_px=500)
    other = reduced(_picture(kind="PNG", width=300, height=900))
    assert _bits_apart(one, smaller) <= 4
    assert _bits_apart(one, other) > 4
    assert -(1 << 63) <= one.perceptual_hash < 1 << 63


def _zipped():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "a")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_a_picture"),
        (b"GIF89a" + bytes(100), "not_a_picture"),
        (_picture()[:2000], "broken"),
        (_picture(kind="WEBP")[:2000], "broken"),
        (b"RIFF\x04\x00\x00\x00WEBP", "broken"),
        (b"RIFF\x16\x00\x00\x00WEBPEVIL" + bytes(30), "broken"),
        (_moving(), "moving"),
        (_huge(b"VP8X"), "too_many_pixels"),
        (_huge(b"VP8L"), "too_many_pixels"),
        (_huge(b"VP8 "), "too_many_pixels"),
        (_picture() + _zipped(), "polyglot"),
        (_picture(comment=b"%PDF-1.7"), "polyglot"),
        (_picture(comment=b"<SCRIPT>alert(1)</SCRIPT>"), "polyglot"),
        (_picture(4000, 3000, kind="PNG", mode="RGB"), "too_many_pixels"),
        (_picture(16_000, 1001), "too_many_pixels"),
        (_picture(3900, 2900, progressive=True), "too_many_pixels"),
        (bytes(photos.BYTES_MAX + 1), "too_big"),
    ],
)
def test_it_refuses(data, code):
    with pytest.raises(PhotoRefused) as refused:
        reduced(data, longest_px=2000)
    assert refused.value.code == code
    assert say(f"photos.{code}", **refused.value.facts)


def test_it_refuses_a_picture_that_is_small_on_disk_and_huge_unpacked():
    bomb = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(bomb, "PNG")
    assert len(bomb.getvalue()) < 300_000
    with pytest.raises(PhotoRefused, match="too_many_pixels"):
        reduced(bomb.getvalue())


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 3000), st.integers(0, 255), st.sampled_from(["JPEG", "PNG", "WEBP"]))
def test_a_mangled_picture_is_a_photo_or_refused_in_words(at, byte, kind):
    sent = bytearray(_picture(200, 150, kind=kind))
    sent[at % len(sent)] = byte
    try:
        assert reduced(bytes(sent)).jpeg.startswith(b"\xff\xd8")
    except PhotoRefused as refused:
        assert say(f"photos.{refused.code}", **refused.facts)
