import uuid
from datetime import timedelta

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

KEEPS = """
CREATE FUNCTION refuse_another_lead() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM applications_application
        WHERE coalition_id = NEW.coalition_id AND submitted_at IS NOT NULL
    ) OR NOT EXISTS (
        SELECT 1 FROM applications_leadoffer
        JOIN coalitions_coalition ON coalitions_coalition.id = applications_leadoffer.coalition_id
        WHERE applications_leadoffer.coalition_id = NEW.coalition_id AND applications_leadoffer.place_id = NEW.id
            AND applications_leadoffer.state = 'accepted'
            AND applications_leadoffer.settled_at = coalitions_coalition.lead_taken_at
    ) THEN
        RAISE EXCEPTION 'another organisation leads only what was never submitted, by an offer that it accepted'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER lead_moves_by_an_accepted_offer BEFORE UPDATE OF is_lead ON coalitions_participation
    FOR EACH ROW WHEN (NEW.is_lead AND NOT OLD.is_lead) EXECUTE FUNCTION refuse_another_lead();
"""
UNDO = """
DROP TRIGGER lead_moves_by_an_accepted_offer ON coalitions_participation;
DROP FUNCTION refuse_another_lead();
"""


class Migration(migrations.Migration):
    """Keep who was offered the lead of a coalition, and let nobody get it otherwise (rule 44)."""

    dependencies = [
        ("applications", "0024_copies_of_signatures"),
        ("coalitions", "0006_leads_that_were_taken_over"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LeadOffer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("offered_at", models.DateTimeField()),
                ("lapses_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                            ("taken_back", "taken back"),
                            ("stopped", "stopped"),
                            ("lapsed", "lapsed"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True)),
                ("declined_because", models.CharField(blank=True, max_length=500)),
                (
                    "coalition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lead_offers",
                        to="coalitions.coalition",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "offered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lead_offers",
                        to="coalitions.participation",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "offer of the lead",
                "verbose_name_plural": "offers of the lead",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("coalition",),
                        name="lead_offer_one_open_per_coalition",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "lapses_at",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("offered_at"), "+", models.Value(timedelta(days=30))
                                ),
                            )
                        ),
                        name="lead_offer_open_for_thirty_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at", None), ("settled_by", None), ("state", "open")),
                            models.Q(
                                ("settled_at__isnull", False),
                                ("settled_by__isnull", False),
                                ("state__in", ["accepted", "declined", "taken_back"]),
                            ),
                            models.Q(("settled_at__isnull", False), ("state__in", ["stopped", "lapsed"])),
                            _connector="OR",
                        ),
                        name="lead_offer_settled_at_a_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "accepted"), _negated=True),
                            models.Q(
                                models.Q(("settled_by", models.F("offered_by")), _negated=True),
                                models.Q(("settled_by", models.F("contact")), _negated=True),
                                ("settled_at__lt", models.F("lapses_at")),
                            ),
                            _connector="OR",
                        ),
                        name="lead_offer_accepted_by_somebody_else_in_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "declined"), models.Q(("declined_because", ""), _negated=True)
                            ),
                            models.Q(
                                models.Q(("state", "declined"), _negated=True), ("declined_because", "")
                            ),
                            _connector="OR",
                        ),
                        name="lead_offer_declined_with_a_reason",
                    ),
                ],
            },
        ),
        migrations.RunSQL(KEEPS, UNDO),
    ]
