import { Component } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";

/** The keyboard of the board, on one page. */
export class BoardHelp extends Component {
    static template = "mail_desk.BoardHelp";
    static components = { Dialog };
    static props = { close: Function };

    get keys() {
        return [
            ["Enter", _t("Dispatch, and open the next letter")],
            ["1 … 9", _t("Take a proposal")],
            ["j  k  ↓  ↑", _t("Next letter, letter before")],
            ["u", _t("Unit")],
            ["a", _t("Agent")],
            ["i", _t("Instruction")],
            ["d", _t("Due date")],
            ["n", _t("A line for the unit")],
            ["c", _t("Copies")],
            ["o", _t("Opinions")],
            ["x", _t("Tick this letter")],
            ["Shift x", _t("Tick all")],
            ["r", _t("Return")],
            ["f", _t("Refuse")],
            ["g", _t("Redirect")],
            ["z", _t("Undo the last dispatch")],
            ["/", _t("Search")],
            ["Esc", _t("Leave a field")],
        ];
    }
}
