"""Pictures are drawn anew: what else was in the file (where it was taken, a script, another file) stays behind."""

import warnings
from io import BytesIO
from pathlib import Path
from struct import error as StructError  # noqa: N812
from threading import BoundedSemaphore
from typing import IO, Any

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from moothall.process.errors import FileRefused
from moothall.process.files.names import Format

MOST_PIXELS = 50_000_000
_FORMATS = {"image/jpeg": ("JPEG", "MPO"), "image/png": ("PNG",), "image/webp": ("WEBP",)}
_ALL = ["JPEG", "PNG", "WEBP"]
_DAMAGE = (OSError, SyntaxError, ValueError, StructError, EOFError, IndexError, KeyError, TypeError)
_LONGEST_PROFILE = 1_000_000
_at_once = BoundedSemaphore(2)  # fifty megapixels take two hundred megabytes while they are drawn

warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)  # we count pixels ourselves


def redraw(source: Path, target: IO[bytes], name: str, form: Format) -> None:
    """Draw a picture anew, upright, without anything but its pixels; refuse one that is damaged or not what it says."""
    with _at_once:
        drawn, encoding = _drawn(source, name, form)
        try:
            drawn.save(target, **encoding)
        finally:
            drawn.close()


def _drawn(source: Path, name: str, form: Format) -> tuple[Image.Image, dict[str, Any]]:
    try:
        with Image.open(source, formats=_ALL) as picture:
            if picture.format not in _FORMATS[form.content_type]:
                raise FileRefused(why=f"“{name}” is not {form.words}, though its name says so.")
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise FileRefused(
                    why=f"“{name}” has {width:,} by {height:,} pixels, which is more than we can take."
                )
            picture.load()
            encoding = _encoding(picture)
            return _plain(ImageOps.exif_transpose(picture), form), encoding
    except UnidentifiedImageError:
        raise FileRefused(why=f"“{name}” is not {form.words}, though its name says so.") from None
    except Image.DecompressionBombError:
        raise FileRefused(why=f"“{name}” has more pixels than we can take.") from None
    except _DAMAGE:
        raise FileRefused(why=f"“{name}” is damaged, or was cut off on the way. Send it again.") from None


def _encoding(picture: Image.Image) -> dict[str, Any]:
    if picture.format in _FORMATS["image/jpeg"]:
        return {"format": "JPEG", "quality": 90}
    if picture.format == "PNG":
        return {"format": "PNG"}
    return {"format": "WEBP", "quality": 90, "method": 3}


def _plain(picture: Image.Image, form: Format) -> Image.Image:
    """Return a picture in a mode that its format can hold, in the colours that every screen assumes, and no more."""
    profile = picture.info.get("icc_profile")
    transparency = picture.info.get("transparency")
    if form.content_type == "image/jpeg":
        plain = picture if picture.mode in {"L", "RGB"} else picture.convert("RGB")
    elif form.content_type == "image/webp":
        plain = picture if picture.mode in {"RGB", "RGBA"} else picture.convert("RGBA")
    else:
        plain = picture
    if plain.mode == "RGB" and picture.mode == "RGB" and isinstance(profile, bytes):
        plain = _as_srgb(plain, profile)
    plain = plain.copy() if plain is picture else plain
    plain.info = (
        {"transparency": transparency} if transparency is not None and plain.mode == picture.mode else {}
    )
    return plain


def _as_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    if len(profile) > _LONGEST_PROFILE:
        return picture
    try:
        found = ImageCms.profileToProfile(
            picture, BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError):
        return picture
    return found or picture
