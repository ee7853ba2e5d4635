from . import controllers, models
from . import wizard
