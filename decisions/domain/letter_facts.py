"""The facts and recipients of a decision letter (rule 20); ``letters`` sets them in the words of the call."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from applications.domain.frozen import delivery_in, frozen_content
from applications.models import Application
from calls.enums import Outcome
from decisions.domain.budget_facts import budget_annexes, refused_lines
from decisions.enums import LetterOfDecision
from decisions.models import Decision
from hubportal.kernel.clock import local_date
from hubportal.kernel.dates import dutch_day
from hubportal.kernel.mailboxes import mailbox
from hubportal.kernel.money import dutch_amount, dutch_euros
from hubportal.kernel.periods import term_end
from letters.domain.composing import Addressee, Matter, Reader
from letters.domain.placeholders import fill_in
from letters.domain.structure import Content, paragraphs_of, section
from letters.enums import Channel, Part
from letters.models import Correction
from organisations.ended import mailboxes_ended_at
from organisations.queries import ever_proved_by_mailbox, undisputed_people_of
from reviews.domain.results import mean_per_criterion


def letter_of(decision: Decision) -> LetterOfDecision:
    """Return the kind of letter for a decision: a grant below the requested amount is a partial one."""
    if decision.outcome == Outcome.REJECTED:
        return LetterOfDecision.REJECTED
    if decision.amount < decision.requested_amount:
        return LetterOfDecision.PARTLY_GRANTED
    return LetterOfDecision.GRANTED


def matter_of(decision: Decision, correction: Correction | None = None) -> Matter:
    """Return the facts and recipients of the letter of a decision, or of the one that a correction puts in its place.

    What it says of the application is what was sealed: nobody changes a letter by changing the map (rule 4). A correction
    changes whom it is addressed to and the words of its reasons, never what was decided (rule 19).
    """
    application = decision.application
    sealed = frozen_content(application)
    facts = _facts(decision, sealed, correction)
    return Matter(
        kind=letter_of(decision),
        call=application.call,
        about=application.reference,
        addressee=addressee_in(sealed, correction),
        readers=list(_readers(sealed, correction)),
        facts=facts,
        key_facts=_key_facts(facts),
        annex=_annex(decision),
        further_annexes=budget_annexes(decision),
        # Of a rejection nothing is public, so nothing is noted of it either (rule 22).
        public_in_id=application.coalition.region_id if decision.outcome == Outcome.GRANTED else None,
        amount=decision.amount,
        # What takes the place of a letter goes as that one did at last: its e-mail may have come back.
        channel=Channel(correction.letter.channel) if correction else channel_in(sealed),
    )


def ground_of(decision: Decision) -> str:
    """Return what the letter says of the ground of a rejection."""
    if decision.ground is None:
        return ""
    return fill_in(decision.ground.sentence, {"ceiling": dutch_euros(decision.application.call.ceiling)})


def addressee_in(sealed: Mapping[str, Any], correction: Correction | None = None) -> Addressee:
    """Return whom the letter is for: the lead organisation as it applied, for the attention of its signatory.

    By the names that a correction gives them, and with the postal address, as it is placed for a window envelope; of what was
    submitted before that was asked, the town.
    """
    [lead] = [each for each in sealed["organisations"] if each["is_lead"]]
    name, attention = (correction.addressee, correction.attention) if correction else ("", "")
    goes_to = delivery_in(sealed)
    lines = [goes_to.street, f"{goes_to.postal_code} {goes_to.place}"] if goes_to else [lead["municipality"]]
    signatory = sealed["people"]["authorised_signatory"]["name"]
    return Addressee(name or lead["name"], attention or signatory, lines)


def other_than_applicant(sealed: Mapping[str, Any], correction: Correction) -> dict[str, str]:
    """Return ``name`` and ``kvk_number`` of who applied where a correction addresses the letter by another name.

    A decision is about the legal person that applied: somebody else has to see that it is the same one.
    """
    [lead] = [each for each in sealed["organisations"] if each["is_lead"]]
    is_same = " ".join(correction.addressee.split()) == " ".join(lead["name"].split())
    return {} if is_same else {"name": lead["name"], "kvk_number": lead["kvk_number"]}


def channel_in(sealed: Mapping[str, Any]) -> Channel:
    """Return how the letter goes: on paper unless the applicant agreed to e-mail, or was not asked yet (Awb 2:8)."""
    goes_to = delivery_in(sealed)
    return Channel.EMAIL if goes_to is None or goes_to.is_electronic else Channel.POST


def reasons_in(decision: Decision, correction: Correction | None = None) -> str:
    """Return the reasons that a letter gives: those of the decision, in the words of a correction if there is one."""
    return (correction.reasons if correction else "") or decision.reasons


def partners_named(sealed: Mapping[str, Any]) -> str:
    """Return the names of the partners as they applied, not of those who joined the coalition since."""
    return _listed([each["name"] for each in sealed["organisations"] if not each["is_lead"]])


def _readers(sealed: Mapping[str, Any], correction: Correction | None) -> Iterator[Reader]:
    """Yield the lead organisation and the partners of the application; of a correction, those of the letter that it replaces.

    What came back may have arrived at another address at last. Nobody whom others ended at their organisation since (rule 27): of
    the lead the signatory instead, else whoever speaks for an organisation now; a partner of which nobody is left gets no copy.
    """
    organisations = {each["id"]: each for each in sealed["organisations"]}
    ended = mailboxes_ended_at(list(organisations))
    for part, organisation, name, email in _named(sealed, correction):
        if mailbox(email) not in ended[organisation]:
            yield Reader(part, name, email)
            continue
        for other_name, other in _instead(sealed, part, organisation):
            if mailbox(other) not in ended[organisation]:
                yield Reader(part, other_name, other)
                break
        else:
            # A decision has an addressee, at the address that was given.
            if part == Part.ORIGINAL:
                yield Reader(part, name, email)


def _named(sealed: Mapping[str, Any], correction: Correction | None) -> Iterator[tuple[Part, int, str, str]]:
    """Yield who was named: whether they get the letter or a copy, of which organisation, name and address."""
    [lead] = [each["id"] for each in sealed["organisations"] if each["is_lead"]]
    if correction is not None:
        contacts = {mailbox(each["contact"]["email"]): each["id"] for each in sealed["organisations"]}
        # A copy may have gone to somebody else of a partner.
        of_partner = ever_proved_by_mailbox([each for each in contacts.values() if each != lead]) | contacts
        reached = set()
        for each in correction.letter.recipients.order_by("pk"):
            organisation = lead if each.part == Part.ORIGINAL else of_partner.get(mailbox(each.email), lead)
            reached.add(organisation)
            yield Part(each.part), organisation, each.name, each.email
        # Of whom nobody was left when that letter went: somebody may speak for it since.
        left_out = [each for each in sealed["organisations"] if each["id"] not in reached]
        yield from _contacts(left_out if len(reached) == correction.letter.recipients.count() else [])
        return
    main = sealed["people"]["main_applicant"]
    yield Part.ORIGINAL, lead, main["name"], main["email"]
    yield from _contacts([each for each in sealed["organisations"] if not each["is_lead"]])


def _contacts(partners: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Part, int, str, str]]:
    for each in partners:
        yield Part.COPY, each["id"], each["contact"]["name"], each["contact"]["email"]


def _instead(sealed: Mapping[str, Any], part: Part, organisation: int) -> Iterator[tuple[str, str]]:
    if part == Part.ORIGINAL:
        signatory = sealed["people"]["authorised_signatory"]
        yield signatory["name"], signatory["email"]
    for each in undisputed_people_of(organisation).order_by("full_name", "pk"):
        yield each.full_name, each.email


def _facts(decision: Decision, sealed: Mapping[str, Any], correction: Correction | None) -> dict[str, str]:
    application, call = decision.application, decision.application.call
    # An application without them is never submitted.
    assert application.submitted_at is not None and application.review_round is not None
    return {
        "applicant": addressee_in(sealed, correction).name,
        "partners": partners_named(sealed),
        "title": sealed["title"],
        "region": sealed["region"]["name"],
        "round": str(application.review_round.number),
        "received_on": dutch_day(local_date(application.submitted_at)),
        "amount": dutch_euros(decision.amount),
        "requested_amount": dutch_euros(sealed["requested_amount"]),
        "refused_amount": dutch_euros(sealed["requested_amount"] - decision.amount),
        "starts_on": dutch_day(sealed["starts_on"]),
        "ends_on": dutch_day(sealed["ends_on"]),
        "settlement_due_on": dutch_day(term_end(sealed["ends_on"], weeks=call.settlement_weeks)),
        "months": str(sealed["duration_months"]),
        "reasons": "\n\n".join([*paragraphs_of(reasons_in(decision, correction)), *deviation_told(decision)]),
        "refused_lines": "\n\n".join(refused_lines(decision)),
        "ground": ground_of(decision),
        "advised_on": dutch_day(local_date(decision.advice.fixed_at)),
        "content_hash": application.frozen.sha256[:8],
    }


def deviation_told(decision: Decision) -> list[str]:
    """Return what the letter says of departing from the advice: nothing where the decision follows it (rule 31)."""
    if not decision.departs_from_advice:
        return []
    return [
        f"Met dit besluit wijken wij af van het advies van de commissie. {_advised(decision)}",
        *filter(None, paragraphs_of(decision.deviation)),
    ]


def _advised(decision: Decision) -> str:
    advice = decision.advice
    if advice.outcome == Outcome.REJECTED:
        return "De commissie adviseert de aanvraag af te wijzen."
    return f"De commissie adviseert subsidie te verlenen tot {dutch_euros(advice.amount)}."


def _key_facts(facts: dict[str, str]) -> list[tuple[str, str]]:
    return [
        ("Project", facts["title"]),
        ("Penvoerder", facts["applicant"]),
        ("Partners", facts["partners"]),
        ("Regio", facts["region"]),
        ("Gevraagd", facts["requested_amount"]),
        ("Verleend, ten hoogste", facts["amount"]),
        ("Looptijd", f"{facts['starts_on']} tot en met {facts['ends_on']} ({_duration(facts['months'])})"),
    ]


def _duration(months: str) -> str:
    return f"{months} maand" if months == "1" else f"{months} maanden"


def _listed(names: list[str]) -> str:
    return " en ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _annex(decision: Decision) -> Content:
    """Return the advice of the committee, which the reasons refer to (Awb 3:49)."""
    advice, application = decision.advice, decision.application
    advised = [_advised(decision)]
    if decision.departs_from_advice:
        advised.append("Het besluit wijkt af van dit advies. In de brief staat waarom.")
    return {
        "title": "Advies van de commissie",
        "sections": [
            section("Advies", paragraphs=advised),
            section("Oordeel van de commissie", paragraphs=paragraphs_of(advice.text)),
            section(
                "Scores",
                paragraphs=[_scale(application)],
                head=["Criterium", "Gewicht", "Gemiddelde"],
                rows=_scores(application),
            ),
        ],
    }


def _scale(application: Application) -> str:
    call = application.call
    return (
        f"Het gemiddelde van de beoordelaars, op een schaal van {call.lowest_score} tot {call.highest_score}. "
        f"Gewogen gemiddelde: {dutch_amount(application.advice.mean_score)}."
    )


def _scores(application: Application) -> list[Any]:
    return [
        [criterion.title, f"{criterion.weight}%", dutch_amount(mean)]
        for criterion, mean in mean_per_criterion(application)
    ]
