import { Component, useState } from "@odoo/owl";
import { errorText } from "@gov_base/words/error_text";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { useAutofocus, useService } from "@web/core/utils/hooks";

/** Folders a request may carry: the server refuses more. */
export const CHUNK = 20;

/**
 * What will be signed, the text to accept, the PIN; then one signature a document, in chunks, with what failed and why.
 *
 * `items` are `{ id, base, reference, title, documents?: [{ name, sha256 }] }`; `done` is called with the ids that were signed.
 */
export class SignDialog extends Component {
    static template = "e_parapheur.SignDialog";
    static components = { Dialog };
    static props = {
        close: Function,
        items: Array,
        quality: { type: String, optional: true },
        consent: Object,
        done: Function,
    };

    setup() {
        this.orm = useService("orm");
        useAutofocus({ refName: "pin" });
        this.state = useState({
            pin: "",
            isAccepted: false,
            isBusy: false,
            isOver: false,
            error: "",
            treated: 0,
            signed: [],
            failed: [],
        });
    }

    get total() {
        return this.props.items.length;
    }

    get summary() {
        return this.total === 1
            ? _t("You sign this folder with your personal key.")
            : _t(
                  "You sign these %s folders, each document by itself, with your personal key.",
                  this.total
              );
    }

    get progress() {
        return _t("%(signed)s of %(total)s signed", {
            signed: this.state.signed.length,
            total: this.total,
        });
    }

    get percent() {
        return Math.round((100 * this.state.treated) / this.total);
    }

    get canSign() {
        return (
            !this.state.isBusy && this.state.isAccepted && /^\p{Nd}{6,12}$/u.test(this.state.pin)
        );
    }

    short(digest) {
        return (digest || "").slice(0, 12);
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            ev.stopPropagation();
            this.sign();
        }
    }

    async sign() {
        if (!this.canSign) {
            return;
        }
        const { pin } = this.state;
        Object.assign(this.state, { pin: "", error: "", isBusy: true });
        try {
            while (this.state.treated < this.total) {
                await this.signSome(pin);
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

    async signSome(pin) {
        const some = this.props.items.slice(this.state.treated, this.state.treated + CHUNK);
        const results = await this.orm.call("parapheur.folder", "action_sign_many", [
            pin,
            some.map(({ id, base }) => ({ id, base })),
            this.props.consent.id,
        ]);
        for (const [index, result] of results.entries()) {
            if (result.ok) {
                this.state.signed.push(result.id);
            } else {
                this.state.failed.push({ ...some[index], error: result.error });
            }
        }
        this.state.treated += some.length;
    }

    close() {
        this.props.close();
        if (this.state.treated) {
            this.props.done(this.state.signed);
        }
    }
}
