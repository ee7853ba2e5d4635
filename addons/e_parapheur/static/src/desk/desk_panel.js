import { Component } from "@odoo/owl";
import { CircuitPicture } from "@gov_base/circuit_picture/circuit_picture";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";

import { DeskComments } from "./desk_comments";

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

    /** Acts that are not the first ones: in a menu, so that the bar stays short. */
    get others() {
        const { folder, acts } = this.props;
        return [
            {
                id: "elsewhere",
                name: _t("Sign with my own tool"),
                icon: "fa-id-card-o",
                run: acts.takeAlong,
            },
            {
                id: "ask",
                name: _t("Ask for an opinion"),
                icon: "fa-comments-o",
                run: acts.askOpinion,
            },
            {
                id: "transfer",
                name: _t("Hand on to somebody else"),
                icon: "fa-share",
                run: acts.transfer,
            },
            { id: "recall", name: _t("Take back"), icon: "fa-undo", run: acts.recall },
        ].filter(({ id }) => folder.can[id]);
    }
}
