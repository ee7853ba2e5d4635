import { Component, useState } from "@odoo/owl";
import { errorText } from "@gov_base/words/error_text";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { giveProof, ProofField } from "./proof";

/**
 * What proves again who decides, in a window of a folder: the code is typed, the passkey is asked for by a button.
 *
 * `options="{'ask': method}"`: method of the folder that says what is asked (`get_sign_request`, `get_visa_request`).
 */
export class ParapheurProofField extends Component {
    static template = "e_parapheur.ParapheurProofField";
    static components = { ProofField };
    static props = { ...standardFieldProps, ask: String };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ code: "", isGiven: false, isBusy: false, error: "" });
    }

    get kind() {
        return this.props.record.data.proof_kind;
    }

    get asked() {
        return { kind: this.kind, ready: true, how: "" };
    }

    async onCode(code) {
        this.state.code = code;
        await this.keep({ totp: code });
    }

    async givePasskey() {
        Object.assign(this.state, { isBusy: true, isGiven: false, error: "" });
        try {
            const folderId = this.props.record.data.folder_id.id;
            const asked = await this.orm.call("parapheur.folder", this.props.ask, [[folderId]]);
            if (!asked.reauth.ready) {
                throw new Error(asked.reauth.how);
            }
            await this.keep(await giveProof(asked, ""));
            this.state.isGiven = true;
        } catch (error) {
            this.state.error = errorText(error);
        } finally {
            this.state.isBusy = false;
        }
    }

    keep(proof) {
        return this.props.record.update({ [this.props.name]: proof });
    }
}

registry.category("fields").add("parapheur_proof", {
    component: ParapheurProofField,
    supportedTypes: ["json"],
    extractProps: ({ options }) => ({ ask: options.ask }),
});
