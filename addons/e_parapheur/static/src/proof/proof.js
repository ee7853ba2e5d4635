import { Component, useState } from "@odoo/owl";
import { startAuthentication } from "@auth_passkey/../lib/simplewebauthn";
import { errorText, Refusal } from "@gov_base/words/error_text";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { useAutofocus, useService } from "@web/core/utils/hooks";

/** Six digits, in any script. */
export const CODE = /^\s*(\p{Nd}\s*){6}$/u;

/** Whether what is asked besides the PIN can be given now. */
export function isProofReady(reauth, code) {
    return (
        reauth.kind === "none" || (reauth.ready && (reauth.kind === "passkey" || CODE.test(code)))
    );
}

/**
 * What proves again who decides, as the server takes it: nothing, the code, or what the passkey answers to the challenge.
 *
 * @param {Object} asked `{ request, reauth: { kind, options } }` of the server
 * @param {string} code the digits that were typed
 */
export async function giveProof({ request, reauth }, code) {
    if (reauth.kind === "totp") {
        return { request, totp: code };
    }
    if (reauth.kind === "passkey") {
        return { request, passkey: await passkeyAnswer(reauth.options) };
    }
    return request ? { request } : null;
}

async function passkeyAnswer(options) {
    try {
        return await startAuthentication(options);
    } catch (error) {
        if (["NotAllowedError", "AbortError"].includes(error.name)) {
            throw new Refusal(_t("The passkey was not given: nothing was done. Try again."));
        }
        throw new Refusal(
            _t("The browser could not ask for the passkey: %s. Nothing was done.", error.message)
        );
    }
}

/** The line of a form that asks for the code, or says that the browser will ask for the passkey. */
export class ProofField extends Component {
    static template = "e_parapheur.ProofField";
    static props = {
        reauth: Object,
        code: String,
        onCode: Function,
        onEnter: { type: Function, optional: true },
    };

    onInput(ev) {
        this.props.onCode(ev.target.value);
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && this.props.onEnter) {
            ev.preventDefault();
            ev.stopPropagation();
            this.props.onEnter();
        }
    }
}

/** Asks a person to prove again who he is before he agrees to folders; `confirm` is called with the proof. */
export class ProofDialog extends Component {
    static template = "e_parapheur.ProofDialog";
    static components = { Dialog, ProofField };
    static props = { close: Function, asked: Object, confirm: Function };

    setup() {
        useAutofocus({ refName: "root" });
        this.state = useState({ code: "", isBusy: false, error: "" });
    }

    get canConfirm() {
        return !this.state.isBusy && isProofReady(this.props.asked.reauth, this.state.code);
    }

    async confirm() {
        if (!this.canConfirm) {
            return;
        }
        Object.assign(this.state, { isBusy: true, error: "" });
        try {
            await this.props.confirm(await giveProof(this.props.asked, this.state.code));
            this.props.close();
        } catch (error) {
            Object.assign(this.state, { code: "", error: errorText(error) });
        } finally {
            this.state.isBusy = false;
        }
    }
}

/**
 * Returns what does something with the proof that a nature asks for, after asking for it where it does.
 *
 * `withProof(ids, act)` calls `act(reauth)`: at once with `null` where nothing more is asked, else once the person gave it.
 */
export function useProof() {
    const orm = useService("orm");
    const dialog = useService("dialog");

    return async function withProof(ids, act) {
        const asked = await orm.call("parapheur.folder", "get_visa_request", [ids]);
        if (asked.reauth.kind === "none") {
            return act(null);
        }
        return new Promise((resolve, reject) => {
            dialog.add(
                ProofDialog,
                { asked, confirm: async (proof) => resolve(await act(proof)) },
                { onClose: () => reject(new Refusal(_t("Nothing was done."))) }
            );
        });
    };
}
