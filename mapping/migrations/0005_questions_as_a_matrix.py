import django.contrib.postgres.fields
from django.conf import settings
from django.db import migrations, models

ONCE = """
ALTER TABLE mapping_engagement
ADD CONSTRAINT engagement_once_per_form UNIQUE (question_id, organisation_id, form);
"""


class Migration(migrations.Migration):
    """Keep what a question is about, and several forms of each organisation with since, until and how it went."""

    dependencies = [
        ("mapping", "0004_taken_off_the_map"),
        ("organisations", "0006_other_names"),
        ("regions", "0002_place_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="engagement",
            name="engagement_once_per_question",
        ),
        migrations.AddField(
            model_name="engagement",
            name="how_it_went",
            field=models.TextField(blank=True, db_default="", max_length=1000, verbose_name="how it went"),
        ),
        migrations.AddField(
            model_name="engagement",
            name="since_on",
            field=models.DateField(blank=True, null=True, verbose_name="since"),
        ),
        migrations.AddField(
            model_name="engagement",
            name="until_on",
            field=models.DateField(blank=True, null=True, verbose_name="until"),
        ),
        migrations.AddField(
            model_name="participationquestion",
            name="asked_by",
            field=models.CharField(blank=True, db_default="", max_length=150, verbose_name="who asks"),
        ),
        migrations.AddField(
            model_name="participationquestion",
            name="how_to_join",
            field=models.TextField(
                blank=True, db_default="", max_length=1000, verbose_name="how to take part"
            ),
        ),
        migrations.AddField(
            model_name="participationquestion",
            name="is_public",
            field=models.BooleanField(db_default=False, default=False, verbose_name="public"),
        ),
        migrations.AddField(
            model_name="participationquestion",
            name="less_heard",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("young", "children and young people"),
                        ("old", "older people who need help"),
                        ("low_income", "people with little money or debts"),
                        ("reading", "people who find reading hard"),
                        ("digital", "people without internet"),
                        ("newcomers", "newcomers and people with another mother tongue"),
                        ("disability", "people with a disability"),
                        ("mental", "people with mental problems"),
                        ("homeless", "people without a home"),
                        ("carers", "informal carers"),
                        ("lgbtiq", "LGBTIQ+ people"),
                    ],
                    max_length=10,
                ),
                blank=True,
                db_default=models.Value("{}"),
                default=list,
                size=None,
                verbose_name="less-heard voices",
            ),
        ),
        migrations.AddField(
            model_name="participationquestion",
            name="phase",
            field=models.CharField(
                blank=True,
                choices=[
                    ("explore", "exploring"),
                    ("plan", "making plans"),
                    ("decide", "deciding"),
                    ("carry_out", "carrying out"),
                    ("look_back", "looking back"),
                ],
                db_default="",
                max_length=9,
                verbose_name="phase",
            ),
        ),
        migrations.AddField(
            model_name="participationquestion",
            name="plans",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("iza", "IZA (Integraal Zorgakkoord)"),
                        ("gala", "GALA (Gezond en Actief Leven Akkoord)"),
                        ("wozo", "WOZO (Wonen, Ondersteuning en Zorg voor Ouderen)"),
                        ("taz", "TAZ (Toekomstbestendige Arbeidsmarkt Zorg)"),
                        ("roaz", "ROAZ (acute care in the region)"),
                        ("regiobeeld", "regional picture or plan (regiobeeld, regioplan)"),
                    ],
                    max_length=10,
                ),
                blank=True,
                db_default=models.Value("{}"),
                default=list,
                size=None,
                verbose_name="accords and plans",
            ),
        ),
        migrations.AddField(
            model_name="participationquestion",
            name="state",
            field=models.CharField(
                choices=[("open", "open"), ("on_hold", "on hold"), ("closed", "closed")],
                db_default="open",
                default="open",
                max_length=7,
                verbose_name="state",
            ),
        ),
        migrations.AddField(
            model_name="participationquestion",
            name="target_groups",
            field=models.CharField(blank=True, db_default="", max_length=300, verbose_name="target groups"),
        ),
        migrations.AddField(
            model_name="participationquestion",
            name="theme",
            field=models.CharField(
                blank=True,
                choices=[
                    ("prevention", "healthy living and prevention"),
                    ("first_line", "general practice and care nearby"),
                    ("acute", "hospital and acute care"),
                    ("mental_health", "mental health"),
                    ("long_term", "long-term care and disability"),
                    ("youth", "growing up"),
                    ("older", "growing old"),
                    ("informal_care", "informal care"),
                    ("livelihood", "work, income and debts"),
                    ("living", "housing and neighbourhood"),
                    ("access", "finding one's way, digital care"),
                    ("other", "something else"),
                ],
                db_default="",
                max_length=13,
                verbose_name="theme",
            ),
        ),
        migrations.AddField(
            model_name="participationquestion",
            name="until_on",
            field=models.DateField(blank=True, null=True, verbose_name="until when"),
        ),
        # By hand: the linter cannot see that every question had an organisation once, so that no row is refused.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    ONCE, "ALTER TABLE mapping_engagement DROP CONSTRAINT engagement_once_per_form;"
                )
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="engagement",
                    constraint=models.UniqueConstraint(
                        fields=("question", "organisation", "form"), name="engagement_once_per_form"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="engagement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("since_on", None),
                    ("until_on", None),
                    ("until_on__gte", models.F("since_on")),
                    _connector="OR",
                ),
                name="engagement_ends_no_earlier",
            ),
        ),
        migrations.AddConstraint(
            model_name="participationquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "theme__in",
                        [
                            "",
                            "prevention",
                            "first_line",
                            "acute",
                            "mental_health",
                            "long_term",
                            "youth",
                            "older",
                            "informal_care",
                            "livelihood",
                            "living",
                            "access",
                            "other",
                        ],
                    )
                ),
                name="question_of_a_known_theme",
            ),
        ),
        migrations.AddConstraint(
            model_name="participationquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("plans__contained_by", ["iza", "gala", "wozo", "taz", "roaz", "regiobeeld"])
                ),
                name="question_of_known_plans",
            ),
        ),
        migrations.AddConstraint(
            model_name="participationquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("phase__in", ["", "explore", "plan", "decide", "carry_out", "look_back"])
                ),
                name="question_in_a_known_phase",
            ),
        ),
        migrations.AddConstraint(
            model_name="participationquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "less_heard__contained_by",
                        [
                            "young",
                            "old",
                            "low_income",
                            "reading",
                            "digital",
                            "newcomers",
                            "disability",
                            "mental",
                            "homeless",
                            "carers",
                            "lgbtiq",
                        ],
                    )
                ),
                name="question_of_known_less_heard",
            ),
        ),
        migrations.AddConstraint(
            model_name="participationquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "on_hold", "closed"])),
                name="question_in_a_known_state",
            ),
        ),
    ]
