from . import desk_event_sentence, desk_outgoing, gov_deposit, registry_letter
