"""The fixed wording of receipts, by language.

These words are part of an evidence document: they belong to a version of the receipt,
not to the translations of the interface, which anybody with the right can reload or
edit between two receipts. Change a sentence here together with ``VERSION``.
"""

VERSION = 1

#: key: (English, French, Arabic)
_WORDS = {
    "title_registration": (
        "Registration receipt",
        "Accusé d’enregistrement",
        "وصل بالتسجيل",
    ),
    "title_acknowledgment": (
        "Acknowledgment of receipt",
        "Accusé de réception",
        "وصل بالاستلام",
    ),
    "title_rejection": (
        "Notice of rejection",
        "Avis de rejet",
        "إشعار بالرفض",
    ),
    "number": ("Registration number", "Numéro d’enregistrement", "رقم التسجيل"),
    "deposit_number": ("Deposit number", "Numéro de dépôt", "رقم الإيداع"),
    "register": ("Register", "Registre", "السجل"),
    "year": ("Year", "Année", "السنة"),
    "submitted_at": ("Deposited on", "Déposé le", "تاريخ الإيداع"),
    "registered_at": ("Registered on", "Enregistré le", "تاريخ التسجيل"),
    "deemed_submitted_at": (
        "Counted as deposited on",
        "Réputé déposé le",
        "يعتبر مودعا بتاريخ",
    ),
    "arrival_date": ("Arrived on", "Arrivé le", "تاريخ الوصول"),
    "document_date": ("Date of the letter", "Date du courrier", "تاريخ المراسلة"),
    "late": (
        "Registered on a later day than it arrived.",
        "Enregistré un jour postérieur à son arrivée.",
        "سجلت في يوم لاحق ليوم وصولها.",
    ),
    "administration": ("Administration", "Administration", "الإدارة"),
    "desk": ("Mail office", "Bureau d’ordre", "مكتب الضبط"),
    "unit": ("Unit in charge", "Service responsable", "المصلحة المسؤولة"),
    "address": ("Address", "Adresse", "العنوان"),
    "email": ("E-mail", "Courriel", "البريد الإلكتروني"),
    "phone": ("Phone", "Téléphone", "الهاتف"),
    "hours": ("Opening hours", "Horaires", "أوقات العمل"),
    "code": ("code", "code", "الرمز"),
    "depositor": ("Depositor", "Déposant", "المودع"),
    "correspondent": ("Addressee", "Destinataire", "المرسل إليه"),
    "represented_by": ("Represented by", "Représenté par", "ينوب عنه"),
    "identifier": ("Identifier", "Identifiant", "رقم التعريف"),
    "channels": ("Reached by", "Joignable par", "وسيلة الاتصال"),
    "kind_citizen": ("Citizen", "Citoyen", "مواطن"),
    "kind_company": ("Company", "Entreprise", "مقاولة"),
    "kind_administration": ("Administration", "Administration", "إدارة"),
    "object": ("About", "Nature", "الموضوع العام"),
    "subject": ("Subject", "Objet", "الموضوع"),
    "own_reference": ("Their reference", "Référence du déposant", "مرجع المودع"),
    "previous_reference": (
        "Previous reference",
        "Référence antérieure",
        "مرجع سابق",
    ),
    "language": ("Language of the letter", "Langue du courrier", "لغة المراسلة"),
    "lang_ar": ("Arabic", "Arabe", "العربية"),
    "lang_fr": ("French", "Français", "الفرنسية"),
    "lang_zgh": ("Tamazight", "Amazighe", "الأمازيغية"),
    "lang_en": ("English", "Anglais", "الإنجليزية"),
    "lang_other": ("Other", "Autre", "أخرى"),
    "physical": ("Physical enclosures", "Pièces matérielles", "مرفقات مادية"),
    "physical_none": ("None announced", "Aucune annoncée", "لم يعلن عن أي منها"),
    "physical_count": (
        "{announced} announced, {received} received",
        "{announced} annoncée(s), {received} reçue(s)",
        "المعلن عنها: {announced}، المستلمة: {received}",
    ),
    "channel": ("Received by", "Reçu par", "قناة الاستلام"),
    "channel_counter": ("Counter", "Guichet", "الشباك"),
    "channel_post": ("Post", "Voie postale", "البريد"),
    "channel_hand": ("By hand", "En main propre", "تسليم باليد"),
    "channel_email": ("E-mail", "Courriel", "البريد الإلكتروني"),
    "channel_portal": ("Online deposit", "Dépôt en ligne", "إيداع إلكتروني"),
    "channel_exchange": (
        "Another administration",
        "Autre administration",
        "إدارة أخرى",
    ),
    "channel_desk": ("Made here", "Établi sur place", "محرر هنا"),
    "content": ("Content", "Contenu", "المحتوى"),
    "part_order": ("No.", "N°", "رقم"),
    "part_name": ("File", "Fichier", "الملف"),
    "part_type": ("Type", "Type", "النوع"),
    "part_size": ("Bytes", "Octets", "الحجم (بايت)"),
    "part_nature": ("Nature", "Nature", "الطبيعة"),
    "part_body": ("Text typed", "Texte saisi", "النص المكتوب"),
    "part_none": (
        "No document is attached to this line.",
        "Aucun document n’est joint à cette inscription.",
        "لا توجد وثيقة مرفقة بهذا التقييد.",
    ),
    "nature_original": ("original", "original", "أصل"),
    "nature_copy": ("copy", "copie", "نسخة"),
    "nature_certified": ("certified copy", "copie certifiée", "نسخة مصادق عليها"),
    "content_hash": (
        "Digest of the whole content (SHA-256)",
        "Empreinte de l’ensemble (SHA-256)",
        "بصمة المحتوى كاملا (SHA-256)",
    ),
    "completeness": ("Completeness", "Complétude", "اكتمال الملف"),
    "completeness_not_assessed": (
        "Not assessed at registration. If a piece is missing, the unit in charge will "
        "ask for it.",
        "Non examinée à l’enregistrement. S’il manque une pièce, le service responsable "
        "la demandera.",
        "لم يتم فحصه عند التسجيل. إذا كانت هناك وثيقة ناقصة فستطلبها المصلحة المسؤولة.",
    ),
    "clock": ("Legal clock", "Délai légal", "الأجل القانوني"),
    "clock_none": (
        "The administration has confirmed no legal clock for this kind of letter: this "
        "receipt states no deadline and no effect of silence.",
        "L’administration n’a confirmé aucun délai légal pour ce type de courrier : le "
        "présent document n’indique ni échéance ni effet du silence.",
        "لم تؤكد الإدارة أي أجل قانوني لهذا النوع من المراسلات: لا تشير هذه الوثيقة إلى "
        "أي أجل ولا إلى أي أثر للسكوت.",
    ),
    "rights": ("Your rights", "Vos droits", "حقوقكم"),
    "recourse": ("Recourse", "Recours", "الطعن"),
    "recourse_default": (
        "You may write to the head of the administration named above, then to the "
        "Mediator of the Kingdom (www.mediateur.ma).",
        "Vous pouvez saisir le responsable de l’administration ci-dessus, puis "
        "l’Institution du Médiateur du Royaume (www.mediateur.ma).",
        "يمكنكم مراسلة المسؤول عن الإدارة المذكورة أعلاه، ثم مؤسسة وسيط المملكة "
        "(www.mediateur.ma).",
    ),
    "privacy": ("Personal data", "Données personnelles", "المعطيات الشخصية"),
    "privacy_default": (
        "Data kept to register and handle this letter (law 09-08). To see or correct "
        "them, write to the mail office.",
        "Données conservées pour enregistrer et traiter ce courrier (loi 09-08). Pour y "
        "accéder ou les rectifier, écrivez au bureau d’ordre.",
        "تحفظ المعطيات لتسجيل هذه المراسلة ومعالجتها (القانون 09-08). للاطلاع عليها أو "
        "تصحيحها، راسلوا مكتب الضبط.",
    ),
    "cndp": ("CNDP receipt", "Récépissé CNDP", "وصل اللجنة الوطنية"),
    "cndp_none": ("not given", "non communiqué", "غير متوفر"),
    "retention": ("Kept for", "Durée de conservation", "مدة الحفظ"),
    "retention_default": (
        "according to the retention calendar of the administration",
        "selon le calendrier de conservation de l’administration",
        "وفق جدول الحفظ المعمول به في الإدارة",
    ),
    "rights_contact": ("Contact for these rights", "Contact", "للاتصال"),
    "follow_up": ("Follow-up", "Suivi", "التتبع"),
    "tracking_page": ("Follow your letter", "Suivre votre courrier", "تتبع مراسلتكم"),
    "tracking_desk": (
        "Ask the mail office, quoting the number.",
        "Auprès du bureau d’ordre, en rappelant le numéro.",
        "لدى مكتب الضبط مع ذكر الرقم.",
    ),
    "tracking_code": (
        "The tracking code was shown once, at the deposit; it is not printed here.",
        "Le code de suivi a été affiché une fois, au dépôt ; il n’est pas imprimé ici.",
        "ظهر رمز التتبع مرة واحدة عند الإيداع، ولا يطبع هنا.",
    ),
    "verification": ("Verification", "Vérification", "التحقق"),
    "verification_code": (
        "Verification code",
        "Code de vérification",
        "رمز التحقق",
    ),
    "verification_how": (
        "Scan the code or go to",
        "Scannez le code ou consultez",
        "امسح الرمز أو زر",
    ),
    "seal": ("Electronic seal", "Cachet électronique", "الخاتم الإلكتروني"),
    "seal_issuer": ("Sealed for", "Cachet de", "ختم باسم"),
    "seal_policy": ("Policy", "Politique", "السياسة"),
    "seal_certificate": ("Certificate", "Certificat", "الشهادة"),
    "seal_timestamp_none": (
        "No timestamp authority is configured.",
        "Aucune autorité d’horodatage n’est configurée.",
        "لم يتم إعداد أي سلطة للختم الزمني.",
    ),
    "journal": ("Line of the journal", "Ligne du journal", "تقييد سجل الأحداث"),
    "receipt_uid": ("Receipt", "Récépissé", "الوصل"),
    "version": ("version", "version", "نسخة"),
    "supersedes": (
        "Replaces the receipt",
        "Remplace le récépissé",
        "يعوض الوصل",
    ),
    "of": ("of", "sur", "من"),
    "page": ("Page", "Page", "صفحة"),
}
LANGUAGES = ("en", "fr", "ar")


