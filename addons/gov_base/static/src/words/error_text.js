import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";

/** A refusal that came as an answer, to be shown like one that came as an error. */
export class Refusal extends Error {}

/** The sentence of a refusal, to be shown where the person is; anything else is not ours to explain. */
export function errorText(error) {
    if (error instanceof ConnectionLostError) {
        return _t("The connection was lost: nothing is known to be done. Try again.");
    }
    if (error instanceof RPCError && error.data && error.data.message) {
        return error.data.message;
    }
    if (error instanceof Refusal) {
        return error.message;
    }
    throw error;
}
