"""Questions as forms: what is asked, how it stands on the page, what comes out."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from moothall.look.forms import error_links
from moothall.process import answers
from moothall.process.definition import Definition, Outcome
from moothall.process.files import Kept
from moothall.process.forms import AnswersForm, OutcomeForm
from moothall.process.kinds import KINDS, colleagues
from moothall.process.language import read

NOW = datetime(2026, 3, 27, 9, 0, tzinfo=UTC)
ALL = """\
process: everything
title: Everything
owner: desk
start: [resident]
fields:
  text: {ask: What is it?, type: text, hint: A few words.}
  paragraph: {ask: What happened?, type: paragraph, max: 500}
  yesno: {ask: Was it out?, type: yesno}
  choice: {ask: Which one?, type: choice, of: {red: {words: Red, hint: As a rose}, blue: Blue}}
  choices: {ask: Which ones?, type: choices, of: [a, b, c]}
  date: {ask: When was it?, type: date, label: Day, max: today}
  number: {ask: How many?, type: number, unit: bins}
  money: {ask: How much?, type: money}
  email: {ask: Email address, type: email}
  phone: {ask: Phone number, type: phone}
  postcode: {ask: Postcode, type: postcode}
  address: {ask: Which address?, type: address}
  location: {ask: Where is it?, type: location}
  photo: {ask: Photos, type: photo, most: 3, optional: true}
  file: {ask: Document, type: file, optional: true}
  list: {ask: What must be done?, type: list}
  starts: {ask: When does it start?, type: datetime}
  person: {ask: Who is it about?, type: person}
  manager: {ask: Who is your manager?, type: staff}
  uprn: {ask: Which property?, type: uprn}
  why: {ask: Why was it not out?, type: text, when: yesno == false}
steps:
  report:
    title: Report
    ask:
      [text, paragraph, yesno, choice, choices, date, number, money, email, phone, postcode, address, location, photo,
      file, list, starts, person, manager, uprn, why]
    outcomes: {sent: {end: sent}}
"""
GIVEN = (
    "text=Bin&paragraph=It+was+left.&yesno=yes&choice=red&choices=a&choices=c&date_day=26&date_month=3&date_year=2026"
    "&number=2&money=12.50&email=a@b.uk&phone=07700900982&postcode=gu126aa&address_line1=1+High+St&address_town=Ash"
    "&address_postcode=gu126aa&address_uprn=&location_place=Mill+Road&location_latitude=51.5&location_longitude=-0.1"
    "&list=One%0ATwo&starts_day=1&starts_month=7&starts_year=2026&starts_time=2:30pm&person_given=Ada&person_family=Ng"
    "&person_born_day=7&person_born_month=3&person_born_year=2016&uprn=100023336956&manager=ann.lee%40ashby.example"
)
KEPT = {
    "text": "Bin",
    "paragraph": "It was left.",
    "yesno": True,
    "choice": "red",
    "choices": ["a", "c"],
    "date": "2026-03-26",
    "number": 2,
    "money": 1250,
    "email": "a@b.uk",
    "phone": "+447700900982",
    "postcode": "GU12 6AA",
    "address": {"line1": "1 High St", "town": "Ash", "postcode": "GU12 6AA"},
    "location": {"place": "Mill Road", "latitude": 51.5, "longitude": -0.1},
    "photo": None,
    "file": None,
    "list": ["One", "Two"],
    "starts": "2026-07-01T14:30+01:00",
    "person": {"given": "Ada", "family": "Ng", "born": "2016-03-07"},
    "manager": {"staff": 7, "user": 70, "name": "Ann Lee"},
    "uprn": "100023336956",
    "why": None,
}


@pytest.fixture(autouse=True)
def _somebody_works_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one person work here, without a database."""
    ann = {"staff": 7, "user": 70, "name": "Ann Lee"}
    known = {"ann.lee@ashby.example", "Ann Lee (7)"}
    monkeypatch.setattr(
        colleagues._Directory, "look", staticmethod(lambda _number, words: [ann] if words in known else [])
    )


@pytest.fixture(scope="module")
def definition() -> Definition:
    found = read(ALL).definition
    assert found is not None
    return found


def make_form(definition: Definition, data: str | None, *keys: str, **more: Any) -> AnswersForm:
    files = more.pop("files", None)
    return AnswersForm(
        QueryDict(data) if data is not None else None,
        files,
        definition=definition,
        keys=keys or definition.first.ask,
        known=more.pop("known", {"now": NOW}),
        **more,
    )


