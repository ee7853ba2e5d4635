{
    "name": "Register – Signature Book",
    "summary": "An act takes its register number after the last signature; the closing seal prints it",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "Maktab",
    "license": "LGPL-3",
    "depends": ["digital_registry", "e_parapheur"],
    "auto_install": True,
    "data": [
        "security/ir.model.access.csv",
        "security/parapheur_register_rules.xml",
        "wizard/parapheur_register_views.xml",
        "views/parapheur_nature_views.xml",
        "views/parapheur_folder_views.xml",
        "views/registry_letter_views.xml",
    ],
}
