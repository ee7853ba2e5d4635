from . import test_delegated_letter, test_mailing, test_one_go, test_signed_reply
