from django.db import migrations

# In lower case until the portal writes it in the form in which mailboxes are compared, which is the same for nearly all.
CONFIRMED = """
CREATE FUNCTION keep_confirmed_address() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO accounts_knownaddress (user_id, email, mailbox, is_confirmed)
        VALUES (NEW.user_id, lower(NEW.email), lower(NEW.email), true)
        ON CONFLICT (user_id, email) DO UPDATE SET is_confirmed = true;
    RETURN NULL;
END
$$;
CREATE TRIGGER confirmed_address_is_kept AFTER INSERT OR UPDATE OF email, verified ON account_emailaddress
    FOR EACH ROW WHEN (NEW.verified) EXECUTE FUNCTION keep_confirmed_address();
"""

CONFIRMED_UNDO = """
DROP TRIGGER confirmed_address_is_kept ON account_emailaddress;
DROP FUNCTION keep_confirmed_address();
"""

OWN = """
CREATE FUNCTION keep_own_address() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM accounts_knownaddress
            WHERE user_id = NEW.id AND NOT is_confirmed AND email <> lower(NEW.email);
    END IF;
    INSERT INTO accounts_knownaddress (user_id, email, mailbox, is_confirmed)
        VALUES (NEW.id, lower(NEW.email), NEW.mailbox, false)
        ON CONFLICT (user_id, email) DO UPDATE SET mailbox = EXCLUDED.mailbox;
    RETURN NULL;
END
$$;
CREATE TRIGGER own_address_is_kept AFTER INSERT OR UPDATE OF email, mailbox ON accounts_user
    FOR EACH ROW WHEN (NEW.mailbox <> '') EXECUTE FUNCTION keep_own_address();
"""

OWN_UNDO = """
DROP TRIGGER own_address_is_kept ON accounts_user;
DROP FUNCTION keep_own_address();
"""


class Migration(migrations.Migration):
    """Let the database keep every address that an account has or confirmed, as long as the account is there (rules 28 and 29)."""

    dependencies = [("accounts", "0001_initial"), ("account", "0009_emailaddress_unique_primary_email")]

    operations = [migrations.RunSQL(CONFIRMED, CONFIRMED_UNDO), migrations.RunSQL(OWN, OWN_UNDO)]
