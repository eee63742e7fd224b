from django.db import migrations

KEEPS = """
CREATE FUNCTION keep_former_address() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO accounts_formeraddress (user_id, email) VALUES (OLD.user_id, lower(OLD.email)) ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
CREATE TRIGGER former_address_is_kept AFTER DELETE ON account_emailaddress
    FOR EACH ROW WHEN (OLD.verified) EXECUTE FUNCTION keep_former_address();
CREATE TRIGGER changed_address_is_kept AFTER UPDATE OF email ON account_emailaddress
    FOR EACH ROW WHEN (OLD.verified AND lower(OLD.email) <> lower(NEW.email)) EXECUTE FUNCTION keep_former_address();
"""

UNDO = """
DROP TRIGGER changed_address_is_kept ON account_emailaddress;
DROP TRIGGER former_address_is_kept ON account_emailaddress;
DROP FUNCTION keep_former_address();
"""

# An account goes with its addresses: those that are kept meanwhile, of which Django does not know, go with it.
GOES_ALONG = """
ALTER TABLE accounts_formeraddress ADD CONSTRAINT former_address_goes_with_its_account
    FOREIGN KEY (user_id) REFERENCES accounts_user (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
"""
STAYS = "ALTER TABLE accounts_formeraddress DROP CONSTRAINT former_address_goes_with_its_account;"


class Migration(migrations.Migration):
    """Let the database keep every address that an account had, as long as the account is there (rule 27)."""

    dependencies = [("accounts", "0001_initial"), ("account", "0009_emailaddress_unique_primary_email")]

    operations = [migrations.RunSQL(GOES_ALONG, STAYS), migrations.RunSQL(KEEPS, UNDO)]
