from django.db import migrations

KEEPS = """
CREATE TRIGGER frozen_content_never_changes BEFORE UPDATE OR DELETE ON applications_frozencontent
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER sealed_application_never_changes BEFORE UPDATE OR DELETE ON applications_sealedapplication
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER declaration_signature_never_changes BEFORE UPDATE OR DELETE ON applications_declarationsignature
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Whoever writes the row: what somebody else saved, and what a version ended with, is kept before it is overwritten.
CREATE FUNCTION keep_text_that_stood() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO applications_earlierversion
        (application_id, part, spec_id, number, content, begun_at, saved_at, saved_by_id, restored_from)
    VALUES (
        OLD.application_id, 'section', OLD.spec_id, OLD.version, jsonb_build_object('text', OLD.text),
        COALESCE(OLD.begun_at, OLD.saved_at), OLD.saved_at, OLD.saved_by_id, OLD.restored_from
    );
    RETURN NULL;
END
$$;
CREATE TRIGGER text_that_stood_is_kept AFTER UPDATE ON applications_applicationsection
    FOR EACH ROW WHEN (
        NEW.version <> OLD.version
        AND (NEW.begun_with <> OLD.begun_with OR NEW.saved_by_id <> OLD.saved_by_id)
    ) EXECUTE FUNCTION keep_text_that_stood();

-- A draft begins with version 1, in which nothing is filled in.
CREATE FUNCTION keep_particulars_that_stood() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO applications_earlierversion
        (application_id, part, number, content, begun_at, saved_at, saved_by_id, restored_from)
    VALUES (
        OLD.id, 'particulars', OLD.particulars_version,
        jsonb_build_object(
            'title', OLD.title, 'starts_on', OLD.starts_on, 'duration_months', OLD.duration_months
        ),
        COALESCE(OLD.particulars_begun_at, OLD.particulars_saved_at), OLD.particulars_saved_at,
        OLD.particulars_saved_by_id, OLD.particulars_restored_from
    );
    RETURN NULL;
END
$$;
CREATE TRIGGER particulars_that_stood_are_kept AFTER UPDATE ON applications_application
    FOR EACH ROW WHEN (
        NEW.particulars_version <> OLD.particulars_version AND OLD.particulars_version > 1
        AND (
            NEW.particulars_begun_with <> OLD.particulars_begun_with
            OR NEW.particulars_saved_by_id <> OLD.particulars_saved_by_id
        )
    ) EXECUTE FUNCTION keep_particulars_that_stood();

-- The lines are replaced after the row of the application.
CREATE FUNCTION keep_budget_that_stood() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO applications_earlierversion
        (application_id, part, number, content, begun_at, saved_at, saved_by_id, restored_from)
    SELECT
        OLD.id, 'budget', OLD.budget_version,
        jsonb_build_object('lines', COALESCE(jsonb_agg(
            jsonb_build_object(
                'heading', line.heading_id, 'heading_title', heading.title,
                'participation', line.participation_id, 'organisation', member.stated_name,
                'description', line.description, 'hours', line.hours::text, 'rate', line.rate::text,
                'amount', line.amount::text
            ) ORDER BY line.position
        ) FILTER (WHERE line.id IS NOT NULL), '[]'::jsonb)),
        COALESCE(OLD.budget_begun_at, OLD.budget_saved_at), OLD.budget_saved_at,
        OLD.budget_saved_by_id, OLD.budget_restored_from
    FROM (SELECT OLD.id) AS draft
    LEFT JOIN applications_budgetline AS line ON line.application_id = draft.id
    LEFT JOIN calls_budgetheading AS heading ON heading.id = line.heading_id
    LEFT JOIN coalitions_participation AS member ON member.id = line.participation_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER budget_that_stood_is_kept AFTER UPDATE ON applications_application
    FOR EACH ROW WHEN (
        NEW.budget_version <> OLD.budget_version AND OLD.budget_version > 1
        AND (
            NEW.budget_begun_with <> OLD.budget_begun_with
            OR NEW.budget_saved_by_id <> OLD.budget_saved_by_id
        )
    ) EXECUTE FUNCTION keep_budget_that_stood();

-- 29 beside the one that stands; and the last of each person, so that nobody pushes out what another wrote.
CREATE FUNCTION drop_older_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM applications_earlierversion AS older
    USING (
        SELECT
            id,
            row_number() OVER (ORDER BY number DESC) AS place,
            row_number() OVER (PARTITION BY saved_by_id ORDER BY number DESC) AS place_of_person
        FROM applications_earlierversion
        WHERE application_id = NEW.application_id AND part = NEW.part AND spec_id IS NOT DISTINCT FROM NEW.spec_id
    ) AS placed
    WHERE older.id = placed.id AND placed.place > 29 AND placed.place_of_person > 1;
    RETURN NULL;
END
$$;
CREATE TRIGGER earlier_versions_are_the_last AFTER INSERT ON applications_earlierversion
    FOR EACH ROW EXECUTE FUNCTION drop_older_versions();
CREATE TRIGGER earlier_version_never_changes BEFORE UPDATE ON applications_earlierversion
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION keep_who_wrote() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    place integer;
    written_in bigint;
    writer bigint;
BEGIN
    -- The first argument names the column of the application, the others those of people.
    EXECUTE format('SELECT ($1).%I', TG_ARGV[0]) INTO written_in USING NEW;
    FOR place IN 1 .. TG_NARGS - 1 LOOP
        EXECUTE format('SELECT ($1).%I', TG_ARGV[place]) INTO writer USING NEW;
        IF writer IS NOT NULL THEN
            INSERT INTO applications_writer (application_id, user_id) VALUES (written_in, writer)
                ON CONFLICT DO NOTHING;
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;
CREATE TRIGGER who_wrote_a_section_is_kept
    AFTER INSERT OR UPDATE OF saved_by_id ON applications_applicationsection
    FOR EACH ROW EXECUTE FUNCTION keep_who_wrote('application_id', 'saved_by_id');
CREATE TRIGGER who_named_people_is_kept
    AFTER INSERT OR UPDATE OF saved_by_id ON applications_applicationpeople
    FOR EACH ROW EXECUTE FUNCTION keep_who_wrote('application_id', 'saved_by_id');
CREATE TRIGGER who_attached_is_kept
    AFTER INSERT OR UPDATE OF added_by_id ON applications_attachment
    FOR EACH ROW EXECUTE FUNCTION keep_who_wrote('application_id', 'added_by_id');
CREATE TRIGGER who_wrote_an_application_is_kept
    AFTER INSERT OR UPDATE OF created_by_id, particulars_saved_by_id, budget_saved_by_id, submitted_by_id
    ON applications_application
    FOR EACH ROW EXECUTE FUNCTION keep_who_wrote(
        'id', 'created_by_id', 'particulars_saved_by_id', 'budget_saved_by_id', 'submitted_by_id'
    );

-- While it can still be found what an event is about. An act on a coalition is one on each application that it has then.
CREATE FUNCTION keep_who_steers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    about jsonb;
BEGIN
    EXECUTE format('SELECT to_jsonb(about) FROM %I AS about WHERE id = $1', replace(NEW.subject_type, '.', '_'))
        INTO about USING NEW.subject_id;
    INSERT INTO applications_steerer (application_id, user_id)
    SELECT id, NEW.actor_id FROM applications_application
    WHERE CASE
        WHEN NEW.subject_type = 'applications.application' THEN id = NEW.subject_id
        WHEN NEW.subject_type = 'coalitions.coalition' THEN coalition_id = NEW.subject_id
        WHEN NEW.facts ? 'link'
            THEN id = (SELECT application_id FROM applications_onetimelink WHERE id = (NEW.facts ->> 'link')::bigint)
        WHEN about ? 'application_id' THEN id = (about ->> 'application_id')::bigint
        ELSE coalition_id = (about ->> 'coalition_id')::bigint
    END
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
CREATE TRIGGER who_steers_is_kept AFTER INSERT ON audit_auditevent
    FOR EACH ROW WHEN (NEW.is_steering AND NEW.actor_id IS NOT NULL) EXECUTE FUNCTION keep_who_steers();

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
DROP TRIGGER who_steers_is_kept ON audit_auditevent;
DROP FUNCTION keep_who_steers();
DROP TRIGGER who_wrote_an_application_is_kept ON applications_application;
DROP TRIGGER who_attached_is_kept ON applications_attachment;
DROP TRIGGER who_named_people_is_kept ON applications_applicationpeople;
DROP TRIGGER who_wrote_a_section_is_kept ON applications_applicationsection;
DROP FUNCTION keep_who_wrote();
DROP TRIGGER earlier_version_never_changes ON applications_earlierversion;
DROP TRIGGER earlier_versions_are_the_last ON applications_earlierversion;
DROP FUNCTION drop_older_versions();
DROP TRIGGER budget_that_stood_is_kept ON applications_application;
DROP FUNCTION keep_budget_that_stood();
DROP TRIGGER particulars_that_stood_are_kept ON applications_application;
DROP FUNCTION keep_particulars_that_stood();
DROP TRIGGER text_that_stood_is_kept ON applications_applicationsection;
DROP FUNCTION keep_text_that_stood();
DROP TRIGGER declaration_signature_never_changes ON applications_declarationsignature;
DROP TRIGGER sealed_application_never_changes ON applications_sealedapplication;
DROP TRIGGER frozen_content_never_changes ON applications_frozencontent;
"""


class Migration(migrations.Migration):
    """Let the database keep what stood in a draft and who wrote, and refuse a change of what is final (rules 4, 14, 32 and 44)."""

    dependencies = [("applications", "0001_initial"), ("audit", "0002_rows_that_never_change")]

    operations = [migrations.RunSQL(KEEPS, UNDO)]
