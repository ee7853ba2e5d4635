"""A template as a document of blocks: checked, listed, laid flat. Pure Python.

A document is data, never code: a list of blocks, each a dict with its ``kind``:

``letterhead``  the head of the paper; ``letterhead`` is an id, 0 for the one of the administration
``text``        ``html``, with merge fields ``{{ key }}``
``pair``        two languages: ``first`` and ``second`` are lists of blocks, ``layout`` is ``side`` or ``stacked``
``if``          ``blocks`` that stand only when the value of ``key`` is given (``present``), or is missing
``loop``        once for each item of ``over``: ``style`` is ``text``, ``list`` or ``numbers`` (with ``blocks``), or
                ``table`` (with ``columns``, keys of the item)
``signature``   the room of the signature: ``place`` is ``start``, ``center`` or ``end``; ``html`` stands above it
"""

from markupsafe import Markup

from . import merge

MAX_BLOCKS = 200
MAX_DEPTH = 4
LAYOUTS = ("side", "stacked")
LOOP_STYLES = ("text", "list", "numbers", "table")
PLACES = ("end", "start", "center")
#: blocks of the frame: once in a document, and not inside another block
FRAME = ("letterhead", "signature")
KINDS = ("letterhead", "text", "pair", "if", "loop", "signature")
#: the lists of blocks that a block holds
INNER = {"pair": ("first", "second"), "if": ("blocks",), "loop": ("blocks",)}
_MAX_ID = 2**31 - 1


class BlocksRefused(ValueError):
    """What was given is no document; ``code`` says why: ``shape``, ``kind``, ``many``, ``deep``, ``twice``,
    ``inside``, ``long``."""

    def __init__(self, code, name=""):
        super().__init__(code)
        self.code = code
        self.name = name


def text_block(html):
    """A block of text."""
    return {"kind": "text", "html": str(html or "")}


def clean(document):
    """A document with what it may hold and nothing else; cleaning twice changes nothing.

    :param document: what a designer or a program gave, of any type
    :return: the document, plain data
    :rtype: list[dict]
    :raise BlocksRefused: it is no document
    """
    counted = {"blocks": 0, "signs": 0}
    if document is None or document is False or document == "":
        return []
    return _clean_list(document, (), counted)


def _clean_list(given, path, counted):
    if not isinstance(given, list | tuple):
        raise BlocksRefused("shape")
    if len(path) > MAX_DEPTH:
        raise BlocksRefused("deep")
    cleaned, frame = [], set()
    for block in given:
        counted["blocks"] += 1
        if counted["blocks"] > MAX_BLOCKS:
            raise BlocksRefused("many")
        if not isinstance(block, dict):
            raise BlocksRefused("shape")
        kind = block.get("kind")
        if not isinstance(kind, str) or kind not in KINDS:
            raise BlocksRefused("kind", str(kind)[:40])
        if kind in FRAME and (path or kind in frame):
            raise BlocksRefused("inside" if path else "twice", kind)
        if kind in path and kind in ("pair", "loop"):
            raise BlocksRefused("inside", kind)
        frame.add(kind)
        cleaned.append(_clean_block(kind, block, path, counted))
    return cleaned


def _clean_block(kind, block, path, counted):
    cleaned = {"kind": kind}
    if kind in ("text", "signature"):
        cleaned["html"] = _clean_text(block.get("html"), counted)
    if kind == "signature":
        cleaned["place"] = _one_of(block.get("place"), PLACES)
    elif kind == "letterhead":
        chosen = block.get("letterhead")
        cleaned["letterhead"] = (
            chosen if type(chosen) is int and 0 < chosen <= _MAX_ID else 0
        )
    elif kind == "pair":
        cleaned["layout"] = _one_of(block.get("layout"), LAYOUTS)
    elif kind == "if":
        cleaned["key"] = _key(block.get("key"))
        cleaned["present"] = block.get("present") is not False
    elif kind == "loop":
        cleaned["over"] = _key(block.get("over"))
        cleaned["style"] = _one_of(block.get("style"), LOOP_STYLES)
        columns = block.get("columns")
        columns = columns if isinstance(columns, list | tuple) else ()
        cleaned["columns"] = list(dict.fromkeys(filter(None, map(_key, columns))))[:8]
    for name in INNER.get(kind, ()):
        cleaned[name] = _clean_list(block.get(name) or [], (*path, kind), counted)
    return cleaned


