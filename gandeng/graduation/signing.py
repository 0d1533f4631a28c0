"""A signature drawn on a screen: its strokes come as points, and the picture is drawn anew from them alone."""

import io
import json

from PIL import Image, ImageDraw

from gandeng.files.photos import Photo, PhotoRefused, reduced

WIDTH, HEIGHT = 600, 240
STROKES_MOST, POINTS_MOST, POINTS_FEWEST = 80, 4000, 8
TEXT_MOST = 80_000
"""Signs of the strokes as text: more is no signature."""
_LINE = 3


class NoSignature(ValueError):
    """What was sent draws nothing."""


def drawn(strokes: str) -> Photo:
    """The JPEG of `[[[x, y], …], …]`, points of a pad 600 wide and 240 high. Raises NoSignature."""
    lines = _lines(strokes)
    picture = Image.new("RGB", (WIDTH, HEIGHT), "white")
    pen = ImageDraw.Draw(picture)
    for line in lines:
        if len(line) > 1:
            pen.line(line, fill="black", width=_LINE, joint="curve")
        else:
            pen.ellipse([line[0][0] - 1, line[0][1] - 1, line[0][0] + 1, line[0][1] + 1], fill="black")
    out = io.BytesIO()
    picture.save(out, "PNG")
    try:
        return reduced(out.getvalue())
    except PhotoRefused as error:
        raise NoSignature from error


def _lines(strokes: str) -> list[list[tuple[int, int]]]:
    if len(strokes) > TEXT_MOST:
        raise NoSignature
    try:
        told = json.loads(strokes)
        lines = [[_point(point) for point in line] for line in told]
    except (TypeError, ValueError, KeyError, RecursionError) as error:
        raise NoSignature from error
    lines = [line for line in lines if line]
    if len(lines) > STROKES_MOST or not POINTS_FEWEST <= sum(map(len, lines)) <= POINTS_MOST:
        raise NoSignature
    return lines


def _point(point: object) -> tuple[int, int]:
    if not isinstance(point, list) or len(point) != 2 or not all(type(each) in (int, float) for each in point):
        raise ValueError(point)
    x, y = (int(each) for each in point)
    return min(max(x, 0), WIDTH - 1), min(max(y, 0), HEIGHT - 1)
