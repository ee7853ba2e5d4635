from . import parapheur_folder, parapheur_nature, registry_letter