class TestAnswering:
    def test_every_type_of_question_gives_the_json_that_is_kept(self, definition: Definition) -> None:
        form = make_form(definition, GIVEN)
        assert form.is_valid(), form.errors
        assert form.answers() == KEPT

    def test_what_was_kept_stands_in_the_form_again(self, definition: Definition) -> None:
        html = str(make_form(definition, None, held=KEPT))
        for part in (
            "Bin",
            "It was left.",
            "26",
            "12.50",
            "07700 900982",
            "GU12 6AA",
            "1 High St",
            "Mill Road",
            "51.5",
            ">\nOne\nTwo<",
            'name="starts_time" type="text" value="2:30pm"',
            'name="starts_day" type="text" value="1"',
            'name="person_family" type="text" spellcheck="false" value="Ng"',
            'name="person_born_year" type="text" value="2016"',
            "100023336956",
        ):
            assert part in html, part
        assert html.count(" checked") == 4

    def test_a_question_hidden_by_the_answers_is_not_asked(self, definition: Definition) -> None:
        assert not make_form(definition, "yesno=no", "yesno", "why").is_valid()
        form = make_form(definition, "yesno=yes&why=Because", "yesno", "why")
        assert form.is_valid()
        assert form.answers() == {"yesno": True, "why": None}

    def test_a_question_that_cannot_come_up_is_left_out(self, definition: Definition) -> None:
        assert "why" not in make_form(definition, None, "why", known={"now": NOW, "yesno": True}).fields
        assert "why" in make_form(definition, None, "why", known={"now": NOW, "yesno": False}).fields
        assert "why" in make_form(definition, None, "yesno", "why").fields

    def test_one_question_is_the_heading_of_its_page(self, definition: Definition) -> None:
        assert make_form(definition, None, "text").one_question
        assert not make_form(definition, None, "text", "yesno").one_question


class TestARefusedAnswer:
    def test_says_how_to_put_it_right(self, definition: Definition) -> None:
        form = make_form(definition, "date_day=30&date_month=2&date_year=2026", "date")
        assert form.errors == {"date": ["“Day” must be a real date, for example 27 3 2026"]}
        assert "govuk-form-group--error" in str(form)

    def test_names_each_box_of_an_address(self, definition: Definition) -> None:
        form = make_form(definition, "address_line1=1+High+St&address_postcode=x", "address")
        assert form.errors == {"address": ["Enter a full UK postcode, like AB10 1AB"]}
        html = str(form)
        assert 'value="1 High St"' in html
        assert html.count("govuk-input--error") == 1

    def test_of_everything_left_out_has_a_sentence_for_each(self, definition: Definition) -> None:
        form = make_form(definition, "")
        assert set(form.errors) == set(definition.fields) - {"photo", "file", "why"}

    def test_names_each_box_of_a_moment_and_of_a_person(self, definition: Definition) -> None:
        form = make_form(definition, "starts_day=1&starts_month=7&starts_year=2026&starts_time=9", "starts")
        assert form.errors == {"starts": ["“When does it start?” must include a time, like 9:30am or 14:00"]}
        assert str(form).count("govuk-input--error") == 1
        assert [href for _, href in error_links(form)] == ["#id_starts_time"]
        form = make_form(definition, "person_given=Ada&person_born_day=30&person_born_month=2", "person")
        assert form.errors == {"person": ["“Date of birth” must include a year"]}
        html = str(form)
        assert html.count("govuk-input--error") == 1
        assert 'value="Ada"' in html

    def test_hostile_text_is_shown_as_text(self, definition: Definition) -> None:
        attack = "%3Cscript%3Ealert(1)%3C/script%3E%22%27"
        html = str(
            make_form(
                definition,
                f"text={attack}&address_line1={attack}&number={attack}",
                "text",
                "address",
                "number",
            )
        )
        assert "<script" not in html
        assert html.count("&lt;script&gt;") == 3


class TestFiles:
    def test_are_handed_over_to_be_kept_and_then_named(self, definition: Definition) -> None:
        sent = [SimpleUploadedFile("a.jpg", b"1"), SimpleUploadedFile("b.jpg", b"2")]
        form = make_form(definition, "", "photo", files=MultiValueDict({"photo": sent}))
        assert form.is_valid(), form.errors
        assert form.uploads == {"photo": sent}
        with pytest.raises(ValueError, match="photo"):
            form.answers()
        kept = [Kept("7", "a.jpg", "image/jpeg", 1), Kept("8", "b.jpg", "image/jpeg", 1)]
        named = [{"id": "7", "name": "a.jpg"}, {"id": "8", "name": "b.jpg"}]
        assert form.answers({"photo": kept}) == {"photo": named}

    def test_that_cannot_be_kept_are_refused_at_their_question(self, definition: Definition) -> None:
        sent = MultiValueDict(
            {"photo": [SimpleUploadedFile("a.jpg", b"<html>"), SimpleUploadedFile("b.pdf", b"")]}
        )
        form = make_form(definition, "", "photo", files=sent)
        assert form.is_valid()
        assert form.keep_files() == {}
        assert form.errors == {
            "photo": [
                "“a.jpg” is not a JPEG picture, though its name says so",
                "“b.pdf” must be a JPEG, PNG or WebP file",
            ]
        }

    def test_sent_for_a_hidden_question_are_not_kept(self, definition: Definition) -> None:
        hidden = replace(definition.fields["photo"], when="yesno == false")
        made = replace(definition, fields={**definition.fields, "photo": hidden})
        sent = MultiValueDict({"photo": [SimpleUploadedFile("a.jpg", b"1")]})
        form = make_form(made, "yesno=yes", "yesno", "photo", files=sent)
        assert form.is_valid(), form.errors
        assert form.keep_files() == {}
        assert form.answers() == {"yesno": True, "photo": None}

    def test_of_before_stay_if_none_is_sent(self, definition: Definition) -> None:
        held = {"photo": [{"id": "7", "name": "a.jpg"}]}
        form = make_form(definition, "", "photo", held=held)
        assert form.is_valid()
        assert form.answers() == held

    def test_are_refused_when_too_many(self, definition: Definition) -> None:
        sent = MultiValueDict({"file": [SimpleUploadedFile(f"{n}.pdf", b"x") for n in range(2)]})
        assert make_form(definition, "", "file", files=sent).errors == {
            "file": ["You can give up to 1 file for “Document”"]
        }


