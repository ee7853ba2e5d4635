from odoo import http
from odoo.http import request

from ..lib.tokens import is_token
from .common import MAX_BODY, SMALL_BODY, ServicePages, limited, service_route

HONEYPOT = "website_address"


class DepositController(ServicePages, http.Controller):
    """The deposit: desk and subject, who you are, your letter, check, done."""

    # ------------------------------------------------------------------
    # Step 1: to whom
    # ------------------------------------------------------------------

    @service_route("/deposit", methods=["GET"])
    @limited
    def start(self, q="", draft="", **_unused):
        self._browser()
        query = (q if isinstance(q, str) else "")[:100]
        if query:
            self._limit("search", limit=1200)
        return self._start_page(query=query, draft=draft)

    @service_route(
        "/deposit", methods=["POST"], max_content_length=lambda _self: SMALL_BODY
    )
    @limited
    def start_post(self, **_unused):
        form = self._form()
        office_sudo = self._office_sudo(form.get("desk"))
        draft = form.get("draft") or ""
        if not office_sudo:
            return self._start_page(draft=draft, errors={"desk": "desk_missing"})
        if "subject_type" in form:
            return self._begin(office_sudo, form)
        tail = f"?draft={draft}" if is_token(draft) else ""
        return self._go(f"/deposit/{office_sudo.portal_slug}{tail}")

    @service_route("/deposit/<string:slug>", methods=["GET"])
    def desk(self, slug, draft="", **_unused):
        self._browser()
        office_sudo = self._office_sudo(slug)
        if not office_sudo:
            return self._not_found()
        return self._desk_page(office_sudo, draft=draft)

    @service_route(
        "/deposit/<string:slug>",
        methods=["POST"],
        max_content_length=lambda _self: SMALL_BODY,
    )
    @limited
    def desk_post(self, slug, **_unused):
        form = self._form()
        office_sudo = self._office_sudo(form.get("desk") or slug)
        if not office_sudo:
            return self._not_found()
        return self._begin(office_sudo, form)

    def _begin(self, office_sudo, form):
        deposits_sudo = self._deposits_sudo()
        if office_sudo.state != "open":
            return self._desk_page(office_sudo, status=409)
        if form.get(HONEYPOT):
            return self._desk_page(office_sudo, form, {"subject_type": "honeypot"})
        browser = self._browser()
        draft_sudo = None
        if form.get("draft"):
            draft_sudo = deposits_sudo._find(form["draft"], browser, lock=True)
            if not draft_sudo or draft_sudo.state != "draft":
                return self._not_found()
        else:
            self._limit("deposit", limit=1000)
            self._limit("desk", f"desk-{office_sudo.id}", limit=6000)
        token, errors = deposits_sudo._begin(
            office_sudo, form.get("subject_type"), browser, draft=draft_sudo
        )
        if errors:
            return self._desk_page(office_sudo, form, errors)
        # A session that is kept knows its database: the next pages need not look for it.
        request.session.touch()
        step = "who"
        if draft_sudo:
            step = draft_sudo._missing_step() or "check"
        return self._go(f"/deposit/draft/{token or form['draft']}/{step}")

    def _start_page(self, query="", draft="", errors=None):
        # sudo: visitors have no right on offices; published ones as plain dicts.
        offices_sudo = request.env["registry.office"].sudo()
        cards, total = offices_sudo._portal_directory(query, limit=30)
        return self._page(
            "deposit_start",
            {
                "cards": cards,
                "total": total,
                "query": query,
                "draft": draft,
                "errors": self._deposits_sudo()._error_list("start", errors or {}),
            },
            status=422 if errors else 200,
        )

    def _desk_page(self, office_sudo, form=None, errors=None, *, draft="", status=200):
        return self._page(
            "deposit_desk",
            {
                "desk": office_sudo._portal_page(),
                "draft": (form or {}).get("draft") or draft,
                "chosen": (form or {}).get("subject_type") or "",
                "errors": self._deposits_sudo()._error_list("start", errors or {}),
            },
            status=422 if errors else status,
        )

    # ------------------------------------------------------------------
    # Steps 2 to 4
    # ------------------------------------------------------------------

    @service_route(
        "/deposit/draft/<string:token>/<any(who,letter,check):step>", methods=["GET"]
    )
    def step(self, token, step, **_unused):
        draft_sudo = self._deposits_sudo()._find(token, self._browser())
        return self._check_order(draft_sudo, token, step) or self._step_page(
            draft_sudo, token, step
        )

    @service_route(
        "/deposit/draft/<string:token>/who",
        methods=["POST"],
        max_content_length=lambda _self: SMALL_BODY,
    )
    def who_post(self, token, **_unused):
        draft_sudo = self._locked(token)
        detour = self._check_order(draft_sudo, token, "who")
        if detour:
            return detour
        form = self._form()
        errors = draft_sudo._save_who(form)
        return self._after(draft_sudo, token, "who", form, errors)

    @service_route(
        "/deposit/draft/<string:token>/letter",
        methods=["POST"],
        max_content_length=lambda _self: MAX_BODY,
    )
    @limited
    def letter_post(self, token, **_unused):
        form, uploads = self._form(), self._uploads()
        if uploads:
            self._limit("upload", limit=3000)
        draft_sudo = self._locked(token)
        detour = self._check_order(draft_sudo, token, "letter")
        if detour:
            return detour
        errors = draft_sudo._save_letter(form, uploads)
        return self._after(draft_sudo, token, "letter", form, errors)

    @service_route(
        "/deposit/draft/<string:token>/check",
        methods=["POST"],
        max_content_length=lambda _self: MAX_BODY,
    )
    @limited
    def check_post(self, token, **_unused):
        form, uploads = self._form(), self._uploads()
        # A draft is sent once, and drafts are counted when they begin: only pages that
        # send files and do not confirm are counted here.
        confirmed = form.get("consent") and form.get("confirm")
        if uploads and (self._stays(form) or not confirmed):
            self._limit("upload", limit=3000)
        draft_sudo = self._locked(token)
        detour = self._check_order(draft_sudo, token, "check")
        if detour:
            return detour
        if self._stays(form):
            refused = draft_sudo._take_files(form, uploads)
            errors = {"files": refused} if refused else {}
            return self._after(draft_sudo, token, "check", form, errors)
        errors = draft_sudo._submit(form, uploads)
        if errors:
            return self._step_page(draft_sudo, token, "check", errors, form)
        return self._go(f"/deposit/done/{draft_sudo.public_id}")

    def _after(self, draft_sudo, token, step, form, errors):
        """Answer a posted step: stay, correct, change the language, or go on."""
        stays = self._stays(form)
        if stays:  # fields still empty are no mistakes yet; a refused file is one
            errors = {key: found for key, found in errors.items() if key == "files"}
        if self._wants_json():
            return self._files_json(draft_sudo, errors)
        if errors:
            return self._step_page(draft_sudo, token, step, errors)
        if stays:
            lang = form.get("language")
            place = f"/deposit/draft/{token}/{step}"
            return self._go_in(lang, place) if lang else self._go(f"{place}#files")
        following = {"who": "letter", "letter": "check"}[step]
        return self._go(f"/deposit/draft/{token}/{following}")

    def _stays(self, form):
        return bool(
            form.get("action") == "upload" or form.get("remove") or form.get("language")
        )

    def _go_in(self, code, place):
        """Go to ``place`` in one of the website's languages, else in the present one."""
        if code not in request.env["res.lang"]._get_frontend():
            return self._go(place)
        request.future_response.set_cookie("frontend_lang", code)
        return self._secured(
            request.redirect(request.env["ir.http"]._url_for(place, code), code=303)
        )

    def _check_order(self, draft_sudo, token, step):
        """Return where to go instead of ``step``, or None."""
        if not draft_sudo:
            return self._not_found()
        if draft_sudo.state == "submitted":
            return self._go(f"/deposit/done/{draft_sudo.public_id}")
        missing = draft_sudo._missing_step(step)
        if missing:
            return self._go(f"/deposit/draft/{token}/{missing}")
        return None

    def _step_page(
        self, draft_sudo, token, step, errors=None, form=None, *, status=None
    ):
        page = draft_sudo._step_page(step, errors=errors)
        return self._page(
            f"deposit_{step}",
            {**page, "token": token, "posted": form or {}},
            status=status or (422 if errors else 200),
        )

    def _files_json(self, draft_sudo, errors):
        page = draft_sudo._step_page("letter", errors=errors)
        response = request.make_json_response(
            {"files": page["files"], "errors": page["errors"]},
            status=422 if errors else 200,
        )
        return self._secured(response)

    def _service_error(self, code, args, sentence=""):
        """Show the step again: an expired page or too large a file loses nothing."""
        errors = {
            400: {"main": "expired"},
            413: {"files": "too_large"},
            422: {"main": [sentence]},
        }.get(code)
        token = args.get("token")
        if not errors or not token:
            return super()._service_error(code, args, sentence)
        step = request.httprequest.path.rpartition("/")[2]
        draft_sudo = self._deposits_sudo()._find(token, self._browser())
        detour = self._check_order(draft_sudo, token, step)
        if detour:
            return detour
        if self._wants_json():
            return self._files_json(draft_sudo, errors)
        typed = self._form() if code == 400 and self._is_same_origin() else None
        page = draft_sudo._step_page(step, errors=errors, typed=typed)
        values = {**page, "token": token, "posted": {}}
        return self._page(f"deposit_{step}", values, status=code)

    def _is_same_origin(self):
        """Tell whether the browser says that one of our pages sent this."""
        headers = request.httprequest.headers
        return headers.get("Sec-Fetch-Site") == "same-origin" or (
            headers.get("Origin") == request.httprequest.host_url.rstrip("/")
        )

    # ------------------------------------------------------------------

    def _deposits_sudo(self):
        # sudo: visitors have no right on deposits; a draft is reached only with its
        # token and the browser's secret, and its methods return plain values.
        deposits_sudo = request.env["gov.deposit"].sudo()
        return deposits_sudo

    def _office_sudo(self, slug):
        # sudo: visitors have no right on offices; only published ones are found.
        offices_sudo = request.env["registry.office"].sudo()
        return offices_sudo._portal_find(slug)

    def _locked(self, token):
        return self._deposits_sudo()._find(token, self._browser(), lock=True)
