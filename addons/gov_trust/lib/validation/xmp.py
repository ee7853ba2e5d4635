"""What XMP metadata say, without the dates and names of programs that saved the file."""

_DATES = frozenset(
    (
        "ModifyDate",
        "MetadataDate",
        "CreateDate",
        "Producer",
        "CreatorTool",
        "InstanceID",
        "xmptk",
    )
)
_DESCRIPTION = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


def only_dates(was, now, known) -> bool:
    """Whether metadata changed by no more than who saved the file, and when.

    :param was: stream of the metadata before, None when there was none
    :param known: texts that the document said elsewhere (its Info)
    """
    try:
        before, after = _facts(was), _facts(now)
    except (AttributeError, ValueError):
        return False
    added = {text for _name, text in after - before if text not in known}
    return not before - after and not added


def _facts(stream):
    """{(name, text)} of everything said."""
    from lxml import etree

    if stream is None:
        return set()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(stream.data, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError("not XML") from error
    found = set()
    for item in root.iter(etree.Element):
        path = [etree.QName(one).localname for one in (item, *item.iterancestors())]
        if _DATES & set(path):
            continue
        found.add((path[0], " ".join((item.text or "").split())))
        for name, text in item.attrib.items():
            told = etree.QName(name).localname
            if told not in _DATES and not name.startswith(_DESCRIPTION):
                found.add((told, text))
    return {(name, text) for name, text in found if text}
