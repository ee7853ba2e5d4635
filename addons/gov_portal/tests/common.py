"""A citizen without JavaScript: reads a page, fills its form, sends what it asks for."""

from lxml import html

from odoo.tests import HttpCase

# The smallest PDF that the intake accepts as one page.
_OBJECTS = [
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>",
]
ANSWERS = {
    "who": {
        "kind": "citizen",
        "name": "محمد بن علال",
        "email": "m.benallal@example.ma",
        "phone": "06 12 34 56 78",
        "on_behalf_of": "",
    },
    "letter": {"subject": "طلب رخصة", "body": "أطلب منكم رخصة بناء.\nمع الشكر."},
}


def make_pdf(text="a letter"):
    """Return a small valid PDF; another text gives another file."""
    stream = b"BT /F1 12 Tf 72 720 Td (" + text.encode() + b") Tj ET"
    objects = [
        *_OBJECTS,
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
    ]
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj" % number + body + b"endobj\n"
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        table,
    )
    return out


class Page:
    """An answer of the server, read as a person without JavaScript reads it."""

    def __init__(self, response):
        self.response = response
        self.status = response.status_code
        self.url = response.url
        self.text = response.text
        self.tree = html.fromstring(response.content) if response.text.strip() else None

    def all(self, xpath):
        return self.tree.xpath(xpath)

    def one(self, xpath):
        found = self.all(xpath)
        return found[0] if found else None

    @property
    def title(self):
        return self.one("//title").text_content()

    @property
    def main(self):
        return " ".join(self.one("//main").text_content().split())

    @property
    def errors(self):
        return [
            link.text_content().strip()
            for link in self.all("//*[@id='error-summary']//a")
        ]

    def form(self):
        """Return ``(action, fields)`` of the form that posts, as a browser sends it."""
        form = self.one("//main//form[@method='post']")
        fields = {}
        for node in form.xpath(".//input|.//textarea|.//select"):
            name, kind = node.get("name"), node.get("type", "text")
            if not name or kind in ("submit", "file", "button"):
                continue
            if kind in ("radio", "checkbox") and node.get("checked") is None:
                continue
            fields[name] = (
                node.value if node.tag == "textarea" else node.get("value", "")
            )
        return form.get("action"), {key: value or "" for key, value in fields.items()}


class PortalCase(HttpCase):
    """Two administrations, three desks, subjects."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["website"].search([])._gov_set_languages()
        cls.company = cls.env["res.company"].create(
            {
                "name": "Test commune (GPT)",
                "gov_name": "Commune d'Agdal",
                "gov_code": "GPT",
                "gov_tz": "Africa/Casablanca",
                "country_id": cls.env.ref("base.ma").id,
            }
        )
        cls.company.with_context(lang="ar_MA").gov_name = "جماعة أكدال"
        cls.desk = cls._make_desk("AGD", "Bureau d'ordre d'Agdal", is_published=True)
        cls.desk.with_context(lang="ar_MA").name = "مكتب الضبط أكدال"
        cls.desk.with_context(lang="zgh").name = "ⴰⵙⵉⵔⴰ ⵏ ⴰⴳⴷⴰⵍ"
        cls.desk.accepts = "Letters to the services of the commune"
        cls.hidden_desk = cls._make_desk("HID", "Bureau d'ordre interne")
        cls.closed_desk = cls._make_desk(
            "CLO", "Bureau d'ordre du port", is_published=True, state="closed"
        )
        cls.closed_desk.portal_alternative_id = cls.desk
        cls.subject = cls.env["registry.subject"].create(
            {"name": "Urbanisme", "code": "URB", "company_id": cls.company.id}
        )

    @classmethod
    def _make_desk(cls, code, name, **vals):
        office = cls.env["registry.office"].create(
            {"name": name, "code": code, "company_id": cls.company.id, **vals}
        )
        office.action_create_registers()
        for register in office.register_ids:
            register.action_open_year()
        return office

    # ------------------------------------------------------------------

    def get(self, path, **kwargs):
        return Page(self.url_open(path, **kwargs))

    def send(self, page, *, files=(), follow=True, drop=(), headers=None, **values):
        """Fill the form of ``page`` with ``values`` and send it."""
        action, fields = page.form()
        fields.update(values)
        for name in drop:
            fields.pop(name, None)
        parts = [("files", file) for file in files]
        if page.one("//main//form[@method='post'][@enctype]") is not None and not parts:
            parts = [("files", ("", b"", "application/octet-stream"))]
        return Page(
            self.url_open(
                action,
                data=fields,
                files=parts or None,
                allow_redirects=follow,
                headers=headers,
                method="POST",
            )
        )

    def other_browser(self):
        """Forget every cookie: what follows comes from somebody else."""
        self.authenticate(None, None)

    def to_letter(self, prefix=""):
        page = self.get(f"{prefix}/deposit/{self.desk.portal_slug}")
        page = self.send(page, subject_type="URB")
        return self.send(page, **ANSWERS["who"])

    def to_check(self, prefix="", files=()):
        return self.send(self.to_letter(prefix), files=files, **ANSWERS["letter"])

    def deposit(self, prefix="", files=()):
        return self.send(self.to_check(prefix, files), consent="1", confirm="1")

    def drafts(self):
        return self.env["gov.deposit"].search([("office_id", "=", self.desk.id)])

    def letters(self):
        return self.env["registry.letter"].search([("office_id", "=", self.desk.id)])
