"""Results of reviews, stored so that lists can order by them."""

from typing import ClassVar

from django.db import models
from django.db.models import F

from applications.models import Application
from calls.models import ReviewRound


class ReviewResult(models.Model):
    """The result of the complete reviews of one application, from the first of them on (uitslag).

    Written by ``domain.results.store_result`` alone, in the transaction of the act that changes it. Who may know it is
    said by ``queries.results_open_to``, and by no other condition (rule 16).
    """

    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, primary_key=True, related_name="result"
    )
    # As of the application; here so that an index has a round in the order of its means.
    review_round = models.ForeignKey(ReviewRound, on_delete=models.PROTECT, related_name="+", db_index=False)
    reviews = models.PositiveSmallIntegerField()
    mean = models.DecimalField(max_digits=4, decimal_places=2)
    spread = models.DecimalField(max_digits=4, decimal_places=2)

    class Meta:
        indexes: ClassVar = [
            models.Index("review_round", F("mean").desc(), "application", name="review_result_by_mean")
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.mean}"
