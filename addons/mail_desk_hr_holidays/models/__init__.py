from . import gov_absence
from . import gov_absence_follow
from . import hr_leave
