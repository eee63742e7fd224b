"""Invariants of the event log (rule 21), and of the text that people put into any row (rule 33)."""

from collections.abc import Iterator
from functools import reduce
from itertools import groupby
from operator import or_
from typing import Any

from django.db.models import Field, Q

from hubportal.audit.domain.typed_columns import typed_fields
from hubportal.audit.domain.verification import broken_links
from hubportal.kernel.invariants import Violation, each_breaks
from hubportal.kernel.text import INVISIBLE_IN_ROWS

_LINK = r"://|\mwww\."


def violations() -> Iterator[Violation]:
    """Yield each break of the chain, and each text that says what nobody can see, or a name that carries a link."""
    for breach in broken_links():
        yield Violation(21, "audit.AuditBatch", breach.batch_id, breach.sentence)
    for model, fields in groupby(typed_fields(), key=lambda each: each.model):
        refused = [each for field in fields for each in _refused(field)]
        # Read once for all columns: which of them it is matters only where there is something.
        if model._base_manager.filter(reduce(or_, (condition for condition, _said in refused))).exists():
            for condition, said in refused:
                yield from each_breaks(33, model._base_manager.filter(condition), said)


def _refused(field: "Field[Any, Any]") -> Iterator[tuple[Q, str]]:
    yield Q((f"{field.name}__regex", INVISIBLE_IN_ROWS)), f"{field.name} holds signs that nobody can see"
    if field.name == "name" or field.name.endswith("_name"):
        yield Q((f"{field.name}__iregex", _LINK)), f"{field.name} holds a link"
