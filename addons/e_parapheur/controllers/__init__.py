from . import dispatch
from . import parapheur_page
