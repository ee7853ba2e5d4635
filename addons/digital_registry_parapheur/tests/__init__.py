from . import test_numbering
from . import test_completion
from . import test_register_after, test_several
