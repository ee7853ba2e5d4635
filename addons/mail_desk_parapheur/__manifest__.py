{
    "name": "Mail Desk – Signature Book",
    "summary": "A validated reply is signed in the signature book, then numbered and sent from the mail desk",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "Maktab",
    "license": "LGPL-3",
    "depends": ["mail_desk", "digital_registry_parapheur"],
    "auto_install": True,
    "data": [
        "views/desk_handover_views.xml",
        "views/desk_outgoing_views.xml",
        "views/registry_office_views.xml",
        "views/parapheur_folder_views.xml",
    ],
}
