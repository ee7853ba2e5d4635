{
    "name": "Signature Book",
    "summary": "Parapheur : visas et signatures, à côté du bureau d'ordre · سجل التوقيعات: تأشير وتوقيع، إلى جانب مكتب الضبط · Signature book: visas and signatures, beside the mail office",
    "version": "19.0.1.0.0",
    "category": "Services/Mail Office",
    "license": "LGPL-3",
    "author": "Maktab",
    "application": True,
    "depends": ["gov_base", "auth_totp", "auth_passkey"],
    "external_dependencies": {"python": ["qrcode"]},
    "data": [
        # Security
        "security/e_parapheur_groups.xml",
        "security/ir.model.access.csv",
        "security/e_parapheur_rules.xml",
        "security/parapheur_acts_rules.xml",
        # Data
        "data/ir_cron.xml",
        "data/parapheur_consent.xml",
        # Wizards, reports
        "wizard/parapheur_elsewhere_wizard_views.xml",
        "wizard/parapheur_reason_views.xml",
        "wizard/parapheur_act_views.xml",
        "wizard/parapheur_paper_wizard_views.xml",
        "report/slip_templates.xml",
        # Views
        "views/parapheur_folder_views.xml",
        "views/parapheur_folder_search_views.xml",
        "views/parapheur_consent_views.xml",
        "views/parapheur_nature_version_views.xml",
        "views/parapheur_nature_views.xml",
        "views/parapheur_desk_views.xml",
        "views/parapheur_secretary_views.xml",
        "views/gov_circuit_step_views.xml",
        "views/dispatch_templates.xml",
        "views/menus.xml",
    ],
    "assets": {
        "web.assets_backend": ["e_parapheur/static/src/**/*"],
        "web.assets_tests": ["e_parapheur/static/tests/tours/**/*"],
    },
}
