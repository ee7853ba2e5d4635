{
    "name": "Morocco – Mail Office",
    "summary": "Maroc : délais légaux et jours fériés du bureau d'ordre · المغرب: الآجال القانونية والعطل لمكتب الضبط · Morocco: legal time limits and holidays of the mail office",
    "version": "19.0.1.0.0",
    "category": "Localization",
    "author": "Maktab",
    "license": "LGPL-3",
    "countries": ["ma"],
    "depends": ["gov_base"],
    "data": [
        "data/gov_clock_data.xml",
        "data/gov_holiday_data.xml",
        "data/ir_cron.xml",
    ],
}
