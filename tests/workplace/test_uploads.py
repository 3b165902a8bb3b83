"""A step that asks for a photo: kept with the answer, or refused at its question with nothing half-done."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from moothall.councils import scope
from moothall.councils.rules import Viewer
from moothall.process import actions as process
from moothall.process.language import read
from moothall.process.models import Attachment
from tests.workplace.staffed import House

pytestmark = pytest.mark.django_db
SURVEY = """
process: survey
title: Survey
owner: waste
start: [agent]
fields:
  place: {ask: Where is it?, type: text}
  photo: {ask: Photo of the place, type: photo}
steps:
  begin: {title: Begin, by: agent, ask: [place], next: We look at it.}
  visit:
    title: Visit the place
    by: waste
    ask: [photo]
    after: begin
    next: We look at it.
    outcomes: {seen: {title: The place was seen, end: seen}}
"""


def begun(house: House) -> tuple[str, int]:
    """Start a survey and return its reference and what somebody who looks now has seen."""
    found = read(SURVEY)
    assert found.definition is not None, [str(each) for each in found.mistakes]
    now = timezone.now()
    with scope.everything("starting a case in a test"):
        process.publish(by=Viewer.system(), definition=found.definition, source=SURVEY, now=now)
        case = process.start_case(
            by=Viewer.system(), council=house.ash, process="survey", now=now, answers={"place": "Low Lane"}
        )
    return case.reference, case.seq


def send(house: House, reference: str, seq: int, name: str, content: bytes) -> Any:
    data = {"visit-expected": seq, "visit-photo": SimpleUploadedFile(name, content)}
    return house.browser(house.ann).post(f"/work/case/{reference}/step/visit/", data)


class TestAPhotoThatAStepAsksFor:
    def test_is_kept_with_the_answer(self, house: House) -> None:
        reference, seq = begun(house)
        out = io.BytesIO()
        Image.new("RGB", (8, 8)).save(out, "JPEG")
        assert send(house, reference, seq, "place.jpg", out.getvalue()).status_code == 302
        with scope.everything("looking in a test"):
            kept = Attachment.objects.get()
            assert house.case(reference).data["photo"] == [{"id": kept.sha256, "name": "place.jpg"}]
            assert house.case(reference).status == "closed"
        assert kept.field == "photo"

    def test_is_refused_at_its_question_when_it_is_none(self, house: House) -> None:
        reference, seq = begun(house)
        answer = send(house, reference, seq, "place.jpg", b"<html>no photo</html>")
        assert answer.status_code == 422
        assert "is not a JPEG picture, though its name says so" in answer.content.decode()
        with scope.everything("looking in a test"):
            assert not Attachment.objects.exists()
            assert house.case(reference).seq == seq

    def test_leaves_nothing_behind_when_somebody_else_was_faster(self, house: House) -> None:
        reference, _ = begun(house)
        out = io.BytesIO()
        Image.new("RGB", (8, 8)).save(out, "PNG")
        assert send(house, reference, 1, "place.png", out.getvalue()).status_code == 409
        with scope.everything("looking in a test"):
            assert not Attachment.objects.exists()
