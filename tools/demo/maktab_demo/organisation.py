"""The two administrations: companies, units, desks, registers, subjects."""

from __future__ import annotations

from .store import Store

ZONE = "Africa/Casablanca"


def build(store: Store, data: dict) -> None:
    """Make what ``administrations.toml`` says, or what is missing of it."""
    _companies(store, data)
    for key, units in data["units"].items():
        for unit in units:
            _unit(store, key, unit)
    store.commit()
    for key, lines in data["letterheads"].items():
        _paper(store, key, lines)
    store.commit()
    for key, office in data["offices"].items():
        _office(store, key, office)
    for key, office in data["offices"].items():
        if "alternative" in office:
            other = store.get(f"office_{office['alternative']}")
            store.get(f"office_{key}").portal_alternative_id = other
    store.commit()
    for key in data["offices"]:
        _registers(store, key, data)
    for key, subjects in data["subjects"].items():
        for sequence, subject in enumerate(subjects, start=1):
            _subject(store, key, subject, sequence, data["help"])
    for said in data["clocks"]:
        _clock(store, said)
    store.commit()


def open_years(store: Store) -> None:
    """Let the functional admins open the year of each register, as in January."""
    for login in ("deskadmin", "deskadmin2"):
        env = store.acting(store.get(f"user_{login}"))
        for register in env["registry.register"].search([]):
            if not register.year_ids:
                register.action_open_year()
                store.commit()


def _companies(store: Store, data: dict) -> None:
    env = store.env
    dirham = env.ref("base.MAD")
    dirham.active = True
    for key, said in data["companies"].items():
        if store.get(f"company_{key}"):
            continue
        kind = store.make(
            f"kind_{said['kind']}",
            "gov.body.kind",
            {"code": said["kind"]},
            {"name": data["kinds"][said["kind"]]},
        )
        vals = {
            **said["values"],
            "gov_kind_id": kind.id,
            "gov_tz": ZONE,
            "country_id": env.ref("base.ma").id,
            "currency_id": dirham.id,
        }
        if key == next(iter(data["companies"])):
            # The company that every database begins with becomes the first one.
            company = env.ref("base.main_company")
            company.write(vals)
            # The one unit that Odoo gives to it.
            env.ref("hr.dep_administration").active = False
        else:
            company = env["res.company"].create(vals)
        # Not at creation: Odoo would ask an outside service what it knows of the domain.
        contact = {"email": company.gov_email, "phone": company.gov_phone}
        company.partner_id.write(contact)
        store.translate(company, {**data["common"], **said["texts"]})
        store.note(f"company_{key}", company)
        store.commit()


def _unit(store: Store, key: str, unit: dict) -> None:
    parent = store.get(f"unit_{key}_{unit['under']}") if "under" in unit else None
    store.make(
        f"unit_{key}_{unit['code']}",
        "hr.department",
        {
            "company_id": store.get(f"company_{key}").id,
            "gov_code": unit["code"],
            "parent_id": parent.id if parent else False,
        },
        {"name": {lang: unit[lang] for lang in ("fr", "ar", "en")}},
    )


def _paper(store: Store, key: str, lines: dict) -> None:
    """Make the paper of an administration, and its own copy of the reply in two languages."""
    company = store.get(f"company_{key}")
    store.make(
        f"letterhead_{key}", "gov.letterhead", {**lines, "company_id": company.id}
    )
    model = store.env.ref("mail_desk.gov_template_reply_two_languages")
    if not model._adapted(company):
        store.note(f"template_{key}_two_languages", model._adapt(company))


def _office(store: Store, key: str, office: dict) -> None:
    company = office["company"]
    store.make(
        f"office_{key}",
        "registry.office",
        {
            **office["values"],
            "company_id": store.get(f"company_{company}").id,
            "unit_id": store.get(f"unit_{company}_{office['unit']}").id,
            "is_published": True,
            "portal_slug": office["slug"],
        },
        office["texts"],
    )


def _registers(store: Store, key: str, data: dict) -> None:
    office = store.get(f"office_{key}")
    if store.get(f"register_{key}_incoming"):
        return
    office.action_create_registers()
    if numbers := data["offices"][key].get("numbers"):
        office.register_ids.number_pattern = numbers
    for register in office.register_ids:
        store.translate(register, {"name": data["registers"][register.direction]})
        store.note(f"register_{key}_{register.direction}", register)
    store.commit()


def _subject(store: Store, key: str, subject: dict, sequence: int, helps: dict) -> None:
    texts = {"name": {lang: subject[lang] for lang in ("fr", "ar", "en")}}
    if subject["code"] in helps:
        texts["help_text"] = helps[subject["code"]]
    desks = [store.get(f"office_{desk}").id for desk in subject.get("desks", ())]
    store.make(
        f"subject_{key}_{subject['code']}",
        "registry.subject",
        {
            "code": subject["code"],
            "kind": subject["kind"],
            "sequence": sequence,
            "company_id": store.get(f"company_{key}").id,
            "office_ids": desks,
        },
        texts,
    )


def _clock(store: Store, said: dict) -> None:
    """Give a subject a category whose letters have a legal length."""
    key, about = said["company"], said["about"]
    if store.get(f"category_{key}_{about}"):
        return
    company = store.get(f"company_{key}")
    model = store.env.ref(f"l10n_ma_gov.{said['rule']}")
    action = model.with_company(company).action_adapt()
    rule = store.env["gov.clock"].browse(action["res_id"])
    if "reference" in said:
        rule.action_confirm(said["reference"])
    subject = store.get(f"subject_{key}_{about}")
    category = store.make(
        f"category_{key}_{about}",
        "registry.category",
        {"company_id": company.id, "clock_id": rule.id},
        {"name": {lang: said[lang] for lang in ("fr", "ar", "en")}},
    )
    subject.category_id = category
