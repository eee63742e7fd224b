"""Words that tell of somebody's health are said at the field, and never refused (rule 23; GDPR art. 9)."""

import pytest

from people.forms.health import NoHealthField, health_words_in


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Acht jaar in een cliëntenraad van de ggz, kent de wijk.", []),
        ("Mantelzorger, werkt in het ziekenhuis en bij de zorgverzekeraar.", []),
        ("Heeft Diabetes en zit in een rolstoel.", ["diabetes", "rolstoel"]),
        ("Haar zoon is autistisch; zij is ziek.", ["autistisch", "ziek"]),
        ("De diagnose kwam laat. De diagnose!", ["diagnose"]),
        ("Depressief geweest, nu psychologe.", ["depressief"]),
        ("Was at home with an illness.", ["illness"]),
        ("Ziekenhuisbestuur, bezieling en kankerplein", ["kankerplein"]),
    ],
)
def test_words_of_health_are_found_and_those_of_the_work_are_not(text: str, words: list[str]) -> None:
    assert health_words_in(text) == words


def test_it_is_said_at_the_field_and_kept_all_the_same() -> None:
    field = NoHealthField()
    assert field.clean("Zij is ziek.") == "Zij is ziek."
    assert field.remark("Zij is ziek.") == (
        "Zegt dit misschien iets over iemands gezondheid? Dat mag u niet bewaren, ook niet met toestemming: ziek."
    )
    assert field.remark("Zij kent de wijk.") == ""
