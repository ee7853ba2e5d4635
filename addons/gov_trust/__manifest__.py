{
    "name": "Trust",
    "summary": "Keys, seals, journal and verification for the mail office",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "license": "LGPL-3",
    "author": "Maktab",
    "depends": ["mail", "portal"],
    "external_dependencies": {
        "python": ["cryptography", "pyhanko", "pytz"],
    },
    "data": [
        # Security
        "security/gov_trust_groups.xml",
        "security/ir.model.access.csv",
        "security/gov_trust_rules.xml",
        # Data
        "data/mail_activity_type.xml",
        "data/ir_cron.xml",
        "data/gov_algorithm.xml",
        # Wizards
        "wizard/gov_anchor_wizard_views.xml",
        "wizard/gov_key_certify_wizard_views.xml",
        "wizard/gov_key_import_wizard_views.xml",
        "wizard/gov_key_request_wizard_views.xml",
        "wizard/gov_key_revoke_wizard_views.xml",
        "wizard/gov_key_rotate_wizard_views.xml",
        "wizard/gov_key_token_pin_wizard_views.xml",
        "wizard/gov_key_token_wizard_views.xml",
        "wizard/gov_signature_wizard_views.xml",
        # Views
        "views/service_layout_templates.xml",
        "views/verify_templates.xml",
        "views/gov_journal_views.xml",
        "views/gov_trust_declaration_views.xml",
        "views/gov_key_views.xml",
        "views/gov_certificate_views.xml",
        "views/gov_crl_views.xml",
        "views/gov_proof_views.xml",
        "views/gov_anchor_views.xml",
        "views/gov_algorithm_views.xml",
        "views/menus.xml",
    ],
    "assets": {
        "web.assets_backend": ["gov_trust/static/src/backend/**/*"],
        "gov_trust.assets_service": [
            "gov_trust/static/src/service/**/*",
            "gov_trust/static/src/verify/**/*",
        ],
    },
    "post_init_hook": "post_init_hook",
}
