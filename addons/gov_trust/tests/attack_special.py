"""Attacks that need a file, a certificate or a token of their own.

:func:`special` yields (name, attacked file, codes of which one must be told); none may be
called valid. Those of :func:`shadows` were prepared before the signature.
"""

import datetime
import io

import pikepdf
from asn1crypto import cms
from pyhanko.pdf_utils.generic import pdf_string
from pyhanko.sign import fields as pdf_fields

from . import test_acts_attacks as tamper
from .attack_files import PAID, STREAM, appended, contents_of, ranges, revised
from .common_acts import page_pdf, plain_pdf
from .common_keys import authority, loaded
from .common_pki import STAMPS, Authority

NAMED = {"given": "Director", "serial": "X1"}


def special(world):
    yield "other root of the same name", famous(world), {"no_anchor"}
    yield "our root's name, another key", famous_here(world), {"no_anchor", "profile"}
    yield "timestamp of another signature", replayed(world), {"timestamp_mismatch"}
    yield "document timestamp of another", foreign_stamp(world), {"digest_mismatch"}
    yield "unknown timestamp authority", rogue_stamp(world), {"timestamp_untrusted"}
    yield "token dated before its authority", old_stamp(world), {"timestamp_untrusted"}
    yield "form value after signature", form_value(world), {"changed_after_signature"}
    yield (
        "form value and then signed again",
        form_value(world, again=True),
        {"changed_after_signature"},
    )
    yield "annotation on P=3", evil_annotation(world, 3), {"changed_after_signature"}
    yield "annotation on P=2", evil_annotation(world, 2), {"changed_after_signature"}
    yield "signature over the amount", sneaky(world), {"covers_content"}
    yield "signature over a signature", sneaky_over(world), {"boxes_overlap"}
    yield "signed after a lock", after_lock(world), {"changed_after_signature"}
    yield (
        "no longer valid",
        expired(world),
        {"etsi_out_of_bounds_no_poe", "etsi_expired"},
    )
    yield "key of somebody else", other_key(world), {"crypto_failure"}
    yield "certificate of a server", server(world), {"wrong_usage"}
    yield from shadows(world)


def famous(world):
    root = Authority("Other root")
    below = Authority("Other authority", root)
    fake = _like(world, root, below)
    signer = below.issue("Director", names=NAMED)
    return fake(page_pdf(), signer=signer, box=None)


def _like(world, root, below):
    """The other platform with false authorities of the same names."""
    import copy

    twin = copy.copy(world)
    twin.other, twin.below = root, below
    return twin.sign_foreign


def famous_here(world):
    root_key, root = authority()
    one = world.act(1, closed=False)
    return world.sign(one, "Seal", loaded(root_key, root))


def _swapped(pdf, change):
    """Change the CMS of the last signature, which nothing but its reader checks."""
    _match, begin, end, _size = ranges(pdf)[-1]
    raw = bytes.fromhex(pdf[begin + 1 : end - 1].decode())
    info = cms.ContentInfo.load(raw)
    change(info["content"]["signer_infos"][0])
    new = info.dump(force=True).hex().encode()
    return pdf[: begin + 1] + new.ljust(end - begin - 2, b"0") + pdf[end - 1 :]


def _token(pdf):
    _match, begin, end, _size = ranges(pdf)[0]
    info = cms.ContentInfo.load(bytes.fromhex(pdf[begin + 1 : end - 1].decode()))
    return info["content"]["signer_infos"][0]["unsigned_attrs"]


def replayed(world):
    other = world.sign_foreign(page_pdf(), 1, level="B-T")

    def change(signer):
        signer["unsigned_attrs"] = _token(other)

    return _swapped(world.foreign(1, "B-T"), change)


def foreign_stamp(world):
    """The last timestamp of the file is the one of another file."""
    one, other = world.foreign(1, "B-LTA"), world.foreign(2, "B-LTA")
    _match, begin, end, _size = ranges(one)[-1]
    _match, start, stop, _size = ranges(other)[-1]
    room = end - begin - 2
    value = other[start + 1 : stop - 1][:room].ljust(room, b"0")
    return one[: begin + 1] + value + one[end - 1 :]


