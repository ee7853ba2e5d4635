"""A depositor without JavaScript: reads pages, fills forms, posts what the page asks.

Knows the stable names of the contract (``desk``, ``subject_type``, ``kind``, ``name`` …)
and nothing of the pages' looks. One client is one browser: it has its own cookies.
Used by the tests of concurrency and crashes and by the benchmarks.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import lxml.html
import requests

TIMEOUT = 90
MULTIPART = "multipart/form-data"
File = tuple[str, bytes, str]
WHO = {"kind": "citizen", "name": "فاطمة الزهراء العلوي", "email": "fatima@example.com"}
LETTER = {"subject": "Demande de rendez-vous", "body": "Je demande un rendez-vous."}
AGREED = {"consent": "1", "confirm": "1"}


def small_pdf(size: int = 2000, text: str = "") -> bytes:
    """Return a valid one-page PDF of about ``size`` bytes, different at each call."""
    text = text or secrets.token_hex(8)
    padding = secrets.token_hex(max(0, size - 700) // 2)
    body = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET\n%{padding}\n".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(body), body),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    mark = hashlib.sha256(out).hexdigest()[:32].encode()
    out += b"trailer\n<< /Size %d /Root 1 0 R /ID [<%s> <%s>] >>\n" % (
        len(objects) + 1,
        mark,
        mark,
    )
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


class DepositError(AssertionError):
    """The pages did not lead where a depositor expects."""


@dataclass
class Form:
    """A form as the page gives it: where it goes and what it would send untouched."""

    action: str
    encoding: str
    values: list[tuple[str, str]]
    choices: dict[str, list[str]]
    names: set[str]

    @classmethod
    def of(cls, element, base: str) -> Form:
        """Read a ``<form>`` as a browser does; submit buttons are not pressed."""
        values, choices, names = [], {}, set()
        for control in element.xpath(".//input|.//textarea|.//select|.//button"):
            name, kind = control.get("name"), control.get("type", "text")
            if not name or control.get("disabled") is not None:
                continue
            names.add(name)
            if control.tag == "button" or kind in ("file", "submit", "image", "button"):
                continue
            value = control.get("value", "")
            if control.tag == "textarea":
                value = control.text or ""
            elif control.tag == "select":
                value = control.value or ""
            elif kind in ("radio", "checkbox"):
                choices.setdefault(name, []).append(control.get("value", "on"))
                if control.get("checked") is None:
                    continue
                value = control.get("value", "on")
            values.append((name, value))
        return cls(
            action=urljoin(base, element.get("action") or base),
            encoding=element.get("enctype", ""),
            values=values,
            choices=choices,
            names=names,
        )

    def filled(self, changes: Mapping[str, str]) -> list[tuple[str, str]]:
        """Return what is sent when some fields are typed over."""
        unknown = set(changes) - self.names
        if unknown:
            raise DepositError(
                f"{self.action}: the form has no field {sorted(unknown)}"
            )
        kept = [pair for pair in self.values if pair[0] not in changes]
        return kept + list(changes.items())


@dataclass
class Page:
    """An answer of the server, after redirects."""

    status: int
    url: str
    content: bytes
    headers: Mapping[str, str]
    history: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tree = None
        if "html" in self.headers.get("Content-Type", "") and self.content:
            self.tree = lxml.html.document_fromstring(self.content)

    @property
    def path(self) -> str:
        """The path of the address the page was found at."""
        return urlsplit(self.url).path

    def text(self) -> str:
        """Return the visible words of the page, on one line."""
        return " ".join(self.tree.xpath("string(//body)").split())

    def form(self) -> Form:
        """Return the deposit's form: the one that posts and is no language switch."""
        for element in self.tree.xpath(
            "//form[translate(@method,'POST','post')='post']"
        ):
            form = Form.of(element, self.url)
            if "/deposit" in urlsplit(form.action).path:
                return form
        raise DepositError(f"{self.status} {self.url}: no form. {self.text()[:300]}")

    def sentences(self) -> list[str]:
        """Return the sentences that say what to correct."""
        found = self.tree.xpath(
            "//*[contains(@class,'gp-error')]//li|//*[@role='alert']"
        )
        return [" ".join(item.text_content().split()) for item in found]


