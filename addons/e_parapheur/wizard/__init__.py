from . import parapheur_elsewhere_wizard
from . import parapheur_reason
