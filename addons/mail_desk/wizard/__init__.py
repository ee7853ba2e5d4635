from . import (
    desk_answer_wizard,
    desk_decide_wizard,
    desk_dispatch_wizard,
    desk_merge_wizard,
    desk_margin_wizard,
    desk_move_wizard,
    desk_note_wizard,
    desk_opinion_wizard,
    desk_scan_wizard,
    desk_send_wizard,
    desk_sending_wizard,
    desk_submit_wizard,
)
