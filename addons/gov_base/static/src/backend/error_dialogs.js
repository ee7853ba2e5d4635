import { WarningDialog, odooExceptionTitleMap } from "@web/core/errors/error_dialogs";
import { registry } from "@web/core/registry";

// Sentences for a person, as a UserError is: the client knows errors by class name.
for (const name of [
    "exceptions.FormRefused",
    "exceptions.IntakeRefused",
    "models.gov_typeset.TypesetUnavailable",
]) {
    const exception = `odoo.addons.gov_base.${name}`;
    odooExceptionTitleMap.set(exception, odooExceptionTitleMap.get("odoo.exceptions.UserError"));
    registry.category("error_dialogs").add(exception, WarningDialog);
}
