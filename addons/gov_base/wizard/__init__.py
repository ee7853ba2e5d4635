from . import gov_circuit_dialog
from . import gov_circuit_simulation
