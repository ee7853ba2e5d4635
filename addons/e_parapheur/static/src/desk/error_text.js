import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";

/** The sentence of a refusal, to be shown where the person is; anything else is not ours to explain. */
export function errorText(error) {
    if (error instanceof ConnectionLostError) {
        return _t("The connection was lost: nothing is known to be done. Try again.");
    }
    if (error instanceof RPCError && error.data && error.data.message) {
        return error.data.message;
    }
    throw error;
}
