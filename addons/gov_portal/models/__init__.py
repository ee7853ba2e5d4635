from . import (
    gov_deposit,
    gov_deposit_draft,
    gov_deposit_file,
    gov_deposit_page,
    gov_deposit_submit,
    gov_deposit_track,
    gov_master,
    ir_http,
    registry_letter,
    registry_office,
    registry_receipt,
    website,
)
