from . import log, trust, verify
