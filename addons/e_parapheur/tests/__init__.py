from . import test_sign