def _clean_text(html, counted):
    if html not in (None, False) and not isinstance(html, str):
        raise BlocksRefused("shape")
    try:
        text = str(merge.clean_html(html))
    except merge.TooLong:
        raise BlocksRefused("long") from None
    counted["signs"] += len(text)
    if counted["signs"] > merge.MAX_BODY:
        raise BlocksRefused("long")
    return text


def _one_of(given, allowed):
    return given if isinstance(given, str) and given in allowed else allowed[0]


def _key(given):
    return given if isinstance(given, str) and merge.is_key(given) else ""


def walk(document):
    """Every block of a clean document with the loop it stands in.

    :return: pairs (block, name of the list that the loop around it goes over, or "")
    """
    stack = [(block, "") for block in reversed(document)]
    while stack:
        block, over = stack.pop()
        yield block, over
        inside = block["over"] if block["kind"] == "loop" else over
        for name in reversed(INNER.get(block["kind"], ())):
            stack += [(inner, inside) for inner in reversed(block[name])]


def problems(document, keys, loops):
    """What keeps a clean document from being filled in.

    :param keys: the merge fields there are
    :param dict loops: name of a list -> the merge fields of its items
    :return: pairs (code, name): ``key``, ``loop``, ``column``, ``broken``, ``no_key``, ``no_loop``, ``no_column``
    :rtype: list[tuple[str, str]]
    """
    found = []
    for block, over in walk(document):
        allowed = {*keys, *loops.get(over, ())}
        html = block.get("html")
        found += [("key", key) for key in merge.keys_of(html) if key not in allowed]
        found += [("broken", piece) for piece in merge.broken_fields(html)]
        if block["kind"] == "if":
            found += _named(block["key"], {*allowed, *loops}, "key")
        elif block["kind"] == "loop":
            found += _named(block["over"], loops, "loop")
            if block["style"] == "table":
                items = loops.get(block["over"], ())
                found += [
                    ("column", key) for key in block["columns"] if key not in items
                ]
                if not block["columns"]:
                    found.append(("no_column", ""))
    return found


def _named(name, known, code):
    if not name:
        return [(f"no_{code}", "")]
    return [] if name in known else [(code, name)]


def keys_of(document):
    """The merge fields that stand in a clean document, those of items left out, in order of first use.

    :param list[dict] document:
    :rtype: list[str]
    """
    found = {}
    for block, over in walk(document):
        if not over:
            found.update(dict.fromkeys(merge.keys_of(block.get("html"))))
    return list(found)


def flat(document):
    """The whole text of a clean document as one HTML text, whatever is conditional or repeated, once each.

    It is what is searched and what an older program reads.

    :rtype: markupsafe.Markup
    """
    pieces = []
    for block, _over in walk(document):
        pieces.append(block.get("html") or "")
        if block["kind"] == "loop" and block["style"] == "table":
            cells = "".join(f"<td>{{{{ {key} }}}}</td>" for key in block["columns"])
            pieces.append(f"<table><tbody><tr>{cells}</tr></tbody></table>")
    return Markup("".join(pieces))


def framed(html, frame):
    """A document of one text between the blocks of the frame it had.

    :param html: a clean text
    :param list[dict] frame: a clean document, of which only the frame is taken
    :rtype: list[dict]
    """
    before = [block for block in frame if block["kind"] == "letterhead"]
    after = [block for block in frame if block["kind"] == "signature"]
    return [*before, text_block(html), *after]
