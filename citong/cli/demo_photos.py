"""Photos for the demo: simple drawn scenes without people, before and after the work."""

import io
from collections.abc import Sequence
from functools import cache

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict
from PIL import Image, ImageDraw, ImageFilter

SIZE = (960, 640)
Shape = tuple[str, tuple[float, ...], str]
"""(What is drawn, its corners as shares of width and height, its colour)."""

STREET: Sequence[Shape] = [
    ("box", (0, 0, 1, 0.5), "#bcd4e6"),
    ("box", (0.04, 0.16, 0.3, 0.5), "#d9c7a7"),
    ("box", (0.34, 0.24, 0.62, 0.5), "#c98f6b"),
    ("box", (0.66, 0.1, 0.94, 0.5), "#b9b3a5"),
    ("box", (0, 0.5, 1, 0.58), "#9a978f"),
    ("box", (0, 0.58, 1, 1), "#6b6d70"),
    ("box", (0.08, 0.77, 0.26, 0.79), "#e8e4d5"), ("box", (0.41, 0.77, 0.59, 0.79), "#e8e4d5"),
    ("box", (0.74, 0.77, 0.92, 0.79), "#e8e4d5"),
]  # fmt: skip
NIGHT: Sequence[Shape] = [
    ("box", (0, 0, 1, 0.6), "#1d2638"),
    ("box", (0.05, 0.2, 0.35, 0.6), "#2b3346"),
    ("box", (0.62, 0.12, 0.95, 0.6), "#2b3346"),
    ("box", (0, 0.6, 1, 1), "#33363b"),
    ("box", (0.485, 0.12, 0.5, 0.66), "#70757d"),
    ("box", (0.485, 0.12, 0.62, 0.14), "#70757d"),
]  # fmt: skip
SCENES: dict[str, tuple[Sequence[Shape], Sequence[Shape], Sequence[Shape]]] = {
    "manhole": (
        STREET,
        [("round", (0.4, 0.66, 0.62, 0.84), "#101112"), ("round", (0.66, 0.8, 0.86, 0.93), "#4a4643")],
        [("round", (0.4, 0.66, 0.62, 0.84), "#4a4643"), ("round", (0.43, 0.69, 0.59, 0.81), "#57524e")],
    ),
    "road": (
        STREET,
        [("many", (0.3, 0.7, 0.45, 0.64, 0.66, 0.7, 0.6, 0.86, 0.4, 0.88), "#3a3632"),
         ("round", (0.4, 0.72, 0.58, 0.82), "#5c6f7d")],
        [("many", (0.28, 0.68, 0.68, 0.66, 0.7, 0.88, 0.3, 0.9), "#45474a")],
    ),
    "light": (
        NIGHT,
        [("box", (0.56, 0.14, 0.62, 0.17), "#3c4048")],
        [
            ("box", (0.56, 0.14, 0.62, 0.17), "#fff2c2"),
            ("many", (0.56, 0.17, 0.62, 0.17, 0.78, 0.86, 0.4, 0.86), "#6d6a55"),
        ],
    ),
    "rubbish": (
        STREET,
        [("box", (0.36, 0.5, 0.48, 0.72), "#2f7d4f"), ("box", (0.52, 0.5, 0.64, 0.72), "#41688f"),
         ("round", (0.28, 0.66, 0.44, 0.82), "#26282b"), ("round", (0.56, 0.68, 0.74, 0.84), "#e3e0d8"),
         ("round", (0.42, 0.72, 0.56, 0.86), "#8f5f3c")],
        [("box", (0.36, 0.5, 0.48, 0.72), "#2f7d4f"), ("box", (0.52, 0.5, 0.64, 0.72), "#41688f")],
    ),
    "water": (
        STREET,
        [
            ("round", (0.18, 0.64, 0.86, 0.96), "#7d97a8"),
            ("many", (0.48, 0.5, 0.52, 0.5, 0.58, 0.72, 0.42, 0.72), "#a9c4d4"),
        ],
        [("round", (0.46, 0.62, 0.54, 0.68), "#4a4643")],
    ),
    "tree": (
        STREET,
        [
            ("many", (0.1, 0.6, 0.16, 0.56, 0.82, 0.84, 0.78, 0.9), "#5d4630"),
            ("round", (0.55, 0.64, 0.95, 0.98), "#4f7a45"),
        ],
        [
            ("box", (0.1, 0.3, 0.13, 0.58), "#5d4630"),
            ("round", (0.02, 0.08, 0.22, 0.38), "#4f7a45"),
        ],
    ),
}  # fmt: skip
FITTING = {
    "manhole": "manhole", "light": "light", "road": "road", "sanitation": "rubbish", "garbage": "rubbish",
    "waste": "rubbish", "water": "water", "drain": "water", "green": "tree", "tree": "tree",
}  # fmt: skip


def scene_of(category: str) -> str:
    """The scene that fits a category code; empty when none does. The last fitting part of the code decides."""
    found = [scene for part in category.split(".") for word, scene in FITTING.items() if word in part]
    return found[-1] if found else ""


def photo(scene: str, *, after: bool = False) -> MultiValueDict[str, SimpleUploadedFile]:
    """A form's files with one photo of the scene."""
    name = f"{scene}-{'after' if after else 'before'}.jpg"
    return MultiValueDict({"photos": [SimpleUploadedFile(name, _drawn(scene, after), "image/jpeg")]})


@cache
def _drawn(scene: str, after: bool) -> bytes:
    ground, before, afterwards = SCENES[scene]
    image = Image.new("RGB", SIZE)
    pen = ImageDraw.Draw(image)
    for what, corners, colour in [*ground, *(afterwards if after else before)]:
        places = [share * SIZE[at % 2] for at, share in enumerate(corners)]
        {"box": pen.rectangle, "round": pen.ellipse, "many": pen.polygon}[what](places, fill=colour)
    drawn = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(1.2)).save(drawn, "JPEG", quality=88)
    return drawn.getvalue()
