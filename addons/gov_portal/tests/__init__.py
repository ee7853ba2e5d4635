from . import (
    test_alone,
    test_back_office,
    test_deposit,
    test_deposit_errors,
    test_desks,
    test_done,
    test_lib,
    test_pages,
    test_sending,
    test_track,
)
