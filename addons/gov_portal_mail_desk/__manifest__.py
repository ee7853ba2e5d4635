{
    "name": "Public Mail Desk – Mail Desk",
    "summary": "What the sender sees of the work on a letter, and the reply with proof of reading",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "Maktab",
    "license": "LGPL-3",
    "depends": ["gov_portal", "mail_desk"],
    "auto_install": True,
    "data": [
        "views/track_templates.xml",
        "views/desk_outgoing_views.xml",
    ],
}
