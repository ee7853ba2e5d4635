import { Component } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";

/** The keys of the desk, from the table that obeys them. */
export class KeysDialog extends Component {
    static template = "e_parapheur.KeysDialog";
    static components = { Dialog };
    static props = { close: Function, groups: Array };

    label(key) {
        return (
            {
                " ": _t("Space"),
                ArrowDown: "↓",
                ArrowUp: "↑",
                Enter: _t("Enter"),
                Escape: _t("Esc"),
                PageDown: _t("Page down"),
                PageUp: _t("Page up"),
            }[key] || key
        );
    }
}
