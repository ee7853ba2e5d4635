import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { errorText } from "@gov_base/words/error_text";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { useAutofocus, useService } from "@web/core/utils/hooks";

import { giveProof, isProofReady, ProofField } from "../proof/proof";

/** Folders a request may carry: the server refuses more. */
export const CHUNK = 20;
const MODEL = "parapheur.folder";
const NO_SECRETS = { pin: "", code: "" };

/**
 * What will be signed, what is accepted, the PIN; then one signature a document, in chunks, with what failed and why.
 *
 * One authentication opens the list; half of what opens the key stays in the memory of this window and goes with it. What
 * failed and may succeed later is taken up again with “Go on with the rest”: with the same authentication while it holds.
 *
 * `items` are `{ id, base, reference, title }`; `done` is called with the ids that were signed.
 */
export class SignDialog extends Component {
    static template = "e_parapheur.SignDialog";
    static components = { Dialog, ProofField };
    static props = {
        close: Function,
        items: Array,
        quality: { type: String, optional: true },
        consent: { type: Object, optional: true },
        done: Function,
    };

    setup() {
        this.orm = useService("orm");
        useAutofocus({ refName: "pin" });
        this.state = useState({
            ...NO_SECRETS,
            asked: null,
            phase: "ask",
            isAccepted: false,
            isDelegationAccepted: false,
            isBusy: false,
            isStopping: false,
            error: "",
            total: 0,
            treated: 0,
            signed: [],
            failed: [],
            rest: [],
        });
        this.opened = null;
        onWillStart(() => this.ask(this.props.items));
        onWillUnmount(() => this.forget());
    }

    // ------------------------------------------------------------------
    // Shown
    // ------------------------------------------------------------------
    get able() {
        return this.state.asked.items.filter((item) => !item.refusal);
    }

    get refused() {
        return this.state.asked.items.filter((item) => item.refusal);
    }

    get summary() {
        return this.able.length === 1
            ? _t("You sign this folder with your personal key.")
            : _t(
                  "You sign these %s folders, each document by itself, with your personal key.",
                  this.able.length
              );
    }

    get progress() {
        return _t("%(signed)s of %(total)s signed", {
            signed: this.state.signed.length,
            total: this.state.total,
        });
    }

    get percent() {
        return this.state.total ? Math.round((100 * this.state.treated) / this.state.total) : 0;
    }

    get canSign() {
        const { state } = this;
        const { key, reauth, delegation_consent: delegation } = state.asked;
        return (
            !state.isBusy &&
            !key.refusal &&
            this.able.length > 0 &&
            state.isAccepted &&
            (!delegation || state.isDelegationAccepted) &&
            /^\p{Nd}{6,12}$/u.test(state.pin) &&
            isProofReady(reauth, state.code)
        );
    }

    get goOnLabel() {
        return _t("Go on with the rest (%s)", this.state.rest.length);
    }

    titleOf(id) {
        const known = this.props.items.find((item) => item.id === id);
        return (known && (known.title || known.reference)) || "";
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

    // ------------------------------------------------------------------
    // Asking
    // ------------------------------------------------------------------
    /** What these folders ask of who signs them. */
    async ask(items) {
        const asked = await this.orm.call(MODEL, "get_sign_request", [
            items.map(({ id, base }) => ({ id, base })),
        ]);
        Object.assign(this.state, { asked, phase: "ask", ...NO_SECRETS });
    }

    async sign() {
        if (!this.canSign) {
            return;
        }
        const { pin, code, asked } = this.state;
        Object.assign(this.state, { ...NO_SECRETS, error: "", isBusy: true });
        try {
            const proof = await giveProof(asked, code);
            const opened = await this.orm.call(MODEL, "action_open_signing", [
                pin,
                this.able.map(({ id, base }) => ({ id, base })),
                asked.consent.id,
                proof,
                asked.delegation_consent ? asked.delegation_consent.id : null,
            ]);
            // A key in a token lends nothing: its PIN stays in this window's memory alone.
            this.opened = { ...opened, pin: opened.by_pin ? pin : null };
        } catch (error) {
            Object.assign(this.state, { error: errorText(error), isBusy: false });
            if (asked.reauth.kind === "passkey") {
                // What a passkey answered is for one list and one time.
                await this.ask(this.state.asked.items);
            }
            return;
        }
        const refused = [
            ...this.refused.map(({ id, refusal }) => ({ id, error: refusal })),
            ...this.opened.refused,
        ];
        this.state.failed = refused.map((one) => ({ ...one, title: this.titleOf(one.id) }));
        this.state.total = this.state.signed.length + refused.length + this.opened.items.length;
        this.state.treated = this.state.signed.length + refused.length;
        await this.run(this.opened.items);
    }

    // ------------------------------------------------------------------
    // Signing
    // ------------------------------------------------------------------
    /** Sign these folders, some at a time; what is left when it stops is the rest. */
    async run(ids) {
        const left = [...ids];
        const again = [];
        Object.assign(this.state, {
            phase: "run",
            isBusy: true,
            isStopping: false,
            error: "",
            rest: [],
        });
        while (left.length && !this.state.isStopping) {
            const some = left.slice(0, CHUNK);
            try {
                again.push(...this.keep(await this.signSome(some)));
            } catch (error) {
                this.state.error = errorText(error);
                if (`${error.data && error.data.name}`.includes("TicketRefused")) {
                    this.forget();
                }
                break;
            }
            left.splice(0, some.length);
        }
        Object.assign(this.state, { rest: [...again, ...left], isBusy: false, phase: "over" });
        if (!this.state.failed.length && !this.state.rest.length) {
            this.close();
        }
    }

    signSome(ids) {
        const { ticket, half, pin } = this.opened;
        return this.orm.call(MODEL, "action_sign_chunk", [ticket, half, ids], { pin });
    }

    /** Note what became of some folders; returns the ids that may succeed later. */
    keep(results) {
        const again = [];
        for (const { id, ok, error, again: later } of results) {
            if (ok) {
                this.state.signed.push(id);
            } else {
                this.state.failed.push({ id, error, title: this.titleOf(id) });
                if (later) {
                    again.push(id);
                }
            }
            this.state.treated += 1;
        }
        return again;
    }

    stop() {
        this.state.isStopping = true;
    }

    /** Take up what is left: with the same authentication while it holds, else with another. */
    async goOn() {
        const { rest } = this.state;
        this.state.failed = this.state.failed.filter(({ id }) => !rest.includes(id));
        if (this.opened && new Date(`${this.opened.until}Z`) > new Date()) {
            this.state.treated = this.state.total - rest.length;
            await this.run(rest);
            return;
        }
        Object.assign(this.state, { error: "", rest: [] });
        await this.ask(this.props.items.filter(({ id }) => rest.includes(id)));
    }

    /** What opens the key does not outlive this window. */
    forget() {
        this.opened = null;
        Object.assign(this.state, NO_SECRETS);
    }

    close() {
        this.forget();
        this.props.close();
        if (this.state.treated) {
            this.props.done(this.state.signed);
        }
    }
}
