from . import gov_holiday
