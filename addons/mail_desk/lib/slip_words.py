"""Fixed words of a transmission slip, in French and Arabic side by side. Pure Python."""

_WORDS = {
    "title": ("Bordereau d’envoi", "ورقة إرسال"),
    "to": ("À", "إلى"),
    "from": ("De", "من"),
    "rank": ("N°", "ر.ت"),
    "designation": ("Désignation des pièces", "بيان الوثائق"),
    "pieces": ("Nombre", "العدد"),
    "observations": ("Observations", "ملاحظات"),
    "total": ("Total des pièces", "مجموع الوثائق"),
    "sender": ("L’expéditeur", "المرسِل"),
    "received": (
        "Reçu les pièces ci-dessus, le : ……………………",
        "تسلمت الوثائق المبينة أعلاه بتاريخ : ……………………",
    ),
    "who": ("Nom, qualité, signature et cachet", "الاسم والصفة والتوقيع والطابع"),
    "back": (
        "Un exemplaire est à retourner signé.",
        "ترجع نسخة موقعة إلى المرسِل.",
    ),
}


def words():
    """Return {key: {"fr": text, "ar": text}}.

    :rtype: dict[str, dict[str, str]]
    """
    return {
        key: {"fr": french, "ar": arabic} for key, (french, arabic) in _WORDS.items()
    }
