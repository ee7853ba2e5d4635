from . import (
    desk_event_sentence,
    desk_handover,
    desk_handover_line,
    desk_outgoing,
    desk_outgoing_auto,
    desk_outgoing_signed,
    parapheur_folder,
    parapheur_folder_again,
    parapheur_folder_told,
    registry_nature,
    registry_office,
)
