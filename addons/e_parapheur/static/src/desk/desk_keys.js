import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

import { KeysDialog } from "./keys_dialog";

const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable]";
const WINDOWS = ".modal, .o_popover, .o-dropdown--menu, .o_command_palette";

/**
 * Everything at the desk without a mouse. One table feeds the keys and the window that lists them.
 *
 * A letter is the one that is printed on the key, or stands at its place where the keyboard writes another script.
 */
export function useDeskKeys(desk) {
    const dialog = useService("dialog");

    const can = (name) => desk.state.folder && desk.state.folder.can[name];
    const reader = (act) => () => desk.reader && act(desk.reader);
    const focus = (selector) => {
        const element = document.querySelector(`.o_parapheur_desk ${selector}`);
        element && element.focus();
    };

    const opens = (key, what, name) => ({
        keys: [key],
        name,
        run: () => can(what) && desk.acts.openAct(what),
    });

    function table() {
        const { acts, state } = desk;
        const { folder } = state;
        return [
            {
                title: _t("Folders"),
                keys: [
                    { keys: ["j", "ArrowDown"], name: _t("Next folder"), run: () => desk.move(1) },
                    {
                        keys: ["k", "ArrowUp"],
                        name: _t("Previous folder"),
                        run: () => desk.move(-1),
                    },
                    {
                        keys: ["1", "9"],
                        between: true,
                        name: _t("Basket by its place"),
                        run: (key) => {
                            const basket = desk.baskets[Number(key) - 1];
                            return basket && desk.choose(basket);
                        },
                    },
                    { keys: ["/"], name: _t("Search"), run: () => focus(".o_parapheur_search") },
                    {
                        keys: ["x"],
                        name: _t("Tick this folder"),
                        run: () => folder && desk.together && desk.check(folder.id),
                    },
                    {
                        keys: ["a"],
                        name: _t("Tick all"),
                        run: () => desk.together && desk.checkAll(),
                    },
                    {
                        keys: ["g"],
                        name: _t("Sign or approve what is ticked"),
                        run: () => state.checked.length && acts.decideChecked(),
                    },
                ],
            },
            {
                title: _t("Acts"),
                keys: [
                    {
                        keys: ["Enter"],
                        name: _t("Sign, approve or give my opinion"),
                        run: () =>
                            folder ? acts.primary() : desk.further && desk.choose(desk.further),
                    },
                    {
                        keys: ["r"],
                        name: _t("Refuse"),
                        run: () => can("refuse") && acts.refuse(),
                    },
                    opens("b", "return", _t("Return to an earlier step")),
                    opens("t", "transfer", _t("Hand on to somebody else")),
                    opens("o", "second_opinion", _t("Ask for a second opinion")),
                    opens("u", "recall", _t("Take back what I did last")),
                    {
                        keys: ["m"],
                        name: _t("Other acts"),
                        run: () => focus(".o_parapheur_more"),
                    },
                    {
                        keys: ["c"],
                        name: _t("Write a comment"),
                        run: () => folder && focus(".o_parapheur_comment"),
                    },
                ],
            },
            {
                title: _t("Document"),
                keys: [
                    {
                        keys: ["PageDown", " "],
                        name: _t("Further down"),
                        run: reader((one) => one.scroll(0.9)),
                    },
                    {
                        keys: ["PageUp"],
                        name: _t("Further up"),
                        run: reader((one) => one.scroll(-0.9)),
                    },
                    { keys: ["n"], name: _t("Next page"), run: reader((one) => one.turn(1)) },
                    { keys: ["p"], name: _t("Previous page"), run: reader((one) => one.turn(-1)) },
                    { keys: ["+", "="], name: _t("Larger"), run: reader((one) => one.zoom(1)) },
                    { keys: ["-"], name: _t("Smaller"), run: reader((one) => one.zoom(-1)) },
                    { keys: ["0"], name: _t("Whole width"), run: reader((one) => one.fitWidth()) },
                    {
                        keys: ["v"],
                        name: _t("Small pages beside"),
                        run: reader((one) => one.toggleThumbnails()),
                    },
                    {
                        keys: ["f"],
                        name: _t("Find in the document"),
                        run: reader((one) => one.find()),
                    },
                    {
                        keys: ["d"],
                        name: _t("Next document of the folder"),
                        run: () => folder && folder.documents.length && desk.turnDocument(),
                    },
                    {
                        keys: ["w"],
                        name: _t("Where it will be signed"),
                        run: () => desk.showPlace(),
                    },
                    {
                        keys: ["l"],
                        name: _t("Move the blocks"),
                        run: () => can("place") && desk.isMain && acts.placeBlocks(),
                    },
                    {
                        keys: ["e"],
                        name: _t("Compare versions"),
                        run: () => desk.isMain && acts.compare(),
                    },
                ],
            },
            {
                title: _t("Desk"),
                keys: [
                    { keys: ["?"], name: _t("These keys"), run: () => showKeys() },
                    { keys: ["Escape"], name: _t("Out of a field"), run: () => {} },
                ],
            },
        ];
    }

    function showKeys() {
        dialog.add(KeysDialog, { groups: table() });
    }

    /** The key as the table names it. */
    function keyOf(ev) {
        const place = /^(?:Key([A-Z])|(?:Digit|Numpad)([0-9]))$/.exec(ev.code || "");
        if (place && place[2]) {
            // Digits stand above signs on some keyboards.
            return /^\p{L}|\p{Nd}|[&é"'(\-è_çà]$/u.test(ev.key) ? place[2] : ev.key;
        }
        if (place && !/^[a-z]$/i.test(ev.key)) {
            return /^\p{L}+$/u.test(ev.key) ? place[1].toLowerCase() : ev.key;
        }
        return /^[A-Z]$/.test(ev.key) ? ev.key.toLowerCase() : ev.key;
    }

    function find(key) {
        for (const { keys } of table()) {
            for (const one of keys) {
                const among = one.between && /^[1-9]$/.test(key) ? true : one.keys.includes(key);
                if (among) {
                    return one;
                }
            }
        }
        return null;
    }

    function onKeydown(ev) {
        const { target } = ev;
        if (document.querySelector(WINDOWS) || ev.ctrlKey || ev.altKey || ev.metaKey) {
            return;
        }
        if (target.closest?.(TYPING)) {
            if (ev.key === "Escape") {
                target.blur();
            }
            return;
        }
        const inReader = target.ownerDocument !== document;
        const key = keyOf(ev);
        // Enter and space on a button are that button's; on the folder that is open Enter decides.
        const owned = "a, button:not([aria-current=true]), summary";
        if (target.closest?.(owned) && (key === "Enter" || key === " ")) {
            return;
        }
        if (inReader && (key === " " || key.startsWith("Page") || key.startsWith("Arrow"))) {
            return;
        }
        const found = key !== "Escape" && find(key);
        if (found) {
            ev.preventDefault();
            ev.stopImmediatePropagation();
            found.run(key);
        }
    }

    return { onKeydown, showKeys };
}
