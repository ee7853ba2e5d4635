import { Component, useState } from "@odoo/owl";
import { errorText } from "@gov_base/words/error_text";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { useAutofocus, useService } from "@web/core/utils/hooks";

import { useProof } from "../proof/proof";
import { CHUNK } from "./sign_dialog";

/** Several folders approved in one go, in chunks: what was done, what was refused and why. */
export class ApproveDialog extends Component {
    static template = "e_parapheur.ApproveDialog";
    static components = { Dialog };
    static props = { close: Function, items: Array, done: Function };

    setup() {
        this.orm = useService("orm");
        this.withProof = useProof();
        useAutofocus({ refName: "words" });
        this.state = useState({
            words: "",
            isBusy: false,
            isOver: false,
            error: "",
            treated: 0,
            approved: 0,
            failed: [],
        });
    }

    get total() {
        return this.props.items.length;
    }

    get summary() {
        return this.total === 1
            ? _t("You approve this folder.")
            : _t("You approve these %s folders, each by an act of its own.", this.total);
    }

    get progress() {
        return _t("%(approved)s of %(total)s approved", {
            approved: this.state.approved,
            total: this.total,
        });
    }

    get percent() {
        return Math.round((100 * this.state.treated) / this.total);
    }

    async approve() {
        Object.assign(this.state, { error: "", isBusy: true });
        try {
            while (this.state.treated < this.total) {
                await this.approveSome();
            }
            this.state.isOver = true;
        } catch (error) {
            this.state.error = errorText(error);
        } finally {
            this.state.isBusy = false;
        }
        if (this.state.isOver && !this.state.failed.length) {
            this.close();
        }
    }

    async approveSome() {
        const some = this.props.items.slice(this.state.treated, this.state.treated + CHUNK);
        const ids = some.map(({ id }) => id);
        const results = await this.withProof(ids, (proof) =>
            this.orm.call("parapheur.folder", "action_approve_many", [
                some.map(({ id, base }) => ({ id, base })),
                this.state.words,
                proof,
            ])
        );
        for (const [index, result] of results.entries()) {
            if (result.ok) {
                this.state.approved += 1;
            } else {
                this.state.failed.push({ ...some[index], error: result.error });
            }
        }
        this.state.treated += some.length;
    }

    close() {
        this.props.close();
        if (this.state.treated) {
            this.props.done();
        }
    }
}
