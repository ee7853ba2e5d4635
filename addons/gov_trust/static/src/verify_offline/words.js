/** @odoo-module ignore */
// The words of the offline check: they travel with the page, since no server is there.
globalThis.MaktabWords = {
    LANGUAGES: {
        ar: { label: "العربية", dir: "rtl", locale: "ar-MA" },
        fr: { label: "Français", dir: "ltr", locale: "fr-MA" },
        zgh: { label: "ⵜⴰⵎⴰⵣⵉⵖⵜ", dir: "ltr", locale: "fr-MA", date: "short" },
        en: { label: "English", dir: "ltr", locale: "en-GB" },
    },
    WORDS: {
        en: {
            title: "Check without network",
            skip: "Skip to the content",
            language: "Language",
            lead: "The square code of a receipt or of an act carries data signed by its administration. This page checks them on your device.",
            ask: "Another square code",
            label: "Address read from the square code",
            hint: "Scan the square code, or paste the address it holds.",
            check: "Check",
            limits: "What this page cannot know",
            limit_state: "Whether the document was cancelled or replaced since.",
            limit_code: "Whether the verification code belongs to these data.",
            limit_text: "Whether the text on the paper or in the file is unchanged.",
            limit_online:
                "With network, check the code and the file on the site: only there is all of this known.",
            save: "Save this page in one file",
            online: "Check on the site",
            keys: "Public keys: {count}, fetched from {site} on {at}.",
            keys_old:
                "The keys on this page are {days} days old (fetched from {site} on {at}). Connect to refresh them, or save the page again.",
            keys_missing: "No keys are kept on this device yet. Connect once to fetch them.",
            number: "Number",
            issuer: "Issued by",
            date: "Date",
            digest: "Digest of the facts (beginning)",
            compare:
                "Compare this number and this date with those on your copy: they must be the same.",
            state_unknown:
                "Without network it is not known whether this document was cancelled or replaced since.",
            code_unknown:
                "The code {code} of the address was not checked: without network, nothing tells whether it belongs to these data. Data copied beside another code look good here.",
            title_good: "Signature good",
            text_good:
                "These data were signed by the seal of {name}, as of the keys fetched on {at}.",
            title_forged: "Signature false",
            text_forged:
                "These data were not signed by the key they name: they were changed or made up. Do not trust the paper or file that carries them.",
            title_other_issuer: "Signature false",
            text_other_issuer:
                "These data name another administration than the one whose seal signed them. Do not trust the paper or file that carries them.",
            title_unknown_issuer: "Cannot be established",
            text_unknown_issuer:
                "The seal of {name} signed these data, but they give an administration code that was not its own on {at}. Check on the site.",
            title_revoked: "Key revoked",
            text_revoked:
                "The key that signed these data was revoked on {revoked}: nothing it signed can be relied on without asking. Check on the site, or ask {name}.",
            title_outside: "Cannot be established",
            text_outside:
                "The date in these data is after the key of {name} ended, or still to come. Check on the site.",
            title_unknown_key: "Cannot be established",
            text_unknown_key:
                "These data name a key that is not among those fetched on {at}. The key may be newer, of another platform, or false. Connect and check again.",
            title_unreadable: "Cannot be read",
            text_unreadable:
                "This is not the signed data of a square code of this site: part of it is missing, or it is something else. Scan it again.",
            title_none: "No signed data",
            text_none:
                "This address carries a code but no signed data. A code alone can only be checked with network.",
            title_no_keys: "Cannot be established",
            text_no_keys: "The keys are not on this device yet. Connect once, then try again.",
            title_no_crypto: "Cannot be established",
            text_no_crypto:
                "This browser does not check signatures here. Use a recent browser and a secure address (https), or the page saved in one file.",
        },
        fr: {
            title: "Vérifier sans réseau",
            skip: "Aller au contenu",
            language: "Langue",
            lead: "Le code carré d'un récépissé ou d'un acte porte des données signées par son administration. Cette page les vérifie sur votre appareil.",
            ask: "Un autre code carré",
            label: "Adresse lue dans le code carré",
            hint: "Scannez le code carré, ou collez l'adresse qu'il contient.",
            check: "Vérifier",
            limits: "Ce que cette page ne peut pas savoir",
            limit_state: "Si le document a été annulé ou remplacé depuis.",
            limit_code: "Si le code de vérification va avec ces données.",
            limit_text: "Si le texte du papier ou du fichier est intact.",
            limit_online:
                "Avec le réseau, vérifiez le code et le fichier sur le site : là seulement, tout cela est connu.",
            save: "Enregistrer cette page en un fichier",
            online: "Vérifier sur le site",
            keys: "Clés publiques : {count}, obtenues de {site} le {at}.",
            keys_old:
                "Les clés de cette page ont {days} jours (obtenues de {site} le {at}). Connectez-vous pour les renouveler, ou enregistrez la page de nouveau.",
            keys_missing:
                "Aucune clé n'est encore gardée sur cet appareil. Connectez-vous une fois pour les obtenir.",
            number: "Numéro",
            issuer: "Délivré par",
            date: "Date",
            digest: "Empreinte des faits (début)",
            compare:
                "Comparez ce numéro et cette date avec ceux de votre exemplaire : ils doivent être identiques.",
            state_unknown:
                "Sans réseau, on ne sait pas si ce document a été annulé ou remplacé depuis.",
            code_unknown:
                "Le code {code} de l'adresse n'a pas été vérifié : sans réseau, rien ne dit qu'il va avec ces données. Des données recopiées à côté d'un autre code paraissent bonnes ici.",
            title_good: "Signature bonne",
            text_good:
                "Ces données ont été signées par le cachet de {name}, selon les clés obtenues le {at}.",
            title_forged: "Signature fausse",
            text_forged:
                "Ces données n'ont pas été signées par la clé qu'elles nomment : elles ont été modifiées ou inventées. Ne vous fiez pas au papier ou au fichier qui les porte.",
            title_other_issuer: "Signature fausse",
            text_other_issuer:
                "Ces données nomment une autre administration que celle dont le cachet les a signées. Ne vous fiez pas au papier ou au fichier qui les porte.",
            title_unknown_issuer: "Impossible à établir",
            text_unknown_issuer:
                "Le cachet de {name} a signé ces données, mais elles donnent un code d'administration qui n'était pas le sien le {at}. Vérifiez sur le site.",
            title_revoked: "Clé révoquée",
            text_revoked:
                "La clé qui a signé ces données a été révoquée le {revoked} : rien de ce qu'elle a signé n'est sûr sans demander. Vérifiez sur le site, ou demandez à {name}.",
            title_outside: "Impossible à établir",
            text_outside:
                "La date de ces données est postérieure à la fin de la clé de {name}, ou encore à venir. Vérifiez sur le site.",
            title_unknown_key: "Impossible à établir",
            text_unknown_key:
                "Ces données nomment une clé qui n'est pas parmi celles obtenues le {at}. Elle peut être plus récente, d'une autre plateforme, ou fausse. Connectez-vous et vérifiez de nouveau.",
            title_unreadable: "Illisible",
            text_unreadable:
                "Ce ne sont pas les données signées d'un code carré de ce site : une partie manque, ou c'est autre chose. Scannez de nouveau.",
            title_none: "Pas de données signées",
            text_none:
                "Cette adresse porte un code mais pas de données signées. Un code seul ne se vérifie qu'avec le réseau.",
            title_no_keys: "Impossible à établir",
            text_no_keys:
                "Les clés ne sont pas encore sur cet appareil. Connectez-vous une fois, puis réessayez.",
            title_no_crypto: "Impossible à établir",
            text_no_crypto:
                "Ce navigateur ne vérifie pas les signatures ici. Utilisez un navigateur récent et une adresse sûre (https), ou la page enregistrée en un fichier.",
        },
        ar: {
            title: "التحقق بدون شبكة",
            skip: "الانتقال إلى المحتوى",
            language: "اللغة",
            lead: "يحمل الرمز المربع للوصل أو القرار معطيات موقعة من إدارته. تتحقق منها هذه الصفحة على جهازكم.",
            ask: "رمز مربع آخر",
            label: "العنوان المقروء من الرمز المربع",
            hint: "امسحوا الرمز المربع، أو ألصقوا العنوان الذي يحمله.",
            check: "تحقق",
            limits: "ما لا يمكن لهذه الصفحة معرفته",
            limit_state: "هل ألغيت الوثيقة أو استبدلت بعد ذلك.",
            limit_code: "هل رمز التحقق خاص بهذه المعطيات.",
            limit_text: "هل بقي نص الورقة أو الملف دون تغيير.",
            limit_online:
                "عند توفر الشبكة، تحققوا من الرمز والملف على الموقع: هناك فقط يعرف كل ذلك.",
            save: "حفظ هذه الصفحة في ملف واحد",
            online: "التحقق على الموقع",
            keys: "المفاتيح العمومية ({count})، تم جلبها من {site} بتاريخ {at}.",
            keys_old:
                "مفاتيح هذه الصفحة عمرها {days} يوما (تم جلبها من {site} بتاريخ {at}). اتصلوا بالشبكة لتجديدها، أو احفظوا الصفحة من جديد.",
            keys_missing: "لا توجد بعد أي مفاتيح على هذا الجهاز. اتصلوا بالشبكة مرة واحدة لجلبها.",
            number: "الرقم",
            issuer: "الجهة المصدرة",
            date: "التاريخ",
            digest: "بصمة الوقائع (بدايتها)",
            compare: "قارنوا هذا الرقم وهذا التاريخ بما هو مكتوب على نسختكم: يجب أن يتطابقا.",
            state_unknown: "بدون شبكة لا يعرف هل ألغيت هذه الوثيقة أو استبدلت بعد ذلك.",
            code_unknown:
                "لم يتم التحقق من الرمز {code} الوارد في العنوان: بدون شبكة لا شيء يثبت أنه خاص بهذه المعطيات. والمعطيات المنقولة بجانب رمز آخر تبدو هنا سليمة.",
            title_good: "التوقيع سليم",
            text_good: "وقعت هذه المعطيات بخاتم {name}، حسب المفاتيح التي تم جلبها بتاريخ {at}.",
            title_forged: "التوقيع غير صحيح",
            text_forged:
                "لم توقع هذه المعطيات بالمفتاح الذي تذكره: تم تغييرها أو اختلاقها. لا تثقوا بالورقة أو الملف الذي يحملها.",
            title_other_issuer: "التوقيع غير صحيح",
            text_other_issuer:
                "تذكر هذه المعطيات إدارة غير التي وقعها خاتمها. لا تثقوا بالورقة أو الملف الذي يحملها.",
            title_unknown_issuer: "يتعذر التحقق",
            text_unknown_issuer:
                "وقع خاتم {name} هذه المعطيات، لكنها تذكر رمز إدارة لم يكن رمزه بتاريخ {at}. تحققوا على الموقع.",
            title_revoked: "المفتاح ملغى",
            text_revoked:
                "ألغي المفتاح الذي وقع هذه المعطيات بتاريخ {revoked}: لا يمكن الاعتماد على ما وقعه دون سؤال. تحققوا على الموقع، أو اسألوا {name}.",
            title_outside: "يتعذر التحقق",
            text_outside:
                "تاريخ هذه المعطيات لاحق لانتهاء مفتاح {name}، أو لم يحن بعد. تحققوا على الموقع.",
            title_unknown_key: "يتعذر التحقق",
            text_unknown_key:
                "تذكر هذه المعطيات مفتاحا ليس من بين المفاتيح التي تم جلبها بتاريخ {at}. قد يكون أحدث، أو من منصة أخرى، أو مزيفا. اتصلوا بالشبكة وتحققوا من جديد.",
            title_unreadable: "تتعذر القراءة",
            text_unreadable:
                "هذه ليست المعطيات الموقعة لرمز مربع من هذا الموقع: ينقص جزء منها، أو هي شيء آخر. امسحوا الرمز من جديد.",
            title_none: "لا توجد معطيات موقعة",
            text_none:
                "يحمل هذا العنوان رمزا دون معطيات موقعة. لا يمكن التحقق من رمز وحده إلا عبر الشبكة.",
            title_no_keys: "يتعذر التحقق",
            text_no_keys:
                "المفاتيح ليست بعد على هذا الجهاز. اتصلوا بالشبكة مرة واحدة ثم أعيدوا المحاولة.",
            title_no_crypto: "يتعذر التحقق",
            text_no_crypto:
                "لا يتحقق هذا المتصفح من التوقيعات هنا. استعملوا متصفحا حديثا وعنوانا آمنا (https)، أو الصفحة المحفوظة في ملف واحد.",
        },
        // UNREVIEWED: no person has checked these yet; what is missing is shown in English.
        zgh: {
            title: "ⵙⵙⵉⴷⴻⴷ ⴱⵍⴰ ⴰⵥⵟⵟⴰ",
            skip: "ⵏⴹⵓ ⵖⵔ ⵜⵓⵎⴰⵢⵜ",
            language: "ⵜⵓⵜⵍⴰⵢⵜ",
            lead: "ⴷⴰ ⵜⵜⴰⵙⵉ ⵜⵏⴳⴰⵍⵜ ⵜⴰⵎⴽⴽⵓⵥⵜ ⵏ ⵡⴰⵔⵔⴰ ⵉⵙⴼⴽⴰ ⵜⵜⵓⵙⴳⵎⴹⵏⵉⵏ ⵙⴳ ⵜⵎⵀⵍⴰ ⵏⵏⵙ. ⴷⴰ ⵜⵏ ⵜⵙⵙⵉⴷⵉⴷ ⵜⴰⵙⵏⴰ ⴰⴷ ⵖⵓⵔⴽ.",
            ask: "ⵜⴰⵏⴳⴰⵍⵜ ⵜⴰⵎⴽⴽⵓⵥⵜ ⵢⴰⴹⵏ",
            label: "ⵜⴰⵏⵙⴰ ⵏ ⵜⵏⴳⴰⵍⵜ ⵜⴰⵎⴽⴽⵓⵥⵜ",
            hint: "ⵖⵔ ⵜⴰⵏⴳⴰⵍⵜ ⵜⴰⵎⴽⴽⵓⵥⵜ, ⵏⵖ ⴰⵔⴰ ⵜⴰⵏⵙⴰ ⵏⵏⵙ.",
            check: "ⵙⵙⵉⴷⴻⴷ",
            limits: "ⴰⵢⵏⵏⴰ ⵓⵔ ⵜⵣⵎⵉⵔ ⵜⴰⵙⵏⴰ ⴰⴷ ⴰⴷ ⵜⵙⵙⵏ",
            limit_state: "ⵎⴽ ⵉⵜⵜⵡⴰⵙⵔ ⵡⴰⵔⵔⴰ ⵏⵖ ⵢⵓⵎⵥ ⵡⴰⵢⵢⴰⴹ ⴰⴷⵖⴰⵔ ⵏⵏⵙ.",
            limit_code: "ⵎⴽ ⵜⴳⴰ ⵜⵏⴳⴰⵍⵜ ⵏ ⵓⵙⵙⵉⴷⴻⴷ ⵜⵉⵏ ⵉⵙⴼⴽⴰ ⴰⴷ.",
            limit_text: "ⵎⴽ ⵓⵔ ⵜⵜⵓⵙⵏⴼⵍ ⵜⵓⵎⴰⵢⵜ ⵏ ⵜⴼⵔⴽⵉⵜ ⵏⵖ ⵏ ⵓⴼⴰⵢⵍⵓ.",
            limit_online: "ⵙ ⵓⵥⵟⵟⴰ, ⵙⵙⵉⴷⴻⴷ ⵜⴰⵏⴳⴰⵍⵜ ⴷ ⵓⴼⴰⵢⵍⵓ ⴳ ⵓⵙⵉⵜ.",
            save: "ⵃⴹⵓ ⵜⴰⵙⵏⴰ ⴰⴷ ⴳ ⵢⴰⵏ ⵓⴼⴰⵢⵍⵓ",
            online: "ⵙⵙⵉⴷⴻⴷ ⴳ ⵓⵙⵉⵜ",
            keys: "ⵜⵉⵙⵓⵔⴰ: {count}, ⵙⴳ {site}, {at}.",
            keys_missing: "ⵓⵔ ⵍⵍⵉⵏⵜ ⵜⵙⵓⵔⴰ ⵖⵓⵔⴽ. ⵣⴷⵉ ⵙ ⵓⵥⵟⵟⴰ ⵢⴰⵜ ⵜⵉⴽⴽⵍⵜ.",
            number: "ⵓⵟⵟⵓⵏ",
            issuer: "ⵉⵙⵙⵓⴼⵖ ⵜ",
            date: "ⴰⵙⴰⴽⵓⴷ",
            digest: "SHA-256",
            compare: "ⵥⵕ ⵉⵙ ⴳⴰⵏ ⵓⵟⵟⵓⵏ ⴷ ⵓⵙⴰⴽⵓⴷ ⵡⵉⵏ ⵜⵓⵏⵖⵉⵍⵜ ⵏⵏⴽ.",
            state_unknown: "ⴱⵍⴰ ⴰⵥⵟⵟⴰ ⵓⵔ ⵉⵜⵜⵢⴰⵙⵙⵏ ⵎⴽ ⵉⵜⵜⵡⴰⵙⵔ ⵡⴰⵔⵔⴰ ⴰⴷ ⵏⵖ ⵢⵓⵎⵥ ⵡⴰⵢⵢⴰⴹ ⴰⴷⵖⴰⵔ ⵏⵏⵙ.",
            code_unknown: "ⵓⵔ ⵜⵜⵓⵙⵙⵉⴷⴻⴷ ⵜⵏⴳⴰⵍⵜ {code}: ⴱⵍⴰ ⴰⵥⵟⵟⴰ ⵓⵔ ⵉⵜⵜⵢⴰⵙⵙⵏ ⵎⴽ ⵜⴳⴰ ⵜⵉⵏ ⵉⵙⴼⴽⴰ ⴰⴷ.",
            title_good: "ⴰⵙⴳⵎⴹ ⵏ ⵜⵉⴷⵜ",
            text_good: "ⵉⵙⴼⴽⴰ ⴰⴷ ⵜⵜⵓⵙⴳⵎⴹⵏ ⵙⴳ {name}, ⵙ ⵜⵙⵓⵔⴰ ⵏ {at}.",
            title_forged: "ⴰⵙⴳⵎⴹ ⵓⵔ ⵉⴳⵉ ⵡⵉⵏ ⵜⵉⴷⵜ",
            text_forged: "ⵉⵙⴼⴽⴰ ⴰⴷ ⵜⵜⵓⵙⵏⴼⵍⵏ: ⵓⵔ ⵉⵅⵚⵚⴰ ⴰⴷ ⵜⵜⴰⵎⵏⴷ ⵜⴰⴼⵔⴽⵉⵜ ⵏⵖ ⴰⴼⴰⵢⵍⵓ ⵏⵏⴰ ⵜⵏ ⵢⵓⵙⵉⵏ.",
            title_other_issuer: "ⴰⵙⴳⵎⴹ ⵓⵔ ⵉⴳⵉ ⵡⵉⵏ ⵜⵉⴷⵜ",
            text_other_issuer:
                "ⵉⵙⴳⵎⴹ ⵜⵏ {name}, ⵎⴰⵛⴰ ⵓⵔⴰⵏ ⵙ ⵢⵉⵙⵎ ⵏ ⵜⵎⵀⵍⴰ ⵢⴰⴹⵏ: ⵓⵔ ⵉⵅⵚⵚⴰ ⴰⴷ ⵜⵏ ⵜⵜⴰⵎⵏⴷ.",
            title_unknown_issuer: "ⵓⵔ ⵉⵣⵎⵉⵔ ⴰⴷ ⵉⵜⵜⵓⵙⵙⵉⴷⴻⴷ",
            title_revoked: "ⵜⵜⵡⴰⵙⵔ ⵜⵙⴰⵔⵓⵜ",
            text_revoked:
                "ⵜⴰⵙⴰⵔⵓⵜ ⵏⵏⴰ ⵉⵙⴳⵎⴹⵏ ⵉⵙⴼⴽⴰ ⴰⴷ ⵜⵜⵡⴰⵙⵔ ⴳ {revoked}. ⵙⵙⵉⴷⴻⴷ ⴳ ⵓⵙⵉⵜ, ⵏⵖ ⵙⵇⵙⴰ {name}.",
            title_outside: "ⵓⵔ ⵉⵣⵎⵉⵔ ⴰⴷ ⵉⵜⵜⵓⵙⵙⵉⴷⴻⴷ",
            title_unknown_key: "ⵓⵔ ⵉⵣⵎⵉⵔ ⴰⴷ ⵉⵜⵜⵓⵙⵙⵉⴷⴻⴷ",
            text_unknown_key:
                "ⵜⴰⵙⴰⵔⵓⵜ ⵏ ⵉⵙⴼⴽⴰ ⴰⴷ ⵓⵔ ⵜⵍⵍⵉ ⴳ ⵜⵙⵓⵔⴰ ⵏ {at}. ⵣⴷⵉ ⵙ ⵓⵥⵟⵟⴰ, ⴷⴼⴼⵉⵔⵙ ⴰⵔⵎ ⴷⴰⵖ.",
            title_unreadable: "ⵓⵔ ⵉⵣⵎⵉⵔ ⴰⴷ ⵉⵜⵜⵓⵖⵔ",
            title_none: "ⵓⵔ ⵍⵍⵉⵏ ⵉⵙⴼⴽⴰ ⵜⵜⵓⵙⴳⵎⴹⵏⵉⵏ",
            text_none: "ⵜⴰⵏⴳⴰⵍⵜ ⵡⴰⵃⴷⵓⵜ ⴷⴰ ⵜⵜⵜⵓⵙⵙⵉⴷⵉⴷ ⵖⴰⵙ ⵙ ⵓⵥⵟⵟⴰ.",
            title_no_keys: "ⵓⵔ ⵉⵣⵎⵉⵔ ⴰⴷ ⵉⵜⵜⵓⵙⵙⵉⴷⴻⴷ",
            text_no_keys: "ⵓⵔ ⵍⵍⵉⵏⵜ ⵜⵙⵓⵔⴰ ⵖⵓⵔⴽ. ⵣⴷⵉ ⵙ ⵓⵥⵟⵟⴰ ⵢⴰⵜ ⵜⵉⴽⴽⵍⵜ, ⴷⴼⴼⵉⵔⵙ ⴰⵔⵎ ⴷⴰⵖ.",
            title_no_crypto: "ⵓⵔ ⵉⵣⵎⵉⵔ ⴰⴷ ⵉⵜⵜⵓⵙⵙⵉⴷⴻⴷ",
        },
    },
};
