const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable]";
const OVER = ".modal, .o_popover, .o_command_palette, .o-dropdown--menu";

/** The keyboard of the board; `?` shows it. Returns the listener. */
export function useBoardKeys(board) {
    const { state, acts } = board;
    const can = (act) => state.isBulk || Boolean(state.letter && state.letter.can[act]);

    function acting(key) {
        return {
            j: () => board.move(1),
            ArrowDown: () => board.move(1),
            k: () => board.move(-1),
            ArrowUp: () => board.move(-1),
            x: () => state.letter && board.check(state.letter.id),
            X: () => board.checkAll(),
            u: () => board.focus("unit"),
            a: () => board.focus("agent"),
            i: () => board.focus("instruction"),
            d: () => board.focus("due"),
            n: () => board.focus("note"),
            c: () => board.unfold("copy"),
            o: () => board.unfold("opinion"),
            r: () => can("return") && acts.sendBack(),
            f: () => can("refuse") && acts.refuse(),
            g: () => can("redirect") && acts.redirect(),
            z: () => acts.undo(),
            "/": () => board.focus("search"),
            "?": () => board.help(),
            Enter: () => board.enter(),
        }[key];
    }

    return function onKeydown(ev) {
        const { target, key } = ev;
        if (document.querySelector(OVER) || ev.altKey || ev.ctrlKey || ev.metaKey) {
            return;
        }
        if (target.closest?.(TYPING)) {
            typed(ev);
            return;
        }
        // Enter on a button is that button's; on the letter that is open it dispatches.
        if (key === "Enter" && target.closest?.("a, button:not([aria-current=true])")) {
            return;
        }
        const run = /^[1-9]$/.test(key) ? () => board.take(Number(key) - 1) : acting(key);
        if (run) {
            ev.preventDefault();
            run();
        }
    };

    /** In a field only Enter and Escape are ours; a list of choices takes its own Enter first. */
    function typed(ev) {
        const { target, key } = ev;
        if (!target.closest(".o_desk_board") || ev.defaultPrevented) {
            return;
        }
        if (key === "Escape") {
            target.blur();
        } else if (key === "Enter" && target.closest(".o_desk_board_search")) {
            ev.preventDefault();
            target.blur();
        } else if (key === "Enter" && target.closest(".o_desk_board_form")) {
            ev.preventDefault();
            board.enter();
        }
    }
}
