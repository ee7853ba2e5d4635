from . import (
    desk_event_sentence,
    desk_outgoing,
    desk_sending,
    gov_deposit,
    registry_letter,
)
