"""What makes two letters alike: their category, who writes, the words of their subject. Pure Python."""

import re

from .folding import search_key

MAX_WORDS = 8
# Words that every letter holds, as ``search_key`` writes them: they say nothing of where it goes.
_EMPTY = frozenset(
    search_key(
        """
        avec aux ces cette chez concernant dans demande demandes des dont elle est leur leurs lettre courrier
        madame mademoiselle merci mes mon monsieur notre nos objet par pas pour que qui relatif relative sans
        ses son sujet suite sur une vos votre obtention octroi copie envoi réponse information dossier
        about from letter mail request subject the this with your
        طلب طلبات بشأن شأن في من إلى على عن مع هذا هذه الذي التي حول أجل موضوع رسالة مراسلة مراسلتكم السيد
        السيدة الخاص الخاصة المتعلق المتعلقة قصد نسخة ملف بخصوص لفائدة تحت رقم جواب
        """
    ).split()
)
_ANONYMOUS = frozenset(
    search_key("anonyme anonymous مجهول بدون اسم inconnu unknown").split()
)
# In Arabic "and", "by", "for", "like" and the article are written in one piece with the word.
_ARTICLE = re.compile("^[وف]?(?:[بك]?ال|لل)(?=.{3})")
_ARABIC = re.compile("[\u0621-\u064a]")
#: a French plural: "permis" keeps its s, as "demandes" loses it on both sides alike
_PLURAL = re.compile("(?:s|x)$")


def words(subject):
    """The words of a subject that may tell where a letter goes, folded: {word as compared: word as written}.

    :param str subject: or None
    :rtype: dict[str, str]
    """
    found = {}
    for raw in search_key(subject).split():
        word = _stem(raw)
        if word and word not in found:
            found[word] = raw
        if len(found) == MAX_WORDS:
            break
    return found


def sender(name):
    """The name of a correspondent as it is compared; empty for none and for who gives none."""
    parts = search_key(name).split()
    return "" if not parts or _ANONYMOUS.issuperset(parts) else " ".join(sorted(parts))


def _stem(word):
    if word in _EMPTY or any(char.isdigit() for char in word):
        return ""
    if _ARABIC.search(word):
        bare = _ARTICLE.sub("", word)
        if bare in _EMPTY or len(bare) < 3:
            return ""
        return bare.removesuffix("ه") if len(bare) > 3 else bare
    if len(word) < 4:
        return ""
    return _PLURAL.sub("", word)
