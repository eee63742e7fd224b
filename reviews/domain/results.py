"""What the scores of an application come to."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import pstdev

from applications.models import Application
from calls.models import Criterion
from hubportal.accounts.permissions import Person
from reviews.enums import ReviewStatus
from reviews.models import Review
from reviews.queries import results_open_to


@dataclass(frozen=True)
class Result:
    """The weighted mean of an application and how far its reviewers lie apart."""

    reviews: int
    mean: Decimal
    spread: Decimal


def weighted_mean(scores: Iterable[tuple[int, int]]) -> Decimal:
    """Return the mean of pairs of weight and score, with two places; zero without scores."""
    pairs = list(scores)
    weight = sum(each for each, _score in pairs)
    if not weight:
        return Decimal("0.00")
    total = sum((Decimal(each) * score for each, score in pairs), Decimal(0))
    return (total / weight).quantize(Decimal("0.01"), ROUND_HALF_UP)


def result_of(application: Application) -> Result:
    """Return the result of the complete reviews; raw scores are not touched (rule 17)."""
    return results_of([application])[application.pk]


def results_of(applications: Iterable[Application]) -> dict[int, Result]:
    """Return the result of each application, by its id, in as many queries as for one."""
    means: dict[int, list[Decimal]] = {each.pk: [] for each in applications}
    reviews = Review.objects.filter(
        assignment__application__in=list(means), assignment__ended_at=None, status=ReviewStatus.COMPLETE
    )
    for review in reviews.select_related("assignment").prefetch_related("scores__criterion"):
        pairs = [(each.criterion.weight, each.value or 0) for each in review.scores.all()]
        means[review.assignment.application_id].append(weighted_mean(pairs))
    return {application: _result(found) for application, found in means.items()}


def results_for(user: Person, applications: Iterable[Application]) -> dict[int, Result]:
    """Return the result of each application of which the person may know what others think (rule 16)."""
    asked = list(applications)
    known = set(results_open_to(user).filter(pk__in=[each.pk for each in asked]).values_list("pk", flat=True))
    return results_of(each for each in asked if each.pk in known)


def _result(means: list[Decimal]) -> Result:
    if not means:
        return Result(0, Decimal("0.00"), Decimal("0.00"))
    mean = (sum(means, Decimal(0)) / len(means)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return Result(len(means), mean, Decimal(str(pstdev(means))).quantize(Decimal("0.01")))


def mean_per_criterion(application: Application) -> list[tuple[Criterion, Decimal]]:
    """Return each criterion with the mean of its scores, in order."""
    found: dict[Criterion, list[tuple[int, int]]] = {each: [] for each in application.call.criteria.all()}
    reviews = Review.objects.filter(
        assignment__application=application, assignment__ended_at=None, status=ReviewStatus.COMPLETE
    ).prefetch_related("scores__criterion")
    for review in reviews:
        for score in review.scores.all():
            if score.value is not None:
                found[score.criterion].append((1, score.value))
    return [(criterion, weighted_mean(scores)) for criterion, scores in found.items()]
