"""What a person accepts before signing: fixed texts, each with its version.

A text is evidence: the journal keeps its id and its digest. Correct a text by adding a
version, never by changing one, and never through the catalogue of translations.
"""

import hashlib

CURRENT = "2026-1"
TEXTS = {
    "2026-1": {
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
    }
}


def shown(lang):
    """Return the current text for a reader of ``lang`` (``ar_MA`` or ``ar``).

    :return: dict with ``id`` (version and language), ``text`` and ``sha256``
    """
    code = (lang or "").replace("-", "_").partition("_")[0]
    return of(f"{CURRENT}-{code if code in TEXTS[CURRENT] else 'fr'}")


def of(consent_id):
    """Return the text of ``consent_id``.

    :raise KeyError: there is no such text
    """
    version, _dash, code = str(consent_id).rpartition("-")
    text = TEXTS[version][code]
    return {
        "id": consent_id,
        "text": text,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
    }


def is_current(consent_id):
    """Tell whether ``consent_id`` names a text that may be accepted today."""
    try:
        of(consent_id)
    except KeyError:
        return False
    return str(consent_id).rpartition("-")[0] == CURRENT
