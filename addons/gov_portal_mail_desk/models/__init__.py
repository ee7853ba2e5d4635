from . import (
    desk_completion,
    desk_event_sentence,
    desk_mailing_recipient,
    desk_outgoing,
    desk_sending,
    gov_deposit,
    gov_deposit_completion,
    registry_letter,
    registry_letter_completion,
)
