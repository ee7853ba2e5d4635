from . import test_mailing, test_signed_reply
