from . import test_completion
from . import test_reply
