from . import parapheur_folder, parapheur_nature, parapheur_piece, registry_letter
