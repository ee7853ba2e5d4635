from . import gov_key_revoke_wizard, gov_signature_wizard
