"""The result of an application: mean and spread of its scores."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import pstdev

from applications.models import Application
from calls.models import Criterion
from hubportal.accounts.permissions import Person
from reviews.models import Review, ReviewResult
from reviews.queries import results_open_to, valid_reviews

_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Result:
    """The weighted mean of an application and the spread between its reviewers (see ``spread_of``)."""

    reviews: int
    mean: Decimal
    spread: Decimal


NO_REVIEWS = Result(0, Decimal("0.00"), Decimal("0.00"))


def weighted_mean(scores: Iterable[tuple[int, int]]) -> Decimal:
    """Return the mean of pairs of weight and score, with two places; zero without scores."""
    pairs = list(scores)
    weight = sum(each for each, _score in pairs)
    if not weight:
        return Decimal("0.00")
    total = sum((Decimal(each) * score for each, score in pairs), Decimal(0))
    return (total / weight).quantize(_HUNDREDTH, ROUND_HALF_UP)


def result_of(application: Application) -> Result:
    """Compute the result of the complete reviews; raw scores stay as they are (rule 17)."""
    reviews = list(valid_reviews(application))
    means = [
        weighted_mean((each.criterion.weight, each.value or 0) for each in review.scores.all())
        for review in reviews
    ]
    if not means:
        return NO_REVIEWS
    mean = (sum(means, Decimal(0)) / len(means)).quantize(_HUNDREDTH, ROUND_HALF_UP)
    return Result(len(means), mean, spread_of(reviews))


def spread_of(reviews: Iterable[Review]) -> Decimal:
    """Return how far reviewers are apart, criterion by criterion, in points of the scale with two places.

    The population standard deviation of the scores on each criterion, averaged over the criteria by their weights:
    sum(weight x deviation) / sum(weight). Zero only where all give the same score on every criterion.
    """
    given: dict[Criterion, list[Decimal]] = {}
    for review in reviews:
        for each in review.scores.all():
            given.setdefault(each.criterion, []).append(Decimal(each.value or 0))
    weight = sum(each.weight for each in given)
    if not weight:
        return Decimal("0.00")
    total = sum((each.weight * pstdev(scores) for each, scores in given.items()), Decimal(0))
    return (total / weight).quantize(_HUNDREDTH, ROUND_HALF_UP)


def store_result(application: Application) -> None:
    """Store the result of the complete reviews of a locked application, within the act that changes it."""
    values = {"review_round_id": application.review_round_id, **asdict(result_of(application))}
    # The lock on the application keeps another act from adding the row in between.
    if not ReviewResult.objects.filter(application=application).update(**values):
        ReviewResult.objects.create(application=application, **values)


def results_for(user: Person, applications: Iterable[Application]) -> dict[int, Result]:
    """Return the stored result of each application whose reviews the person may know (rule 16)."""
    known = results_open_to(user).filter(pk__in=[each.pk for each in applications]).select_related("result")
    return {each.pk: stored_result(each) for each in known}


def stored_result(application: Application) -> Result:
    """Return the stored result of an application; whether somebody may know it is another question (rule 16)."""
    stored = getattr(application, "result", None)
    return Result(stored.reviews, stored.mean, stored.spread) if stored else NO_REVIEWS


def mean_per_criterion(application: Application) -> list[tuple[Criterion, Decimal]]:
    """Return each criterion with the mean of its scores, in order."""
    found: dict[Criterion, list[tuple[int, int]]] = {each: [] for each in application.call.criteria.all()}
    for review in valid_reviews(application):
        for score in review.scores.all():
            if score.value is not None:
                found[score.criterion].append((1, score.value))
    return [(criterion, weighted_mean(scores)) for criterion, scores in found.items()]
