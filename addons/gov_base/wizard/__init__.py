from . import gov_circuit_dialog
from . import gov_circuit_simulation
from . import gov_clock_dialog
from . import gov_person_change
from . import gov_person_close
from . import gov_person_invite
from . import gov_person_link
from . import gov_template_preview
