from . import parapheur_register
