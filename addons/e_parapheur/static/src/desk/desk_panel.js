import { Component } from "@odoo/owl";
import { CircuitPicture } from "@gov_base/circuit_picture/circuit_picture";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";

import { DeskComments } from "./desk_comments";

/** Acts with a button of their own. */
const SHOWN = ["approve", "opinion", "seal", "dispatch", "refuse", "return"];
const ICONS = {
    transfer: "fa-share",
    recuse: "fa-hand-paper-o",
    second_opinion: "fa-comments-o",
    second_opinion_withdraw: "fa-forward",
    add_signer: "fa-user-plus",
    recall: "fa-undo",
    cancel: "fa-ban",
    bypass_ask: "fa-step-forward",
    bypass_confirm: "fa-step-forward",
    replace: "fa-exchange",
    attach: "fa-paperclip",
    fill: "fa-list-alt",
    replace_document: "fa-refresh",
    chain: "fa-link",
};

/** The right column: what I must do and why I, the circuit, what others said. */
export class DeskPanel extends Component {
    static template = "e_parapheur.DeskPanel";
    static components = { CircuitPicture, DeskComments, Dropdown, DropdownItem };
    static props = {
        folder: Object,
        picture: { type: [Object, Boolean] },
        hasKey: Boolean,
        acts: Object,
        openForm: Function,
    };

    get task() {
        const { folder } = this.props;
        if (!folder.step && folder.can.order) {
            return _t("You prepare this desk: nothing is asked of you.");
        }
        if (!folder.step) {
            return folder.state === "running"
                ? _t("Nothing is asked of you now.")
                : folder.state_text;
        }
        return (
            {
                signature: _t("You are asked to sign."),
                opinion: _t("You are asked for your opinion."),
                paper: _t("You are asked to sign on paper."),
                seal: _t("You are asked to seal."),
                dispatch: _t("You are asked to send the files."),
            }[folder.step.kind] || _t("You are asked to approve.")
        );
    }

    /** The first button when it is none of signing and approving. */
    get own() {
        const { can } = this.props.folder;
        const names = {
            paper: _t("Sign on paper"),
            seal: _t("Have it sealed"),
            dispatch: _t("Send the files"),
        };
        const id = Object.keys(names).find((one) => can[one]);
        return !can.sign && !can.approve && !can.opinion && id ? names[id] : "";
    }

    /** Acts that are not the first ones: in a menu, so that the bar stays short. */
    get others() {
        const { folder, acts } = this.props;
        const windows = folder.acts
            .filter(({ id }) => !SHOWN.includes(id))
            .map(({ id, name }) => ({
                id,
                name,
                icon: ICONS[id] || "fa-angle-right",
                run: () => acts.openAct(id),
            }));
        const elsewhere = {
            id: "elsewhere",
            name: _t("Sign with my own tool"),
            icon: "fa-id-card-o",
            run: acts.takeAlong,
        };
        return folder.can.elsewhere ? [elsewhere, ...windows] : windows;
    }
}
