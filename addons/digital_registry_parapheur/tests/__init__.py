from . import test_numbering
