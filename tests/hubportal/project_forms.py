"""Every form of the project, and every field of them."""

from django import forms
from django.urls import get_resolver

from hubportal.accounts import code_forms, login_code_forms, passkey_forms, signup_form


def fields_of_the_project() -> list[tuple[str, forms.Field]]:
    """Return every field with the place where it is declared."""
    # All forms are imported by the pages that use them, but these, which allauth reads at their first use.
    assert get_resolver().url_patterns and code_forms and login_code_forms and passkey_forms and signup_form
    return [
        (f"{form.__module__}.{form.__name__}.{name}", field)
        for form in forms_of_the_project(forms.BaseForm)
        for name, field in getattr(form, "base_fields", {}).items()
    ]


def forms_of_the_project(base: type) -> set[type]:
    """Return the forms below a class that are ours."""
    found = {each for child in base.__subclasses__() for each in {child, *forms_of_the_project(child)}}
    return {
        each for each in found if not each.__module__.startswith(("allauth", "django", "crispy", "tests"))
    }
