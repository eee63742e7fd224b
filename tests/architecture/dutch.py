"""Dutch words that code is not written in; their English stands in the glossary of README.md."""

import re

# Whole words of an identifier, and the beginnings of compounds such as aanvraagformulier.
DOMAIN = frozenset(
    """
    aanvraag aanvragen aanvrager aanvulling advies adres afwijzing akkoord beheer bedrag begroting beoordelaar
    beoordeling beschikking besluit besluiten bestuurder bezwaar bijlage bijdrage coalitie coalities commissie
    criteria criterium deelnemer deelnemers deelname doelgroep gebruiker gegevens gemeente gemeenten handtekening
    hoofdaanvrager indienen indiening ingediend instemming intrekken kenmerk kosten ontvangst ontvangen
    ondertekenaar ondertekening oproep organisatie organisaties participatie partij partijen penvoerder persoon
    plafond postbus programmabureau projectleider regio regios ronde rondes samenwerking subsidie subsidies
    toegekend toekenning termijn uitnodiging uitslag verantwoording verklaring verlening verzenden voorbeeld
    voorwaarde voorzitter vraagstuk wijziging woonplaats zorgkantoor zorgkantoorregio
    """.split()  # noqa: SIM905 -- a list of words, read as one
)
PLAIN = frozenset(
    """
    aantal bereken controleer datum eerste einde geef haal huidige jaar laatste lijst maak maand maanden naam
    nieuw nieuwe omschrijving opslaan sluiten straat tekst titel toevoegen tonen toon tussen verwijder verwijderen
    verstuur voeg volgende vorige waarde wanneer wijzig wijzigen zoek zoeken
    """.split()  # noqa: SIM905 -- a list of words, read as one
)
# Kept in Dutch on purpose, or the same word in both languages.
KEPT = frozenset({"kwartiermaker", "criteria"})
# Parameters of addresses, which are Dutch; the fields of the forms that read them are called so too.
PARAMETERS = frozenset({"zoek", "gemeente", "stroom"})

# Words that no English sentence of the screens holds.
IN_SENTENCES = (
    DOMAIN
    | PLAIN
    | frozenset(
        ["de", "het", "een", "niet", "voor", "wordt", "worden", "heeft", "zijn", "geen", "uw", "deze"]
    )
) - (KEPT | frozenset(["een", "toon", "de"]))

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def words_of(identifier: str) -> list[str]:
    """Return the words of an identifier, in small letters."""
    return [word.lower() for word in _WORD.findall(identifier)]


def dutch_words_of(identifier: str) -> list[str]:
    """Return the Dutch words in an identifier."""
    return [word for word in words_of(identifier) if is_dutch(word)]


def is_dutch(word: str) -> bool:
    """Tell whether a word is a Dutch one, or a compound that begins with one."""
    if word in KEPT:
        return False
    return word in DOMAIN | PLAIN or any(len(each) > 6 and word.startswith(each) for each in DOMAIN)
