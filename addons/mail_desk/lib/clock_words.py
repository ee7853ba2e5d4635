"""What a receipt says of a confirmed legal clock, in its languages. Pure Python."""

#: languages of a receipt, in the order of the words below
_LANGUAGES = ("en", "fr", "ar")
_UNTIL = (
    "The administration has until {date}. Reference: {basis}.",
    "L’administration a jusqu’au {date}. Référence : {basis}.",
    "للإدارة أجل إلى غاية {date}. المرجع: {basis}.",
)
_MOVES = (
    "A request for a missing piece stops this time until your answer.",
    "Une demande de pièce manquante arrête ce délai jusqu’à votre réponse.",
    "يوقف طلب وثيقة ناقصة هذا الأجل إلى حين جوابكم.",
)
_EFFECTS = {
    "none": (
        "After this date, silence has no effect of its own.",
        "Passé cette date, le silence n’a pas d’effet par lui-même.",
        "بعد هذا التاريخ، لا يترتب على السكوت أي أثر بذاته.",
    ),
    "accept": (
        "After this date, silence is an approval under the conditions of this text.",
        "Passé cette date, le silence vaut accord dans les conditions de ce texte.",
        "بعد هذا التاريخ، يعد السكوت موافقة وفق شروط هذا النص.",
    ),
    "refuse": (
        "After this date, silence is a refusal under the conditions of this text.",
        "Passé cette date, le silence vaut refus dans les conditions de ce texte.",
        "بعد هذا التاريخ، يعد السكوت رفضا وفق شروط هذا النص.",
    ),
}


def sentences(language, date, basis, effect):
    """Return the sentences of a receipt about its clock.

    :param str language: "en", "fr" or "ar"
    :param str date: last day, in words
    :param str basis: reference that the administration confirmed
    :param str effect: "none", "accept" or "refuse"
    :rtype: list[str]
    """
    place = _LANGUAGES.index(language) if language in _LANGUAGES else 0
    return [
        _UNTIL[place].format(date=date, basis=basis),
        _MOVES[place],
        _EFFECTS[effect][place],
    ]
