import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";

// Whoever may be asked to sign finds the key and its PIN behind the own name, in every app.
function mySignatureItem(env) {
    return {
        type: "item",
        id: "gov_my_signature",
        description: _t("My signature"),
        show: () => user.isInternalUser,
        callback: () => env.services.action.doAction("gov_trust.gov_signature_wizard_action"),
        sequence: 55,
    };
}

registry.category("user_menuitems").add("gov_my_signature", mySignatureItem);
