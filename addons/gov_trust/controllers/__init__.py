from . import key_request, log, trust, tsa, verify, verify_offline, verify_upload
