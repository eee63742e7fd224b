"""Forms as the template pack renders them."""

from typing import ClassVar

import pytest
from crispy_forms.bootstrap import FormActions, InlineRadios, PrependedText
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Button, Column, Div, Fieldset, Layout, Row, Submit
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template import Context, Template

from applications.forms.answering import ConsentForm
from decisions.admin.forms import DecisionForm
from hubportal.documents.forms import VerificationForm
from reviews.admin.forms import AdviceForm, DeclarationForm
from tests.looks.markup import Page, read


class MoneyInput(forms.TextInput):
    """Stands for the widget of that name that the portal's forms use."""


class ApplicationForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label="Title", help_text="As in the letter.", max_length=20)
    kvk_number = forms.CharField(label="KvK number", required=False)
    amount = forms.DecimalField(label="Amount", widget=MoneyInput)
    starts_on = forms.DateField(label="Start", widget=forms.DateInput(attrs={"type": "date"}))
    plan = forms.CharField(label="Plan", widget=forms.Textarea)
    region = forms.ChoiceField(label="Region", choices=[("", "-"), ("1", "Drenthe")])
    role = forms.ChoiceField(
        label="Role",
        help_text="One only.",
        widget=forms.RadioSelect,
        choices=[("lead", "Lead"), ("partner", "Partner")],
    )
    streams = forms.MultipleChoiceField(
        label="Streams", widget=forms.CheckboxSelectMultiple, choices=[("a", "Clients"), ("b", "Citizens")]
    )
    declaration = forms.FileField(label="Declaration", help_text="A PDF.")
    meeting = forms.SplitDateTimeField(label="Meeting", required=False)
    agreed = forms.BooleanField(label="We agree", help_text="Read it first.")
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def rendered(form: forms.Form, helper: FormHelper | None = None) -> Page:
    return read(render_crispy_form(form, FormHelper() if helper is None else helper, {"csrf_token": "token"}))


def empty() -> Page:
    return rendered(ApplicationForm({}))


def test_field_shows_label_help_error_and_input_in_that_order() -> None:
    page = empty()
    order = [
        page.one("label", **{"for": "id_title"}),
        page.by_id("id_title_helptext"),
        page.by_id("id_title_error"),
        page.by_id("id_title"),
    ]
    assert [page.elements.index(each) for each in order] == sorted(
        page.elements.index(each) for each in order
    )


@pytest.mark.parametrize("name", ["title", "amount", "starts_on", "plan", "region", "declaration", "agreed"])
def test_input_names_its_help_and_its_error(name: str) -> None:
    page = empty()
    attributes = page.by_id(f"id_{name}").attributes
    assert attributes["aria-invalid"] == "true"
    described_by = attributes["aria-describedby"].split()
    assert described_by[-1] == f"id_{name}_error"
    assert [page.by_id(each).attributes["id"] for each in described_by] == described_by


@pytest.mark.parametrize("name", ["role", "streams"])
def test_choices_stand_in_a_fieldset_that_names_its_error(name: str) -> None:
    page = empty()
    fieldset = page.by_id(f"div_id_{name}")
    assert fieldset.tag == "fieldset"
    assert fieldset.attributes["aria-describedby"].split()[-1] == f"id_{name}_error"
    assert page.by_id(f"id_{name}_error").inside("fieldset")
    inputs = page.all("input", name=name)
    assert [each.inside("fieldset") for each in inputs] == [True, True]
    assert [page.one("label", **{"for": each.attributes["id"]}).tag for each in inputs] == ["label", "label"]


def test_legend_is_the_label_of_the_question() -> None:
    assert [legend.words for legend in empty().all("legend")] == ["Role", "Streams", "Meeting (optional)"]


def test_chosen_answers_stay_chosen() -> None:
    page = rendered(ApplicationForm({"role": "partner", "streams": ["a", "b"]}))
    chosen = [each.attributes["value"] for each in page.all("input") if "checked" in each.attributes]
    assert chosen == ["partner", "a", "b"]


def test_field_without_error_is_not_marked_invalid() -> None:
    page = rendered(ApplicationForm())
    assert [each for each in page.elements if "aria-invalid" in each.attributes] == []
    assert [each for each in page.elements if each.attributes.get("id", "").endswith("_error")] == []


def test_only_optional_questions_say_so() -> None:
    page = rendered(ApplicationForm())
    said = [each.parent.words for each in page.all("span", class_name="hub-optional") if each.parent]
    assert said == ["KvK number (optional)", "Meeting (optional)"]
    assert "*" not in "".join(each.text for each in page.all("label"))


def test_a_question_that_is_sometimes_required_is_not_called_optional() -> None:
    class SometimesForm(ApplicationForm):
        sometimes_required: ClassVar = {"kvk_number"}

    page = rendered(SometimesForm())
    said = [each.parent.words for each in page.all("span", class_name="hub-optional") if each.parent]
    assert said == ["Meeting (optional)"]