STOP = Outcome(key="stop", title="Stop", need_text="Say why it stops.")
GO = Outcome(key="go", title="Go on")


class TestHowAStepTurnsOut:
    def test_is_said_by_the_button_where_there_is_one_way(self) -> None:
        form = OutcomeForm(QueryDict("expected=7"), outcomes=[GO])
        assert form.button == "Go on"
        assert form.is_valid()
        assert form.decided() == (7, "go", "")

    def test_has_to_be_chosen_where_there_are_several(self) -> None:
        assert OutcomeForm(QueryDict(""), outcomes=[GO, STOP]).errors == {
            "outcome": ["Choose what happens next"]
        }

    @pytest.mark.parametrize("outcomes", [[STOP], [GO, STOP]])
    def test_wants_the_words_that_the_outcome_needs(self, outcomes: list[Outcome]) -> None:
        assert OutcomeForm(QueryDict("outcome=stop"), outcomes=outcomes).errors == {
            "text": ["Say why it stops"]
        }
        form = OutcomeForm(QueryDict("outcome=stop&text=No+bin"), outcomes=outcomes)
        assert form.is_valid(), form.errors
        assert form.decided() == (0, "stop", "No bin")

    def test_wants_no_words_for_another_outcome(self) -> None:
        assert OutcomeForm(QueryDict("outcome=go"), outcomes=[GO, STOP]).is_valid()

    @pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 400])
    def test_takes_for_nothing_seen_what_is_no_number(self, seen: str) -> None:
        form = OutcomeForm({"expected": seen, "outcome": "go"}, outcomes=[GO, STOP])
        assert form.is_valid(), form.errors
        assert form.decided()[0] == 0


class TestTheMarkup:
    def test_has_an_input_for_every_type(self, definition: Definition) -> None:
        form = make_form(definition, None)
        assert {definition.fields[key].type for key in form.fields} == set(KINDS)
        html = str(form)
        for part in (
            "A few words.",
            "As a rose",
            'name="date_day"',
            'autocomplete="postal-code"',
            'inputmode="numeric"',
            'type="file"',
            "multiple",
            "govuk-radios",
            "govuk-checkboxes",
            "Photos (optional)",
            "Write each on a line of its own.",
            "Date of birth (optional)",
        ):
            assert part in html, part
        assert "<script" not in html
        assert "style=" not in html


class TestAllAnswersTogether:
    def test_are_read_as_facts(self, definition: Definition) -> None:
        facts = answers.facts(definition, KEPT, now=NOW, steps={"report": {"by": "staff:1"}})
        assert facts["date"].year == 2026
        assert facts["starts"] == datetime(2026, 7, 1, 13, 30, tzinfo=UTC)
        assert facts["report"] == {"by": "staff:1"}
        assert facts["now"] == NOW

    def test_can_be_searched_for(self, definition: Definition) -> None:
        text = answers.search_text(definition, KEPT)
        for part in ("Bin", "GU12 6AA", "GU126AA", "Mill Road", "07700900982", "a@b.uk"):
            assert part in text

    def test_say_what_is_still_missing(self, definition: Definition) -> None:
        facts = answers.facts(definition, {"yesno": False}, now=NOW)
        assert [field.key for field in answers.missing(definition, ["yesno", "why", "photo"], facts)] == [
            "why"
        ]

    def test_are_named_in_refusals_by_their_questions(self, definition: Definition) -> None:
        labels = answers.labels(definition)
        assert labels.names["date"] == "Day"
        assert labels.say("choice", "red") == "Red"
        assert labels.say("report.outcome", "sent") == "“Sent”"
