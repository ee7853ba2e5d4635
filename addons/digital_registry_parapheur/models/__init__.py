from . import (
    parapheur_nature,
    parapheur_folder,
    parapheur_folder_number,
    parapheur_folder_register,
    parapheur_piece,
    registry_letter,
)
