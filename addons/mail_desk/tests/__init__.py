from . import (
    test_access,
    test_alone,
    test_baskets,
    test_dispatch,
    test_gate,
    test_handing_over,
    test_hostile,
    test_note,
    test_number,
    test_opinion,
    test_outgoing,
    test_steering,
)
