from . import test_signed_reply
