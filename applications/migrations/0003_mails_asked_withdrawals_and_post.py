import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Count mails asked, keep when an application was withdrawn and what was begun from it, and where its letter goes."""

    dependencies = [
        ("applications", "0002_frozen_rows_never_change"),
        ("calls", "0003_mandates_contact_and_terms"),
        ("coalitions", "0003_when_members_changed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AskedMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mailbox_digest", models.CharField(max_length=64)),
                ("asked_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="application",
            name="started_from",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="applications.application",
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="withdrawn_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="withdrawn at"),
        ),
        migrations.AddField(
            model_name="applicationpeople",
            name="electronic_letters",
            field=models.BooleanField(blank=True, null=True, verbose_name="letters by e-mail"),
        ),
        migrations.AddField(
            model_name="applicationpeople",
            name="postal_code",
            field=models.CharField(blank=True, db_default="", max_length=7, verbose_name="postcode"),
        ),
        migrations.AddField(
            model_name="applicationpeople",
            name="postal_place",
            field=models.CharField(blank=True, db_default="", max_length=80, verbose_name="place"),
        ),
        migrations.AddField(
            model_name="applicationpeople",
            name="postal_street",
            field=models.CharField(
                blank=True, db_default="", max_length=100, verbose_name="street and number"
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "draft"), _negated=True), ("submitted_at", None), _connector="OR"
                ),
                name="application_draft_was_never_submitted",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(("withdrawn_at", None), ("status", "withdrawn"), _connector="OR"),
                name="application_withdrawal_has_a_moment_only_while_it_lasts",
            ),
        ),
        migrations.AddField(
            model_name="askedmail",
            name="asked_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="askedmail",
            index=models.Index(fields=["asked_by", "asked_at"], name="asked_mail_of_a_day"),
        ),
    ]
