"""Texts of the product that a person accepts before signing, as they are installed.

They are kept in ``parapheur.consent``. A text is evidence: correct one by adding a version
here, never by changing one, and never through the catalogue of translations.
"""

#: (purpose, version) → language → text; the last of a purpose is the one in use
TEXTS = {
    ("own", "2026-1"): {
        "fr": (
            "J’ai lu les documents de ce dossier et j’en approuve le contenu. Je les signe "
            "électroniquement, en ma qualité, avec ma clé personnelle, et je consens à ce que "
            "cette signature m’engage."
        ),
        "ar": (
            "اطلعت على وثائق هذا الملف وأوافق على مضمونها. أوقعها إلكترونيا، بصفتي، بمفتاحي الشخصي، "
            "وأقبل أن يلزمني هذا التوقيع."
        ),
        "en": (
            "I have read the documents of this folder and I approve their content. I sign them "
            "electronically, in my capacity, with my personal key, and I agree to be bound by "
            "this signature."
        ),
    },
    ("delegation", "2026-1-D"): {
        "fr": (
            "Je signe à la place du titulaire, en vertu de l’acte de délégation affiché, qui est "
            "en vigueur et qui couvre cet acte. La signature est la mienne; mon nom, celui du "
            "titulaire et la référence de l’acte y sont inscrits."
        ),
        "ar": (
            "أوقع نيابة عن صاحب الصلاحية بموجب قرار التفويض المعروض، وهو ساري المفعول ويشمل هذه "
            "الوثيقة. التوقيع توقيعي، ويُكتب فيه اسمي واسم صاحب الصلاحية ومرجع القرار."
        ),
        "en": (
            "I sign in the place of the holder of the power, under the act of delegation that "
            "is shown, which is in force and covers this act. The signature is mine; it says my "
            "name, that of the holder and the reference of the act."
        ),
    },
}
