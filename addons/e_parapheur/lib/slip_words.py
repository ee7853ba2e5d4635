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
    "outcome": ("Issue", "المآل"),
    "number": ("Numéro d’enregistrement", "رقم التسجيل"),
    "documents": ("Documents et empreintes SHA-256", "الوثائق وبصمات SHA-256"),
    "document": ("Document", "الوثيقة"),
    "digests": ("Empreintes", "البصمات"),
    "annex": ("Annexe", "مرفق"),
    "digest_submitted": ("tel que soumis", "عند التقديم"),
    "digest_prepared": ("tel que présenté", "عند العرض"),
    "digest_signed": ("signé par", "بعد توقيع"),
    "digest_withdrawn": ("signature retirée de", "بعد توقيع سُحب من"),
    "digest_closed": ("clos par le cachet", "بعد الإقفال بالختم"),
    "digest_pages": ("empreinte des pages affichées", "بصمة الصفحات المعروضة"),
    "digest_hygiene": ("rapport de contrôle", "تقرير الفحص"),
    "digest_last": ("dernière version", "آخر نسخة"),
    "digest_paper": ("signé à la main, numérisé", "موقع باليد، ممسوح ضوئيا"),
    "pages": ("Pages", "الصفحات"),
    "way": ("Circuit suivi", "المسار المتبع"),
    "acts": ("Actes", "الإجراءات"),
    "step": ("Étape", "المرحلة"),
    "person": ("Personne", "الشخص"),
    "decision": ("Acte", "الإجراء"),
    "date": ("Date", "التاريخ"),
    "seen": ("Empreinte de ce qui a été vu, puis signé", "بصمة ما عرض ثم وقع"),
    "on_behalf": ("pour", "عن"),
    "until": ("absent jusqu’au", "غائب إلى غاية"),
    "to": ("à", "إلى"),
    "withdrawn": ("retiré ensuite", "سحب لاحقا"),
    "consent": ("Consentement", "الموافقة"),
    "delegation": ("Délégation", "التفويض"),
    "act": ("Acte de délégation", "قرار التفويض"),
    "consent_delegation": ("Consentement (délégation)", "الموافقة (التفويض)"),
    "by_hand": ("Signé à la main par", "وقع باليد"),
    "scan": ("Numérisation", "النسخة الممسوحة"),
    "act_digest": ("Empreinte de l’acte", "بصمة القرار"),
    "certificate": ("Certificat", "الشهادة"),
    "level": ("Niveau", "المستوى"),
    "auth": ("Authentification", "التحقق من الهوية"),
    "auth_pin": ("code PIN de la clé", "الرقم السري للمفتاح"),
    "auth_totp": ("code à usage unique (TOTP)", "رمز لمرة واحدة (TOTP)"),
    "auth_passkey": ("clé d’accès", "مفتاح المرور"),
    "auth_elsewhere": ("outil du signataire", "أداة الموقع"),
    "auth_session": ("session ouverte", "جلسة مفتوحة"),
    "texts": ("Textes acceptés par les signataires", "النصوص التي قبلها الموقعون"),
    "journal": ("Lignes du journal", "أسطر السجل"),
    "code": ("Code de vérification", "رمز التحقق"),
    "how": (
        "Ce bordereau et les documents clos se vérifient à l’adresse :",
        "يمكن التحقق من هذه الورقة ومن الوثائق المقفلة على العنوان:",
    ),
    "joined_data": (
        "Les lignes du journal et les empreintes de chaque page sont jointes à ce fichier :",
        "أسطر السجل وبصمات كل صفحة مرفقة بهذا الملف:",
    ),
    # ------------------------------------------------------------------
    # How a folder ended
    # ------------------------------------------------------------------
    "end_done": ("Terminé et clos par le cachet", "تم وأُقفل بالختم"),
    "end_refused": ("Refusé", "مرفوض"),
    "end_cancelled": ("Abandonné", "متخلى عنه"),
    # ------------------------------------------------------------------
    # Steps, as the picture shows them
    # ------------------------------------------------------------------
    "mode_all": ("tous", "الجميع"),
    "mode_any": ("l’un d’eux", "واحد منهم"),
    "mode_quorum": ("sur", "من"),
    "state_done": ("fait", "أُنجز"),
    "state_refused": ("refusé", "رُفض"),
    "state_skipped": ("sans décision", "دون قرار"),
    "state_waiting": ("non atteint", "لم يُبلغ"),
    "state_current": ("interrompu", "توقف هنا"),
    "state_bypassed": ("passé outre", "تم تجاوزها"),
    "state_left_out": ("sans objet", "غير معنية"),
    "vacant": ("place vacante", "منصب شاغر"),
    "platform": ("application", "التطبيق"),
    # ------------------------------------------------------------------
    # Acts
    # ------------------------------------------------------------------
    "approve": ("Approuvé", "موافقة"),
    "visa": ("Visé", "تأشير"),
    "signature": ("Signé", "توقيع"),
    "paper": ("Signé sur papier", "توقيع على الورق"),
    "seal": ("Cachet apposé", "وضع الختم"),
    "dispatch": ("Envoyé", "إرسال"),
    "archive": ("Archivé", "أرشفة"),
    "validation": ("Validé", "مصادقة"),
    "opinion": ("Avis donné", "إبداء رأي"),
    "refuse": ("Refusé", "رفض"),
    "against": ("Contre", "ضد"),
    "return": ("Retourné", "إرجاع"),
    "submitted": ("Soumis", "تقديم"),
    "transferred": ("Transmis à une autre personne", "تحويل إلى شخص آخر"),
    "recalled": ("Acte repris par son auteur", "سحب الإجراء من صاحبه"),
    "left_out": ("Poursuivi sans cet avis", "متابعة دون هذا الرأي"),
    "step_added": ("Étape ajoutée", "إضافة مرحلة"),
    "recused": ("Récusation", "تنحٍّ"),
    "bypass_asked": ("Passage outre demandé", "طلب تجاوز المرحلة"),
    "bypassed": ("Passage outre confirmé", "تأكيد تجاوز المرحلة"),
    "replaced": ("Personne remplacée", "تعويض شخص"),
    "second_opinion": ("Avis complémentaire demandé", "طلب رأي تكميلي"),
    "withdrawn_signatures": ("Signatures retirées", "سحب توقيعات"),
    "completed": ("Tous les actes accomplis", "اكتملت كل الإجراءات"),
    "closed": ("Clos par le cachet", "إقفال بالختم"),
    "completed_proof": ("Horodatage ajouté", "إضافة ختم زمني"),
    "folder_refused": ("Dossier refusé", "رفض الملف"),
    "cancelled": ("Dossier abandonné", "التخلي عن الملف"),
    "deadline": ("Échéance modifiée", "تغيير الأجل"),
    "placed": ("Emplacement des signatures modifié", "تغيير مواضع التوقيعات"),
    "bypass_withdrawn": ("Demande de passer outre retirée", "سحب طلب التجاوز"),
    "second_opinion_left": (
        "Poursuivi sans l’avis complémentaire",
        "متابعة دون الرأي التكميلي",
    ),
    "document_replaced": ("Document corrigé", "تصحيح الوثيقة"),
    "withdrawn_paper": ("Signature sur papier retirée", "سحب التوقيع على الورق"),
    "printed": ("Imprimé pour signature", "طبع من أجل التوقيع"),
    "filled": ("Champs complétés", "استكمال البيانات"),
    "attached": ("Pièce ajoutée", "إضافة مرفق"),
    "changed": ("Échéance ou ordre modifié", "تغيير الأجل أو الترتيب"),
    "dispatched": ("Envoyé", "إرسال"),
    "not_dispatched": ("Envoi impossible", "تعذر الإرسال"),
    "dispatch_cancelled": ("Envoi annulé", "إلغاء الإرسال"),
    "fetched": ("Retiré par le destinataire", "سحبه المرسل إليه"),
    "archived": ("Archivé", "أرشفة"),
    "registered": ("Enregistré", "تسجيل"),
    "written_back": ("Reporté dans l’application", "ترحيل إلى التطبيق"),
    "recycled": ("Repris dans un nouveau dossier", "أعيد في ملف جديد"),
    "chained": ("Poursuivi dans un autre dossier", "تمت متابعته في ملف آخر"),
    "other": ("Autre opération", "عملية أخرى"),
}


def word(key, language):
    """Return the fixed text of ``key`` in ``fr`` or ``ar``.

    A kind of step that another app added is an approval like others.
    """
    return _WORDS.get(key, _WORDS["approve"])[LANGUAGES.index(language)]


def knows(key):
    """Tell whether there are words for ``key``."""
    return key in _WORDS
