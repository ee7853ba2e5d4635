from . import (
    registry_cancel_wizard,
    registry_exchange_decision_wizard,
    registry_exchange_wizard,
    registry_rectify_wizard,
    registry_start_wizard,
    registry_verify_result,
    registry_verify_result_line,
)