def rogue_stamp(world):
    rogue = Authority("Other root").issue(
        "Other TSA", kind="rsa2048", mark="rogue tsa", **STAMPS
    )
    return world.sign_foreign(page_pdf(), level="B-T", tsa=rogue)


def old_stamp(world):
    """A token of an authority that says a time long before it existed."""
    import copy

    twin = copy.copy(world)
    long_ago = datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC)
    twin.stamper = lambda _tsa=None: world.stamper(None, long_ago)
    return twin.sign_foreign(page_pdf(), level="B-T")


def with_form():
    form = pikepdf.open(io.BytesIO(page_pdf()))
    text = pikepdf.Dictionary(FT=pikepdf.Name.Tx, T="amount", V="1000")
    form.Root.AcroForm = form.make_indirect(
        pikepdf.Dictionary(Fields=[form.make_indirect(text)])
    )
    out = io.BytesIO()
    form.save(out)
    return out.getvalue()


def form_value(world, again=False):
    def change(writer):
        field = writer.root["/AcroForm"]["/Fields"][0]
        field["/V"] = pdf_string("900000")
        writer.update_container(field)

    made = revised(world.sign_foreign(with_form()), change)
    return world.sign_foreign(made, 1) if again else made


def evil_annotation(world, permission):
    certified = world.sign_foreign(
        page_pdf(), certify=True, docmdp_permissions=pdf_fields.MDPPerm(permission)
    )
    return revised(certified, tamper.annotation)


def sneaky(world):
    """A believed signer adds a box that hides the amount on the page."""
    certified = world.sign_foreign(
        page_pdf(), certify=True, docmdp_permissions=pdf_fields.MDPPerm.FILL_FORMS
    )
    return world.sign_foreign(certified, 1, box=(50, 690, 300, 720))


def sneaky_over(world):
    return world.sign_foreign(world.foreign(1), 1, box=(60, 60, 260, 130))


def after_lock(world):
    from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, SigFieldSpec

    from .attack_files import writer_of

    writer = writer_of(page_pdf())
    pdf_fields.append_signature_field(
        writer,
        SigFieldSpec(
            "Signature1",
            field_mdp_spec=FieldMDPSpec(FieldMDPAction.ALL),
            doc_mdp_update_value=pdf_fields.MDPPerm.NO_CHANGES,
        ),
    )
    locked = world.sign_foreign(None, writer=writer)
    return world.sign_foreign(locked, 1)


def expired(world):
    now = datetime.datetime.now(datetime.UTC)
    signer = world.below.issue(
        "Old", names=NAMED, begin=now - datetime.timedelta(days=30), days=20
    )
    return world.sign_foreign(page_pdf(), signer=signer)


def other_key(world):
    certificate, _private = world.signers[0]
    return world.sign_foreign(page_pdf(), signer=(certificate, world.signers[1][1]))


def server(world):
    from cryptography.x509.oid import ExtendedKeyUsageOID

    signer = world.below.issue(
        "www.example.ma", names=NAMED, purposes=[ExtendedKeyUsageOID.SERVER_AUTH]
    )
    return world.sign_foreign(page_pdf(), signer=signer)


# -- shadow ----------------------------------------------------------------
def shadows(world):
    told = {"changed_after_signature", "structure"}
    yield "shadow: replace by hidden bytes", hidden_object(world), told
    yield (
        "shadow: hide, overlay freed",
        overlay(world, freed=True),
        told | {"unreadable"},
    )
    yield "shadow: hide, overlay emptied", overlay(world), told
    yield "shadow: replace a font", font(world), told
    yield "shadow: second tree shown", second_tree(world), told | {"signature_removed"}
    yield "shadow: hollow object filled", hollow(world), told
    yield "shadow: layers that are off", layers(world), {"layers"}
    yield (
        "shadow: second tree at rest",
        second_tree(world, shown=False),
        {"hidden_pages"},
    )
    yield "shadow: script inside", script(world), {"active_content"}


def _saved(change, **options):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(plain_pdf())) as opened:
        change(opened)
        opened.save(
            out,
            compress_streams=False,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            **options,
        )
    return out.getvalue()


