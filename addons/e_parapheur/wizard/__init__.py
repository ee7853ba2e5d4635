from . import parapheur_act
from . import parapheur_act_proof
from . import parapheur_elsewhere_wizard
from . import parapheur_paper_wizard
from . import parapheur_paper_wizard_line
from . import parapheur_reason
from . import parapheur_send
from . import parapheur_source_try