@pytest.mark.parametrize(
    ("form", "names"),
    [
        (ConsentForm, {"reason"}),
        (DecisionForm, {"amount", "ground"}),
        (AdviceForm, {"amount"}),
        (DeclarationForm, {"explanation"}),
        (VerificationForm, {"code", "file"}),
    ],
)
def test_what_is_required_in_some_cases_is_named_by_its_form(form: type[forms.Form], names: set[str]) -> None:
    page = rendered(form())
    optional = {each.attributes["for"] for each in page.all("label") if "(niet verplicht)" in each.words}
    assert not optional & {f"id_{name}" for name in names}
    assert names <= set(form.base_fields)


def test_search_form_does_not_call_its_questions_optional() -> None:
    helper = FormHelper()
    helper.form_method = "get"
    assert rendered(ApplicationForm(), helper).all("span", class_name="hub-optional") == []


def test_summary_leads_to_every_field_that_is_wrong() -> None:
    form = ApplicationForm({"title": "x" * 30})
    form.add_error(None, "The budget does not add up.")
    page = rendered(form)
    summary = page.one("div", class_name="hub-error-summary")
    assert "The budget does not add up." in summary.words
    links = page.all("a")
    assert [page.by_id(link.attributes["href"].removeprefix("#")).tag for link in links] == (
        ["input"] * 3 + ["textarea", "select"] + ["input"] * 4
    )
    assert links[0].words.startswith("Title – ")
    assert page.elements.index(summary) < page.elements.index(page.by_id("div_id_title"))


def test_form_without_errors_has_no_summary() -> None:
    assert rendered(ApplicationForm()).all("div", class_name="hub-error-summary") == []


def test_money_is_typed_with_a_euro_sign_before_it() -> None:
    page = rendered(ApplicationForm())
    assert page.by_id("id_amount").attributes["inputmode"] == "decimal"
    assert page.one("span", class_name="hub-affix__text").words == "€"


def test_date_keeps_its_kind() -> None:
    assert rendered(ApplicationForm()).by_id("id_starts_on").attributes["type"] == "date"


def test_form_turns_off_the_browsers_own_checks_and_sends_files() -> None:
    attributes = empty().one("form").attributes
    assert "novalidate" in attributes
    assert (attributes["method"], attributes["enctype"]) == ("post", "multipart/form-data")


def test_ids_are_unique() -> None:
    ids = empty().ids()
    assert sorted(ids) == sorted(set(ids))


def test_hidden_field_has_no_label() -> None:
    page = empty()
    assert page.by_id("id_token").attributes["type"] == "hidden"
    assert page.all("label", **{"for": "id_token"}) == []


def test_layout_objects_keep_their_fields_and_buttons() -> None:
    helper = FormHelper()
    helper.layout = Layout(
        Fieldset("The project", Row(Column("title"), "starts_on"), PrependedText("kvk_number", "KvK")),
        Div(InlineRadios("role")),
        FormActions(Submit("save", "Save"), Button("later", "Later")),
    )
    page = rendered(ApplicationForm(), helper)
    assert page.all("legend")[0].words == "The project"
    assert page.one("div", class_name="hub-choices--inline").tag == "div"
    buttons = page.all("button")
    assert [(each.attributes["type"], each.words) for each in buttons] == [
        ("submit", "Save"),
        ("button", "Later"),
    ]
    assert "btn" not in buttons[0].attributes["class"]


def test_filter_renders_the_fields_and_the_summary_without_a_form_tag() -> None:
    template = Template("{% load crispy_forms_tags %}{{ form|crispy }}")
    page = read(template.render(Context({"form": ApplicationForm({})})))
    assert page.all("form") == []
    assert page.one("div", class_name="hub-error-summary").tag == "div"
    assert page.by_id("id_title").attributes["aria-invalid"] == "true"


def test_set_of_forms_can_stand_in_a_table_with_a_label_per_cell() -> None:
    class Line(forms.Form):
        heading = forms.CharField(label="Heading")
        amount = forms.DecimalField(label="Amount")

    helper = FormHelper()
    helper.template = "nlds/table_inline_formset.html"  # type: ignore[assignment]  # declared as None
    lines = forms.formset_factory(Line, extra=2)({"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0"})
    page = read(render_crispy_form(lines, helper, {"csrf_token": "token"}))
    assert [each.words for each in page.all("th")] == ["Heading", "Amount"]
    assert page.one("label", **{"for": "id_form-1-amount"}).words == "Amount 2"


def test_set_of_forms_summarises_what_is_wrong_in_each() -> None:
    class Line(forms.Form):
        heading = forms.CharField(label="Heading")

    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2", "form-0-heading": "x"}
    page = read(render_crispy_form(forms.formset_factory(Line)(data), FormHelper(), {"csrf_token": "token"}))
    assert [link.attributes["href"] for link in page.all("a")] == ["#id_form-1-heading"]