def hidden_object(world):
    """Bytes of another page content, signed as an unused stream, shown by a table."""
    number = contents_of(plain_pdf())
    raw = b"%%\n%d 0 obj\n%s\nendobj\n" % (number, STREAM)

    def change(opened):
        opened.Root.PieceInfo = opened.make_stream(raw)

    for _turn in range(2):
        base = _saved(change)
        number = contents_of(base)
        raw = b"%%\n%d 0 obj\n%s\nendobj\n" % (number, STREAM)
    signed = world.sign_foreign(base)
    spot = signed.index(b"%%\n%d 0 obj" % number) + 2
    return appended(signed, offsets={number: spot})


def _overlaid(opened):
    page = opened.pages[1]
    white = opened.make_stream(b"1 1 1 rg 0 0 595 842 re f")
    page.Contents = opened.make_indirect(pikepdf.Array([page.Contents, white]))


def overlay(world, freed=False):
    signed = world.sign_foreign(_saved(_overlaid))
    reader = tamper.acts._writer(signed).prev
    contents = reader.root["/Pages"]["/Kids"][1]["/Contents"]
    number = contents.raw_get(1).reference.idnum
    if freed:
        return appended(signed, freed=[number])
    return appended(signed, {number: b"<</Length 0>>\nstream\n\nendstream"})


def font(world):
    def change(opened):
        fonts = opened.pages[1].Resources.Font
        fonts.F1 = opened.make_indirect(pikepdf.Dictionary(fonts.F1))

    signed = world.sign_foreign(_saved(change))
    reader = tamper.acts._writer(signed).prev
    fonts = reader.root["/Pages"]["/Kids"][1]["/Resources"]["/Font"]
    number = fonts.raw_get("/F1").reference.idnum
    body = b"<</Type/Font/Subtype/Type1/BaseFont/ZapfDingbats>>"
    return appended(signed, {number: body})


def second_tree(world, shown=True):
    """Another catalog, with pages of its own, waits in the signed file."""

    def change(opened):
        page = pikepdf.Dictionary(
            Type=pikepdf.Name.Page,
            MediaBox=[0, 0, 595, 842],
            Contents=opened.make_stream(PAID),
        )
        pages = opened.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.Pages, Count=1)
        )
        page.Parent = pages
        pages.Kids = [opened.make_indirect(page)]
        catalog = pikepdf.Dictionary(Type=pikepdf.Name.Catalog, Pages=pages)
        opened.Root.PieceInfo = pikepdf.Dictionary(X=opened.make_indirect(catalog))

    signed = world.sign_foreign(_saved(change))
    if not shown:
        return signed
    reader = tamper.acts._writer(signed).prev
    number = reader.root["/PieceInfo"].raw_get("/X").reference.idnum
    return appended(signed, root=number)


def hollow(world):
    """A content stream that is named, and defined only after the signature."""

    def change(opened):
        page = opened.pages[1]
        page.Contents = pikepdf.Array([page.Contents, page.Contents])

    base = _saved(change)
    number = contents_of_array(base)
    named = base.replace(b"%d 0 R %d 0 R" % (number, number), b"%d 0 R 99 0 R" % number)
    if named == base:
        raise AssertionError("the array is written otherwise")
    from .common_acts import rebuilt

    signed = world.sign_foreign(rebuilt(named))
    return appended(signed, {99: STREAM})


def contents_of_array(pdf):
    page = tamper.acts._writer(pdf).prev.root["/Pages"]["/Kids"][1]
    return page["/Contents"].raw_get(0).reference.idnum


def layers(world):
    def change(opened):
        layer = opened.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="Amount")
        )
        opened.Root.OCProperties = pikepdf.Dictionary(
            OCGs=[layer], D=pikepdf.Dictionary(OFF=[layer], Order=[layer])
        )

    return world.sign_foreign(_saved(change))


def script(world):
    def change(opened):
        opened.Root.OpenAction = pikepdf.Dictionary(
            S=pikepdf.Name.JavaScript, JS="this.getField('a').value = 900000"
        )

    return world.sign_foreign(_saved(change))
