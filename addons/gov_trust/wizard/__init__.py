from . import (
    gov_anchor_list_wizard,
    gov_anchor_propose_wizard,
    gov_anchor_withdraw_wizard,
    gov_key_revoke_wizard,
    gov_key_rotate_wizard,
    gov_signature_wizard,
)
