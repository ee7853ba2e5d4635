from . import log, trust, tsa, verify, verify_offline, verify_upload
