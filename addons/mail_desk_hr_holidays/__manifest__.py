{
    "name": "Mail Desk – Time Off",
    "summary": "An approved time off proposes an absence, for which the person chooses who stands in",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "Maktab",
    "license": "LGPL-3",
    "depends": ["mail_desk", "hr_holidays"],
    "auto_install": True,
    "data": [
        "views/gov_absence_views.xml",
    ],
    "post_init_hook": "post_init_hook",
}
