from . import test_hijri
from . import test_morocco
