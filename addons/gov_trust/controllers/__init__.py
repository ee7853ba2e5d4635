from . import log, trust, verify, verify_offline
