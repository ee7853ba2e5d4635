{
    "name": "Public Mail Desk",
    "summary": "Bureau d'ordre en ligne : dépôt, numéro, suivi · مكتب الضبط على الخط: إيداع ورقم وتتبع · Online mail office: deposit, number, follow-up",
    "version": "19.0.1.0.0",
    "category": "Services/Mail Office",
    "author": "Maktab",
    "license": "LGPL-3",
    "depends": ["digital_registry", "website"],
    "external_dependencies": {
        "python": ["phonenumbers", "qrcode"],
    },
    "data": [
        # Security
        "security/ir.model.access.csv",
        "security/gov_deposit_security.xml",
        # Data
        "data/ir_config_parameter.xml",
        "data/ir_cron.xml",
        "data/ir_ui_menu.xml",
        "data/website_menu.xml",
        # Views
        "views/service_templates.xml",
        "views/desk_templates.xml",
        "views/deposit_start_templates.xml",
        "views/deposit_templates.xml",
        "views/done_templates.xml",
        "views/track_templates.xml",
        "views/registry_office_views.xml",
        "views/gov_deposit_views.xml",
        "views/menus.xml",
    ],
    "assets": {
        "gov_portal.assets_service": [
            "gov_portal/static/src/css/**/*",
            "gov_portal/static/src/js/**/*",
        ],
        "web._assets_secondary_variables": [
            "gov_portal/static/src/scss/local_fonts.scss",
        ],
    },
    "post_init_hook": "post_init_hook",
    "application": True,
}
