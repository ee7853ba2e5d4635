from . import parapheur_reason