def word(key: str, language: str) -> str:
    """Return the wording of ``key`` in ``language`` (English when it is unknown)."""
    place = LANGUAGES.index(language) if language in LANGUAGES else 0
    return _WORDS[key][place]


def pair(letter_language: str, bilingual: bool) -> tuple[str, ...]:
    """Return the languages of a receipt: Arabic and French side by side by default.

    Tamazight waits for a named person's review (features M3): Arabic and French.
    """
    if letter_language in ("ar", "fr", "zgh"):
        if bilingual:
            return ("fr", "ar")
        return ("ar",) if letter_language == "ar" else ("fr",)
    return ("en", "fr") if bilingual else ("en",)


def months(language: str) -> tuple[str, ...]:
    """Return the names of the months used in Morocco, January first."""
    return {
        "en": (
            "January February March April May June July August September October "
            "November December"
        ),
        "fr": (
            "janvier février mars avril mai juin juillet août septembre octobre "
            "novembre décembre"
        ),
        "ar": ("يناير فبراير مارس أبريل ماي يونيو يوليوز غشت شتنبر أكتوبر نونبر دجنبر"),
    }[language if language in LANGUAGES else "en"].split()


def local_date(moment, language: str) -> str:
    """Return a date in words, with Western digits: ``22 novembre 2026``."""
    return f"{moment.day} {months(language)[moment.month - 1]} {moment.year}"


def local_instant(moment, language: str) -> str:
    """Return an instant in words, to the second, with the offset of its zone."""
    offset = moment.strftime("%z")
    comma = "،" if language == "ar" else ","
    return (
        f"{local_date(moment, language)}{comma} {moment:%H:%M:%S} "
        f"(UTC{offset[:3]}:{offset[3:]})"
    )
