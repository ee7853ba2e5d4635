from . import (
    desk_event_sentence,
    desk_outgoing,
    parapheur_folder,
    registry_nature,
    registry_office,
)