@dataclass(frozen=True)
class Done:
    """What the last page of a deposit carries for programs."""

    number: str
    code: str
    public_id: str
    receipt: str
    url: str

    @classmethod
    def of(cls, page: Page) -> Done:
        """Read the last page."""
        carriers = (
            page.tree.xpath("//*[@data-public-id]") if page.tree is not None else []
        )
        if page.status != 200 or not carriers:
            words = page.text()[:400] if page.tree is not None else ""
            raise DepositError(
                f"{page.status} {page.url} is not the last page. {words}"
            )
        links = page.tree.xpath("//a[@rel='receipt']/@href")
        return cls(
            number=carriers[0].get("data-number", ""),
            code=carriers[0].get("data-code", ""),
            public_id=carriers[0].get("data-public-id"),
            receipt=urljoin(page.url, links[0]) if links else "",
            url=page.url,
        )


@dataclass
class Ready:
    """A deposit of which only the last step is to be sent, as often as one likes."""

    action: str
    data: list[tuple[str, str]]
    files: list[tuple[str, File]]


class DepositClient:
    """One browser of one depositor."""

    def __init__(self, url: str, language: str = "") -> None:
        self.url = url
        self.language = f"/{language}" if language else ""
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Accept-Language"] = "en"

    def close(self) -> None:
        """Close the connections."""
        self.session.close()

    def get(self, path: str) -> Page:
        """Fetch a page."""
        answer = self.session.get(urljoin(self.url, path), timeout=TIMEOUT)
        return self._page(answer)

    def post(
        self,
        action: str,
        data: Sequence[tuple[str, str]],
        files: Sequence[tuple[str, File]] = (),
        *,
        multipart: bool = False,
        follow: bool = True,
    ) -> Page:
        """Post a form; redirects are followed with GET."""
        parts: list = list(files)
        if multipart or parts:
            # No file chosen: a browser sends an empty part, we send the fields alone.
            parts += [(name, (None, value.encode())) for name, value in data]
            answer = self.session.post(
                action, files=parts, timeout=TIMEOUT, allow_redirects=follow
            )
        else:
            answer = self.session.post(
                action, data=list(data), timeout=TIMEOUT, allow_redirects=follow
            )
        return self._page(answer)

    @staticmethod
    def _page(answer: requests.Response) -> Page:
        return Page(
            answer.status_code,
            answer.url,
            answer.content,
            answer.headers,
            [step.status_code for step in answer.history],
        )

    def submit(self, page: Page, values: Mapping[str, str], files=()) -> Page:
        """Fill the form of a page and send it."""
        form = page.form()
        return self.post(
            form.action,
            form.filled(values),
            files,
            multipart=form.encoding == MULTIPART,
        )

    # ------------------------------------------------------------------
    # The steps
    # ------------------------------------------------------------------
    def begin(self, desk: str, subject_type: str = "") -> Page:
        """Step 1: desk and subject; returns the page that asks who you are."""
        page = self.get(f"{self.language}/deposit/{desk}")
        form = page.form()
        values = {}
        if "subject_type" in form.choices:
            values["subject_type"] = subject_type or form.choices["subject_type"][0]
        return self._expect(self.submit(page, values), "kind")

    def to_check(
        self,
        desk: str,
        *,
        who: Mapping[str, str] = WHO,
        letter: Mapping[str, str] = LETTER,
        files: Sequence[File] = (),
        last_files: Sequence[File] = (),
    ) -> Ready:
        """Go through every step but the last one.

        :param files: files given with the letter; ``last_files``: with the last step
        """
        page = self._expect(self.submit(self.begin(desk), who), "subject")
        page = self.submit(page, letter, [("files", file) for file in files])
        form = self._expect(page, "consent").form()
        return Ready(
            form.action,
            form.filled(AGREED),
            [("files", file) for file in last_files],
        )

    def send(self, ready: Ready, *, follow: bool = True) -> Page:
        """Send the last step."""
        return self.post(
            ready.action, ready.data, ready.files, multipart=True, follow=follow
        )

    def deposit(self, desk: str, **options) -> Done:
        """Make a whole deposit and return what its last page says."""
        return Done.of(self.send(self.to_check(desk, **options)))

    def receipt(self, done: Done, patience: float = TIMEOUT) -> bytes:
        """Download the receipt; while the page says it is being made, ask again."""
        end = time.monotonic() + patience
        page = self.get(done.receipt)
        while page.status == 503 and time.monotonic() < end:
            time.sleep(0.3)
            page = self.get(done.receipt)
        if page.status != 200 or not page.content.startswith(b"%PDF-"):
            raise DepositError(f"{page.status} {page.url}: no PDF")
        return page.content

    @staticmethod
    def _expect(page: Page, name: str) -> Page:
        if page.status == 200 and page.tree is not None and name in page.form().names:
            return page
        found = page.sentences() if page.tree is not None else page.content[:200]
        raise DepositError(f"{page.status} {page.url}: no field {name}. {found}")
