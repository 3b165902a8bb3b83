"""Files that people send: what is taken, what is cleaned, what is refused, and how they are given back."""

import errno
import io
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pytest_django import Settings

from moothall.plain.errors import NotFound, TooLarge, Unavailable
from moothall.process import files
from moothall.process.errors import FileRefused
from moothall.process.files import keeping, names

MB = 1024 * 1024
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PDF = (
    b"%PDF-1.7\n1 0 obj <</OpenAction <</S /JavaScript /JS (app.alert(1))>> >> endobj\nstartxref\n9\n%%EOF\n"
)
ORIENTATION, GPS = 0x0112, 0x8825


@pytest.fixture(autouse=True)
def root(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    settings.FILES_ROOT = tmp_path / "files"
    yield settings.FILES_ROOT
    left = settings.FILES_ROOT / keeping.ARRIVING
    assert not left.exists() or not list(left.iterdir()), "something was half-kept"


def keep(name: str, content: bytes, *, limit: int = MB, images_only: bool = False) -> files.Kept:
    return files.keep(SimpleUploadedFile(name, content), limit=limit, images_only=images_only)


def picture(form: str = "JPEG", size: tuple[int, int] = (40, 20), mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    drawn = Image.new(mode, size)
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif.get_ifd(GPS)[1] = "N"
    exif[0x010E] = "SECRET-PLACE"
    drawn.save(out, form, exif=exif)
    return out.getvalue()


def package(parts: dict[str, bytes], *, stored: tuple[str, ...] = ()) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content, zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def word(**more: bytes) -> bytes:
    parts = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"}
    return package(parts | {name.replace("__", "/"): content for name, content in more.items()})


def workbook() -> bytes:
    return package({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})


def open_document(kind: str = "text", **more: bytes) -> bytes:
    said = f"application/vnd.oasis.opendocument.{kind}".encode()
    return package({"mimetype": said, "content.xml": b"<office/>", **more}, stored=("mimetype",))


def content_of(kept: files.Kept) -> bytes:
    with files.open_kept(kept.sha256) as file:
        return file.read()


SOUND = {
    "photo.jpg": picture("JPEG"),
    "photo.JPEG": picture("JPEG"),
    "photo.png": picture("PNG"),
    "photo.webp": picture("WEBP"),
    "letter.pdf": PDF,
    "letter.docx": word(),
    "sums.xlsx": workbook(),
    "letter.odt": open_document(),
    "sums.ods": open_document("spreadsheet"),
    "note.txt": b"Dear Sir,\r\nBMW is here.\r\n",
    "windows.txt": "Café £5".encode("cp1252"),
    "wide.txt": "Café £5".encode("utf-16"),
    "rows.csv": b"a,b\n1,2\n",
}


class TestKeepingAFile:
    @pytest.mark.parametrize("name", SOUND)
    def test_takes_every_kind_that_is_on_the_list(self, name: str) -> None:
        kept = keep(name, SOUND[name])
        assert kept.name == name
        assert kept.content_type == names.FORMATS[name.rpartition(".")[2].lower()].content_type
        assert kept.size == len(content_of(kept))

    def test_keeps_the_same_content_once(self, root: Path) -> None:
        first, second = keep("a.txt", b"the same"), keep("b.txt", b"the same")
        assert first.sha256 == second.sha256
        assert [path.name for path in root.rglob("*") if path.is_file()] == [first.sha256]
        assert (root / first.sha256[:2] / first.sha256).read_bytes() == b"the same"

    def test_keeps_it_where_no_other_account_of_the_machine_can_read(self, root: Path) -> None:
        kept = keep("a.txt", b"private")
        assert (root / kept.sha256[:2] / kept.sha256).stat().st_mode & 0o077 == 0

    def test_says_how_large_a_file_may_be(self) -> None:
        with pytest.raises(TooLarge) as refused:
            keep("a.txt", b"x" * (2 * MB), limit=MB)
        assert refused.value.sentence == "What you sent is larger than 1 MB."

    def test_counts_what_comes_and_not_what_was_announced(self) -> None:
        upload = SimpleUploadedFile("a.txt", b"x" * 3000)
        upload.size = 10
        with pytest.raises(TooLarge):
            files.keep(upload, limit=2048)

    def test_refuses_an_empty_file(self) -> None:
        with pytest.raises(FileRefused, match=r"“a\.txt” is empty"):
            keep("a.txt", b"")

    def test_says_that_the_disk_is_full_and_keeps_nothing(
        self, monkeypatch: pytest.MonkeyPatch, root: Path
    ) -> None:
        def full(_handle: int) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(Unavailable) as said:
            keep("a.txt", b"text")
        assert "Nothing you sent was half-saved" in said.value.sentence
        assert [path for path in root.rglob("*") if path.is_file()] == []

    def test_throws_away_what_a_killed_process_left_behind(self, root: Path) -> None:
        left = root / keeping.ARRIVING / "left"
        left.parent.mkdir(parents=True)
        left.write_bytes(b"half")
        os.utime(left, (0, 0))
        keep("a.txt", b"text")
        assert not left.exists()

    @pytest.mark.parametrize("sha256", ["", "../../secret_key", "0" * 64, "A" * 64, "0" * 63 + "\n"])
    def test_opens_nothing_that_was_not_kept(self, sha256: str) -> None:
        with pytest.raises(NotFound):
            files.open_kept(sha256)


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        "name",
        ["page.html", "picture.svg", "run.exe", "run.pdf.exe", "macros.docm", "macros.xlsm", "old.doc", "a.zip",
         "a.gif", "noending", "a.jpg ", "script.js", "a.xml", ".htaccess"],
    )  # fmt: skip
    def test_every_ending_that_is_not_on_the_list(self, name: str) -> None:
        if name == "a.jpg ":
            assert keep(name, SOUND["photo.jpg"]).name == "a.jpg"
            return
        with pytest.raises(FileRefused, match="must be a JPEG, PNG"):
            keep(name, b"content")

    @pytest.mark.parametrize("claimed", [name for name in SOUND if not name.endswith((".txt", ".csv"))])
    @pytest.mark.parametrize("actual", list(SOUND))
    def test_content_of_another_kind_than_the_name_says(self, claimed: str, actual: str) -> None:
        said, real = (names.FORMATS[each.rpartition(".")[2].lower()] for each in (claimed, actual))
        if said == real:
            return
        with pytest.raises(FileRefused, match="though its name says so"):
            keep(claimed, SOUND[actual])

    @pytest.mark.parametrize(
        "content",
        [PDF, SOUND["photo.png"], word(), b"MZ\x90\x00\x03" + bytes(60), b"#!/bin/sh\nrm -rf /\n", b"a\x00b",
         b"  <!DOCTYPE html><script>alert(1)</script>", b"\xef\xbb\xbf<svg onload=alert(1)>", b"\x7fELF\x02\x01",
         b"<?php system($_GET[0]);", b"\xff\xfea"],
    )  # fmt: skip
    def test_a_text_that_is_none(self, content: bytes) -> None:
        with pytest.raises(FileRefused, match="is not plain text"):
            keep("a.txt", content)

    def test_the_virus_test_file_unless_it_says_that_it_is_text(self) -> None:
        assert content_of(keep("eicar.txt", EICAR)) == EICAR
        for ending in ("pdf", "jpg", "docx", "odt"):
            with pytest.raises(FileRefused):
                keep(f"eicar.{ending}", EICAR)

    @pytest.mark.parametrize("name", ["photo.jpg", "photo.png", "photo.webp"])
    def test_a_picture_that_was_cut_off(self, name: str) -> None:
        with pytest.raises(FileRefused, match=r"damaged, or was cut off|though its name says so"):
            keep(name, noise(name)[: len(noise(name)) // 2])

    @pytest.mark.parametrize("name", ["letter.pdf", "letter.docx", "letter.odt"])
    def test_a_document_that_was_cut_off(self, name: str) -> None:
        with pytest.raises(FileRefused, match="damaged, or was cut off"):
            keep(name, SOUND[name][:-30])

    def test_a_picture_that_would_fill_the_memory(self) -> None:
        with pytest.raises(FileRefused, match="more pixels than we can take"):
            keep("bomb.png", vast_png(30_000))
        with pytest.raises(FileRefused, match="8,000 by 8,000 pixels"):
            keep("bomb.png", vast_png(8_000))

    def test_a_document_that_unpacks_to_far_more(self) -> None:
        with pytest.raises(FileRefused, match="unpacks to far more"):
            keep("bomb.docx", word(word__more=bytes(30 * MB)))
        many = {f"word/{number}.xml": b"" for number in range(5001)}
        with pytest.raises(FileRefused, match="unpacks to far more"):
            keep("bomb.docx", word(**many), limit=10 * MB)

    def test_a_document_whose_parts_lie_over_each_other(self) -> None:
        content = bytearray(word(word__a=b"x" * 500, word__b=b"y" * 500))
        first, last = content.find(b"PK\x01\x02"), content.rfind(b"PK\x01\x02")
        content[last + 42 : last + 46] = content[first + 42 : first + 46]
        with pytest.raises(FileRefused):
            keep("bomb.docx", bytes(content))

    @pytest.mark.parametrize(
        "content",
        [
            word(**{"word/vbaProject.bin": b"macro"}),
            package({"[Content_Types].xml": b"x.macroEnabled.main+xml", "word/document.xml": b""}),
            word(**{"word/embeddings/run.exe": b"MZ"}),
        ],
    )
    def test_a_document_with_macros_or_programmes(self, content: bytes) -> None:
        with pytest.raises(FileRefused, match="macros"):
            keep("letter.docx", content)

    def test_an_open_document_with_macros(self) -> None:
        with pytest.raises(FileRefused, match="macros"):
            keep("letter.odt", open_document("text", **{"Basic/Standard/Module1.xml": b"Sub Main"}))

    def test_a_document_that_reaches_outside_itself(self) -> None:
        with pytest.raises(FileRefused, match="damaged"):
            keep("letter.docx", word(**{"../../evil.xml": b""}))

    def test_a_pdf_that_is_an_archive_as_well(self) -> None:
        with pytest.raises(FileRefused, match="a PDF and an archive in one"):
            keep("both.pdf", PDF + package({"run.txt": b"x"}) + b"")

    def test_a_document_where_a_picture_is_wanted(self) -> None:
        with pytest.raises(FileRefused, match="must be a JPEG, PNG or WebP file"):
            keep("letter.pdf", PDF, images_only=True)


def noise(name: str) -> bytes:
    out = io.BytesIO()
    drawn = Image.frombytes("RGB", (64, 64), os.urandom(64 * 64 * 3))
    drawn.save(out, {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}[name.partition(".")[2]])
    return out.getvalue()


def vast_png(side: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )


class TestAPicture:
    @pytest.mark.parametrize("name", ["photo.jpg", "photo.png", "photo.webp"])
    def test_loses_where_it_was_taken_and_stays_upright(self, name: str) -> None:
        assert b"SECRET-PLACE" in SOUND[name]
        content = content_of(keep(name, SOUND[name]))
        assert b"SECRET-PLACE" not in content
        with Image.open(io.BytesIO(content)) as drawn:
            assert drawn.size == (20, 40)
            assert dict(drawn.getexif()) == {}

    def test_loses_whatever_was_hidden_behind_it(self) -> None:
        hidden = package({"evil.txt": b"hidden words"})
        content = content_of(keep("photo.jpg", SOUND["photo.jpg"] + hidden))
        assert not zipfile.is_zipfile(io.BytesIO(content))

    @pytest.mark.parametrize(
        ("name", "mode"),
        [("a.png", "1"), ("a.png", "P"), ("a.png", "RGBA"), ("a.png", "I;16"), ("a.png", "LA"), ("a.jpg", "L"),
         ("a.jpg", "CMYK"), ("a.webp", "RGBA")],
    )  # fmt: skip
    def test_may_have_any_kind_of_colours(self, name: str, mode: str) -> None:
        form = {"png": "PNG", "jpg": "JPEG", "ebp": "WEBP"}[name[-3:]]
        kept = keep(name, picture(form, mode=mode))
        with Image.open(io.BytesIO(content_of(kept))) as drawn:
            drawn.load()

    def test_keeps_what_shines_through(self) -> None:
        out = io.BytesIO()
        Image.new("P", (4, 4)).save(out, "PNG", transparency=0)
        with Image.open(io.BytesIO(content_of(keep("a.png", out.getvalue())))) as drawn:
            assert drawn.info["transparency"] is not None


class TestTheName:
    @given(st.text(max_size=400))
    def test_is_always_one_that_can_be_shown_and_saved(self, name: str) -> None:
        tidied = names.tidy(name)
        assert 0 < len(tidied) <= names.LONGEST
        assert not set(tidied) & set('/\\\0\n\r\t<>:"|?*\u202e\u2066')
        assert tidied == tidied.strip()
        assert names.tidy(tidied) == tidied

    def test_keeps_its_ending_when_it_is_cut(self) -> None:
        assert names.tidy("a" * 300 + ".pdf").endswith("aa.pdf")


@pytest.mark.django_db  # an answer that is closed looks after the connection
class TestGivingAFileBack:
    def test_makes_a_download_that_no_browser_takes_for_a_page(self) -> None:
        answer = files.response(keep("Bericht „ä“.pdf", PDF), inline=True)
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert b"".join(answer) == PDF
        answer.close()

    def test_shows_a_picture_that_we_drew_in_the_window_when_that_is_wanted(self) -> None:
        kept = keep("photo.jpg", SOUND["photo.jpg"])
        for inline, said in ((True, "inline"), (False, "attachment")):
            answer = files.response(kept, inline=inline)
            assert answer.headers["Content-Disposition"].startswith(said)
            answer.close()
