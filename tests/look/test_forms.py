"""Forms have GOV.UK markup, and their errors lead to the answers."""

import re

import pytest
from django import forms

from moothall.look.forms import error_links
from moothall.look.gallery import EveryField, OneQuestion


class TestADrawnForm:
    def test_links_each_error_to_an_input_that_exists(self) -> None:
        form = EveryField({"moved_day": "1", "moved_month": "13", "moved_year": "2026"})
        page = str(form)
        links = error_links(form)
        assert len(links) == 12
        for _text, href in links:
            assert page.count(f'id="{href[1:]}"') == 1, href

    def test_has_no_two_things_with_one_id_and_a_label_for_every_input(self) -> None:
        page = str(EveryField({"name": "x" * 200}))
        ids = re.findall(r' id="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        for name in re.findall(r'<(?:input|select|textarea)[^>]* id="([^"]+)"', page):
            assert f'for="{name}"' in page, name

    def test_describes_inputs_by_hints_and_errors_that_exist(self) -> None:
        page = str(EveryField({}))
        described = re.findall(r'aria-describedby="([^"]+)"', page)
        assert described
        for each in described:
            for name in each.split():
                assert f'id="{name}"' in page, name

    def test_leaves_out_what_the_browser_should_not_enforce(self) -> None:
        page = str(EveryField())
        for word in ("required", "maxlength=", "placeholder", "style=", "onclick"):
            assert f" {word}" not in page.replace("data-maxlength=", ""), word

    def test_counts_characters_where_there_is_a_limit(self) -> None:
        page = str(EveryField())
        assert 'data-module="govuk-character-count" data-maxlength="500"' in page
        assert 'aria-describedby="id_details-info"' in page

    def test_says_what_is_optional_unless_told_not_to(self) -> None:
        assert "Telephone number (optional)" in str(EveryField())

        class Filter(forms.Form):
            say_optional = False
            words = forms.CharField(required=False)

        assert "(optional)" not in str(Filter())

    def test_makes_the_one_question_the_heading_of_the_page(self) -> None:
        page = str(OneQuestion())
        assert '<h1 class="govuk-fieldset__heading">When was your bin missed?</h1>' in page
        assert page.count("<h1") == 1

    def test_writes_no_attribute_twice(self) -> None:
        class Fussy(forms.Form):
            email = forms.EmailField(
                widget=forms.EmailInput({"autocomplete": "work email", "spellcheck": "false"})
            )
            password = forms.CharField(
                widget=forms.PasswordInput({"autocomplete": "new-password", "spellcheck": "false"})
            )
            people = forms.IntegerField(widget=forms.NumberInput({"inputmode": "numeric"}))

        for tag in re.findall(r"<[a-z][^>]*>", str(Fussy()) + str(EveryField({}))):
            names = re.findall(r' ([a-z-]+)(?==")', tag)
            assert len(names) == len(set(names)), tag

    def test_asks_phones_for_the_right_keyboard(self) -> None:
        page = str(EveryField())
        assert re.search(r'type="email"[^>]*autocomplete="email"', page)
        assert re.search(r'type="tel"[^>]*autocomplete="tel"', page)
        assert re.search(r'type="text" name="people" inputmode="numeric"', page)

    @pytest.mark.parametrize(
        "hostile", ['"><script>alert(1)</script>', "{{ 7 * 7 }}", "\u202etxt", "'; DROP TABLE"]
    )
    def test_writes_hostile_answers_as_words(self, hostile: str) -> None:
        page = str(EveryField(dict.fromkeys(EveryField.base_fields, hostile)))
        assert "<script>" not in page
        assert "49" not in page


class TestWhatAFormSaysIsWrong:
    def _links(self, **data: object) -> list[str]:
        return [text for text, _href in error_links(EveryField(data))]

    def test_names_the_question(self) -> None:
        said = self._links()
        assert "Enter email address" in said
        assert "Answer “How many people live there?”" in said
        assert "Choose ward" in said
        assert "Tick “I confirm that this is true to the best of my knowledge” to go on" in said

    def test_says_how_an_answer_has_to_look(self) -> None:
        said = self._links(email="x", people="many", name="x" * 101, ward="q")
        assert "Enter an email address in the correct format, like name@example.com" in said
        assert "The answer to “How many people live there?” must be a number, like 12" in said
        assert "Name must be 100 characters or fewer (you entered 101)" in said
        assert "Choose one of the answers to ward" in said

    def test_says_the_bounds_of_a_number(self) -> None:
        assert "The answer to “How many people live there?” must be 1 or more" in self._links(people="0")

    def test_keeps_the_words_a_form_chose_itself(self) -> None:
        class Own(forms.Form):
            name = forms.CharField(error_messages={"required": "Tell us who you are"})

            def clean(self) -> None:
                self.add_error(None, "These two do not fit together")

        assert error_links(Own({})) == [
            ("These two do not fit together", ""),
            ("Tell us who you are", "#id_name"),
        ]

    def test_is_nothing_for_a_form_that_was_not_sent(self) -> None:
        assert error_links(EveryField()) == []
        assert error_links(None) == []
