{
    "name": "Digital Registry",
    "summary": "Registers of the mail office: gap-free numbers, sealed receipts",
    "version": "19.0.1.0.0",
    "category": "Services/Mail Office",
    "license": "LGPL-3",
    "author": "Maktab",
    "application": True,
    "depends": ["gov_base"],
    "external_dependencies": {"python": ["pikepdf", "qrcode", "reportlab"]},
    "data": [
        # Security
        "security/digital_registry_groups.xml",
        "security/ir.model.access.csv",
        "security/digital_registry_rules.xml",
        # Data
        "data/ir_cron.xml",
        "data/registry_classification_data.xml",
        # Wizards, reports
        "wizard/registry_cancel_wizard_views.xml",
        "wizard/registry_rectify_wizard_views.xml",
        "wizard/registry_start_wizard_views.xml",
        "wizard/registry_verify_result_views.xml",
        "report/receipt_templates.xml",
        # Views
        "views/registry_letter_views.xml",
        "views/registry_letter_search_views.xml",
        "views/registry_entry_views.xml",
        "views/registry_receipt_views.xml",
        "views/registry_closing_views.xml",
        "views/registry_register_views.xml",
        "views/registry_office_views.xml",
        "views/registry_subject_views.xml",
        "views/registry_category_views.xml",
        "views/registry_nature_views.xml",
        "views/registry_priority_views.xml",
        "views/registry_keyword_views.xml",
        "views/menus.xml",
    ],
    "assets": {
        "web.assets_backend": ["digital_registry/static/src/**/*"],
    },
}
