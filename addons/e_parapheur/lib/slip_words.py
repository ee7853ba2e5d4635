"""The fixed wording of the circulation slip, French and Arabic.

These words are part of an evidence document, not of the translations of the interface.
"""

LANGUAGES = ("fr", "ar")

#: key: (French, Arabic)
_WORDS = {
    "title": ("Bordereau de circulation", "ورقة التداول"),
    "folder": ("Dossier", "الملف"),
    "object": ("Objet", "الموضوع"),
    "nature": ("Nature", "النوع"),
    "circuit": ("Circuit", "المسار"),
    "unit": ("Service", "المصلحة"),
    "initiator": ("Présenté par", "قدمه"),
    "submitted_at": ("Soumis le", "تاريخ التقديم"),
    "ended_at": ("Clos le", "تاريخ الإقفال"),
    "documents": ("Documents", "الوثائق"),
    "document": ("Document", "الوثيقة"),
    "digest_submitted": ("SHA-256 soumis", "SHA-256 عند التقديم"),
    "digest_closed": ("SHA-256 clos", "SHA-256 عند الإقفال"),
    "acts": ("Actes", "الإجراءات"),
    "step": ("Étape", "المرحلة"),
    "person": ("Personne", "الشخص"),
    "decision": ("Décision", "القرار"),
    "date": ("Date", "التاريخ"),
    "seen": ("Empreinte de ce qui a été vu, puis signé", "بصمة ما عرض ثم وقع"),
    "approve": ("Approuvé", "موافقة"),
    "visa": ("Visé", "تأشير"),
    "signature": ("Signé", "توقيع"),
    "validation": ("Validé", "مصادقة"),
    "opinion": ("Avis donné", "إبداء رأي"),
    "refuse": ("Refusé", "رفض"),
    "return": ("Retourné", "إرجاع"),
    "withdrawn": ("retiré ensuite", "سحب لاحقا"),
    "code": ("Code de vérification", "رمز التحقق"),
    "how": (
        "Ce bordereau et les documents clos se vérifient à l’adresse :",
        "يمكن التحقق من هذه الورقة ومن الوثائق المقفلة على العنوان:",
    ),
}


def word(key, language):
    """Return the fixed text of ``key`` in ``fr`` or ``ar``.

    A kind of step that another app added is an approval like others.
    """
    return _WORDS.get(key, _WORDS["approve"])[LANGUAGES.index(language)]
