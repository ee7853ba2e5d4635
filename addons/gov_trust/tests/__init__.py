from . import (
    test_canonical,
    test_guard,
    test_identity,
    test_journal,
    test_merkle,
    test_uninstall,
)
