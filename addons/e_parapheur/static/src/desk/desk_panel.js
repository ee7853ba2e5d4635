import { Component, useState } from "@odoo/owl";
import { CircuitPicture } from "@gov_base/circuit_picture/circuit_picture";
import { errorText } from "@gov_base/words/error_text";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

/** The right column: what I must do and why I, the circuit, what others said. */
export class DeskPanel extends Component {
    static template = "e_parapheur.DeskPanel";
    static components = { CircuitPicture };
    static props = {
        folder: Object,
        picture: { type: [Object, Boolean] },
        hasKey: Boolean,
        sign: Function,
        takeAlong: Function,
        approve: Function,
        refuse: Function,
        sendBack: Function,
        recall: Function,
        comment: Function,
        openForm: Function,
    };

    setup() {
        this.state = useState({ words: "", error: "" });
    }

    get task() {
        const { folder } = this.props;
        if (!folder.step) {
            return folder.state === "running"
                ? _t("Nothing is asked of you now.")
                : folder.state_text;
        }
        return (
            {
                signature: _t("You are asked to sign."),
                opinion: _t("You are asked for your opinion."),
            }[folder.step.kind] || _t("You are asked to approve.")
        );
    }

    when(text) {
        return formatDateTime(deserializeDateTime(text), { showSeconds: false });
    }

    async comment() {
        this.state.error = "";
        try {
            await this.props.comment(this.state.words);
            this.state.words = "";
        } catch (error) {
            this.state.error = errorText(error);
        }
    }
}
