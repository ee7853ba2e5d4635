from . import (
    gov_typed_wizard,
    gov_anchor_list_wizard,
    gov_anchor_propose_wizard,
    gov_anchor_withdraw_wizard,
    gov_key_certify_wizard,
    gov_key_import_wizard,
    gov_key_request_wizard,
    gov_key_revoke_wizard,
    gov_key_rotate_wizard,
    gov_key_token_pin_wizard,
    gov_key_token_wizard,
    gov_signature_wizard,
)
