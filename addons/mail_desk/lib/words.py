"""Fixed words of a letter, in its own language whatever the language of the screen."""

_WORDS = {
    "to": {"ar": "إلى", "fr": "À", "en": "To"},
    "from_unit": {"ar": "من", "fr": "De", "en": "From"},
    "to_unit": {"ar": "إلى", "fr": "À", "en": "To"},
    "subject": {"ar": "الموضوع", "fr": "Objet", "en": "Subject"},
    "answers": {
        "ar": "جوابا على مراسلتكم رقم",
        "fr": "En réponse à votre courrier n°",
        "en": "In reply to your letter no.",
    },
    "your_reference": {"ar": "مرجعكم", "fr": "Vos références", "en": "Your reference"},
    "of_day": {"ar": "بتاريخ", "fr": "du", "en": "of"},
    "note": {"ar": "مذكرة داخلية", "fr": "Note interne", "en": "Internal note"},
    "annexes": {"ar": "المرفقات", "fr": "Pièces jointes", "en": "Annexes"},
}


def words(lang):
    """Return {key: word} for a language code such as ``ar_MA``; French stands in.

    :param str lang: code of a language
    :rtype: dict[str, str]
    """
    code = lang[:2]
    return {key: texts.get(code, texts["fr"]) for key, texts in _WORDS.items()}
