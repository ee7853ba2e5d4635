import { WarningDialog, odooExceptionTitleMap } from "@web/core/errors/error_dialogs";
import { registry } from "@web/core/registry";

// The client knows errors by the exact name of their class: these are sentences for a
// person, as a UserError is, not faults of the program.
for (const name of ["SealUnavailable", "SealRefused", "PinRefused"]) {
    const exception = `odoo.addons.gov_trust.exceptions.${name}`;
    odooExceptionTitleMap.set(exception, odooExceptionTitleMap.get("odoo.exceptions.UserError"));
    registry.category("error_dialogs").add(exception, WarningDialog);
}
