"""Words that invented letters are made of: names, streets, matters, in French and Arabic."""

from __future__ import annotations

#: (French, Arabic): a name is written in the language of the letter.
FIRST_NAMES = (
    *(
        ("Mohammed", "محمد"),
        ("Fatima", "فاطمة"),
        ("Ahmed", "أحمد"),
        ("Khadija", "خديجة"),
    ),
    *(("Youssef", "يوسف"), ("Amina", "أمينة"), ("Hassan", "حسن"), ("Zineb", "زينب")),
    *(("Rachid", "رشيد"), ("Naïma", "نعيمة"), ("Omar", "عمر"), ("Salma", "سلمى")),
    *(
        ("Abdellah", "عبد الله"),
        ("Latifa", "لطيفة"),
        ("Karim", "كريم"),
        ("Houda", "هدى"),
    ),
    *(
        ("Mustapha", "مصطفى"),
        ("Samira", "سميرة"),
        ("Driss", "إدريس"),
        ("Malika", "مليكة"),
    ),
    *(("Brahim", "إبراهيم"), ("Hanane", "حنان"), ("Saïd", "سعيد"), ("Loubna", "لبنى")),
    *(("Aziz", "عزيز"), ("Rajae", "رجاء"), ("Tarik", "طارق"), ("Ilham", "إلهام")),
    *(("Lahcen", "لحسن"), ("Itto", "إيطو"), ("Moha", "موحى"), ("Tlaytmas", "تلايتماس")),
)
LAST_NAMES = (
    *(("Alaoui", "العلوي"), ("Bennani", "بناني"), ("El Amrani", "العمراني")),
    *(("Tazi", "التازي"), ("Berrada", "برادة"), ("Idrissi", "الإدريسي")),
    *(("Chraïbi", "الشرايبي"), ("Ouazzani", "الوزاني"), ("El Fassi", "الفاسي")),
    *(("Lahlou", "لحلو"), ("Bouzidi", "البوزيدي"), ("Naciri", "الناصري")),
    *(("Sefrioui", "الصفريوي"), ("Mansouri", "المنصوري"), ("Ait Baha", "أيت باها")),
    *(("Oukacha", "أوكاشا"), ("Amezian", "أمزيان"), ("Hajji", "حجي")),
    *(("Kettani", "الكتاني"), ("Zerouali", "الزروالي"), ("Daoudi", "الداودي")),
    *(("Rahmouni", "الرحموني"), ("Cherkaoui", "الشرقاوي"), ("Belkacem", "بلقاسم")),
    *(("Bouchikhi", "البوشيخي"), ("Filali", "الفيلالي"), ("Azough", "أزوغ")),
    *(("Marrakchi", "المراكشي"), ("Soussi", "السوسي"), ("Rifi", "الريفي")),
)
PLACES = (
    *(("Hay Mohammadi", "الحي المحمدي"), ("Hay Salam", "حي السلام")),
    *(("Hay Nahda", "حي النهضة"), ("Agdal", "أكدال"), ("Souissi", "السويسي")),
    *(("Yacoub El Mansour", "يعقوب المنصور"), ("Hay Riad", "حي الرياض")),
    *(
        ("Médina", "المدينة القديمة"),
        ("Océan", "المحيط"),
        ("Diour Jamaa", "ديور الجامع"),
    ),
    *(
        ("Takaddoum", "التقدم"),
        ("Douar Lhajja", "دوار الحاجة"),
        ("Aviation", "الطيران"),
    ),
    *(
        ("Bouregreg", "أبي رقراق"),
        ("Sidi Moussa", "سيدي موسى"),
        ("Tabriquet", "تابريكت"),
    ),
)
#: What a letter is about; ``{place}`` and ``{number}`` are filled in.
MATTERS = (
    ("Demande d’autorisation de construire à {place}", "طلب رخصة البناء بـ{place}"),
    ("Demande de certificat de résidence", "طلب شهادة السكنى"),
    (
        "Réclamation : éclairage public à {place}",
        "شكاية حول الإنارة العمومية بـ{place}",
    ),
    (
        "Raccordement au réseau d’eau, lot {number}",
        "الربط بشبكة الماء، البقعة {number}",
    ),
    ("Demande de permis d’habiter, dossier {number}", "طلب رخصة السكن، الملف {number}"),
    ("Demande de rendez-vous avec M. le Président", "طلب موعد مع السيد الرئيس"),
    ("Facture {number} : travaux de voirie", "الفاتورة {number}: أشغال الطرق"),
    ("Demande de subvention pour l’association", "طلب منحة لفائدة الجمعية"),
    (
        "Occupation temporaire du domaine public à {place}",
        "الاحتلال المؤقت للملك العام",
    ),
    (
        "Recours gracieux contre la décision {number}",
        "تظلم استعطافي ضد القرار {number}",
    ),
    ("Demande de stage au sein de vos services", "طلب تدريب داخل مصالحكم"),
    ("Ouverture d’un commerce à {place}", "فتح محل تجاري بـ{place}"),
    ("Plainte pour nuisances sonores à {place}", "شكاية بشأن الضوضاء بـ{place}"),
    (
        "Convocation à la réunion de la commission {number}",
        "استدعاء لاجتماع اللجنة {number}",
    ),
    ("Demande d’accès à l’information {number}", "طلب الحصول على المعلومات {number}"),
    ("Transmission du rapport annuel {number}", "إحالة التقرير السنوي {number}"),
    ("Demande de nettoyage d’un terrain à {place}", "طلب تنظيف قطعة أرضية بـ{place}"),
    ("Exonération de la taxe sur les terrains", "الإعفاء من الرسم على الأراضي"),
    ("Demande de duplicata du titre {number}", "طلب نظير الرسم {number}"),
    ("Mise en demeure, marché n° {number}", "إنذار، الصفقة رقم {number}"),
)
#: In the subject of a few letters of the measured unit, and of no other: as many in
#: ten thousand letters as in a million.
RARE = (
    ("lotissement Al Wifaq, troisième tranche", "تجزئة الوفاق، الشطر الثالث"),
    ("programme Oued Fès amont", "برنامج أعالي وادي فاس"),
)
ORGANISATIONS = (
    *(
        ("Association Al Amal", "جمعية الأمل"),
        ("Société Atlas Travaux", "شركة أطلس للأشغال"),
    ),
    *(
        ("Ministère de l’Intérieur", "وزارة الداخلية"),
        ("Coopérative Argane", "تعاونية أركان"),
    ),
    *(("Agence urbaine", "الوكالة الحضرية"), ("Conseil régional", "مجلس الجهة")),
    *(
        ("Syndicat des copropriétaires", "اتحاد الملاك"),
        ("Trésorerie", "الخزينة العامة"),
    ),
)
UNITS = (
    *("Cabinet", "Secrétariat général", "Affaires juridiques", "Ressources humaines"),
    *("Budget et comptabilité", "Marchés publics", "Patrimoine", "Fiscalité locale"),
    *("État civil", "Légalisation", "Affaires sociales", "Affaires culturelles"),
    *("Sports et jeunesse", "Hygiène", "Espaces verts", "Voirie", "Éclairage public"),
    *(
        "Eau et assainissement",
        "Circulation et transport",
        "Autorisations commerciales",
    ),
    *("Permis de construire", "Planification urbaine", "Contrôle des chantiers"),
    *(
        "Système d’information",
        "Communication",
        "Coopération",
        "Archives",
        "Contentieux",
    ),
)
