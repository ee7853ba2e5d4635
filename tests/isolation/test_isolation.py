"""Agents of one administration see nothing of another, by any door.

Administration B holds something of every kind. Each role of administration A (and a
citizen, and a visitor) then tries every door: what comes back holds nothing of B.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import crowd
import pytest
import requests
import scene
from deposit_client import DepositClient, small_pdf

from odoo_process import OdooProcess

UNKNOWN = 2_000_000_000
ADDONS = ("gov_trust", "gov_base", "digital_registry", "gov_portal")
AGENTS = [role for role in scene.ROLES if role != "citizen"]
PEOPLE = [*scene.ROLES, "everything"]
#: Belong to the platform, not to an administration: everybody's or nobody's.
OF_THE_PLATFORM = {"gov.body.kind", "gov.trust.declaration"}
#: What is shown of other administrations on purpose: their name, which is on every
#: letter-head and on the public desk. No other field, no unit, no person.
EVIDENCE = (
    "gov.consultation",
    "gov.document.vault",
    "gov.document.version",
    "gov.journal",
    "gov.journal.counter",
    "gov.journal.event",
    "gov.journal.head",
    "gov.journal.state",
    "gov.journal.tile",
    "gov.key",
    "gov.key.secret",
    "gov.certificate",
    "gov.proof",
    "gov.proof.digest",
    "registry.closing",
    "registry.entry",
    "registry.entry.detail",
    "registry.entry.status",
    "registry.receipt",
)
REFUSALS = {
    "odoo.exceptions.AccessError",
    "odoo.exceptions.UserError",
    "odoo.exceptions.ValidationError",
    "odoo.exceptions.MissingError",
}
#: Somebody of A with every role of our addons, and the administrator of the platform.
SCRIPT = """
groups = [env.ref(xmlid).id for role, xmlid in ROLES.items() if role != "citizen"]
env["res.users"].with_context(no_reset_password=True).create({
    "name": "everything", "login": "everything", "password": "everything",
    "company_id": companies["A"].id, "company_ids": [Command.set(companies["A"].ids)],
    "group_ids": [Command.set(groups)],
})
env.ref("base.user_admin").write({
    "password": "admin",
    "company_ids": [Command.link(company.id) for company in companies.values()],
})
# What the register takes in the background is not in the way of the comparison.
env.cr.commit()
"""
#: Things that only people of the house make: a draft, a message, a check, a wizard.
FILL = """
import base64, datetime, json
from odoo import Command
for suffix, side in (("", "A"), ("2", "B")):
    def of(role):
        user = env["res.users"].search([("login", "=", role + suffix)])
        company = user.company_id
        return env(user=user.id, su=False, context={"allowed_company_ids": company.ids})
    head, registrar, auditor = of("head"), of("registrar"), of("auditor")
    office = head["registry.office"].search([], limit=1)
    register = head["registry.register"].search([
        ("office_id.code", "=", side + "1"), ("direction", "=", "incoming")])
    draft = registrar["registry.letter"].create({
        "subject": "Secret draft " + side, "register_id": register.id,
        "sender_name": "Secret sender " + side, "channel": "counter",
    })
    draft.message_post(body="Secret message " + side)
    draft.activity_schedule("mail.mail_activity_data_todo", summary="Secret " + side)
    letter = head["registry.letter"].search([("state", "=", "registered")], limit=1)
    version = head["gov.document.version"].search([], limit=1)
    head["gov.consultation"]._log(version)
    auditor["registry.register"].browse(register.id).action_verify()
    head["registry.register"].browse(register.id).action_close_day()
    of_letter = {"letter_id": letter.id, "reason": "Secret reason " + side}
    head["registry.cancel.wizard"].create({**of_letter, "authority": "Secret"})
    head["registry.rectify.wizard"].create({**of_letter, "field_name": "subject"})
    wizard = head["registry.start.wizard"].create(
        {"register_id": register.id, "first_number": 9, "act": "Secret act"})
env.cr.commit()

def company_of(record):
    if record._name == "res.company":
        return record.id
    if "company_id" in record._fields:
        value = record.company_id
        return value if isinstance(value, int) else value.id
    for name, model in (("journal_id", "gov.journal"), ("key_id", "gov.key"),
                        ("proof_id", "gov.proof"), ("deposit_id", "gov.deposit")):
        if name in record._fields:
            owner = record[name]
            owner = env[model].browse(owner) if isinstance(owner, int) else owner
            return company_of(owner.exists()) if owner.exists() else None
    if record._transient:
        return record.create_uid.company_id.id
    raise LookupError(record._name)

mine = env["ir.model.data"].search([
    ("model", "=", "ir.model"), ("module", "in", list(ADDONS))]).mapped("res_id")
names = sorted(
    name for name in env["ir.model"].browse(mine).mapped("model")
    if name.split(".")[0] in ("gov", "registry") and not env[name]._abstract
)
told = {"models": {}, "platform": [], "company": {}, "state": {}}
ids = {c.gov_code[-1]: c.id for c in env["res.company"].search([("gov_code", "=like", "TST%")])}
told["company"] = ids
for name in names:
    records = env[name].with_context(active_test=False).search([])
    try:
        owners = {record.id: company_of(record) for record in records}
    except LookupError:
        told["platform"].append(name)
        continue
    told["models"][name] = {
        side: sorted(i for i, owner in owners.items() if owner == ids[side])
        for side in "AB"
    }
about = {name: set(rows["B"]) for name, rows in told["models"].items()}
def on(model, model_field, id_field):
    return [
        r.id for r in env[model].search([(model_field, "in", names)])
        if r[id_field] in about.get(r[model_field], ())
    ]
told["stock"] = {
    "ir.attachment": env["ir.attachment"].search(
        [("res_field", "!=", 0), ("company_id", "=", ids["B"])]).ids,
    "mail.message": on("mail.message", "model", "res_id"),
    "mail.activity": on("mail.activity", "res_model", "res_id"),
    "mail.followers": on("mail.followers", "res_model", "res_id"),
    "hr.department": env["hr.department"].search([("company_id", "=", ids["B"])]).ids,
}
told["keys"] = {
    user.login: user.with_user(user).env["res.users.apikeys"].sudo()._generate(
        None, "isolation", datetime.datetime.now() + datetime.timedelta(days=1))
    for user in env["res.users"].search([("login", "in", PEOPLE)])
}
env.cr.commit()
print("TOLD", json.dumps(told))
"""


@dataclass
class World:
    """The served database, and what of B is in it."""

    odoo: OdooProcess
    models: dict[str, dict[str, list[int]]]
    platform: list[str]
    stock: dict[str, list[int]]
    company: dict[str, int]
    keys: dict[str, str]
    sessions: dict[str, scene.Rpc]

    def rpc(self, login: str) -> scene.Rpc:
        """Return the session of a person, logged in once."""
        if login not in self.sessions:
            self.sessions[login] = scene.Rpc(self.odoo.url, login, self.odoo.name)
        return self.sessions[login]


@pytest.fixture(scope="module")
def world(databases, template) -> Iterator[World]:
    """Two administrations that both hold something of every kind."""
    few = scene.script(SCRIPT).replace(
        f"CODES = {scene.CODES!r}", f"CODES = {('A1', 'B1')!r}"
    )
    odoo = OdooProcess(databases, template, label="isolation", script=few)
    try:
        odoo.start()
        for desk in ("A1", "B1"):
            client = DepositClient(odoo.url)
            ready = client.to_check(
                scene.DESKS[desk],
                files=[(f"secret-{desk}.pdf", small_pdf(), "application/pdf")],
                letter={"subject": f"Secret {desk}", "body": f"Secret text {desk}"},
            )
            client.receipt(crowd.send(client, ready))
            # And one that is being written: nobody's business.
            client = DepositClient(odoo.url)
            client.to_check(
                scene.DESKS[desk], files=[("draft.pdf", small_pdf(), "application/pdf")]
            )
        output = odoo.shell(f"ADDONS = {ADDONS!r}\nPEOPLE = {PEOPLE!r}\n{FILL}")
        line = next(line for line in output.splitlines() if line.startswith("TOLD "))
        told = json.loads(line.removeprefix("TOLD "))
        yield World(
            odoo,
            told["models"],
            told["platform"],
            told["stock"],
            told["company"],
            told["keys"],
            {},
        )
    finally:
        odoo.destroy()


def tried(call, *args, **kwargs):
    """Return (result, None) or (None, name of the error); other errors are a bug."""
    try:
        return call(*args, **kwargs), None
    except scene.RpcError as error:
        assert error.name in REFUSALS, error
        return None, error.name


def test_b_holds_something_of_every_kind(world):
    assert set(world.platform) == OF_THE_PLATFORM
    # A tile is 256 lines; a start is a wizard that creates nothing by itself.
    empty = {name for name, rows in world.models.items() if not rows["B"]}
    assert empty <= {"gov.journal.tile", "registry.start.wizard"}, empty
    assert all(world.stock.values()), world.stock


def reads(rpc: scene.Rpc, model: str, foreign: list[int], own: int) -> list[str]:
    """Try every door of the ORM to one model; return what came through."""
    found, secret, everyone = [], set(foreign), {"context": {"active_test": False}}

    def say(door: str, what) -> None:
        found.append(f"{model}.{door}: {what}")

    every, _error = tried(rpc.call, model, "search", [], **everyone)
    seen = set(every or ())
    if secret & seen:
        say("search", sorted(secret & seen))
    among = [("id", "in", foreign)]
    count, _error = tried(rpc.call, model, "search_count", among, **everyone)
    if count:
        say("search_count", count)
    count, _error = tried(rpc.call, model, "search_count", [], **everyone)
    if (count or 0) > len(seen):
        say("search_count", f"{count} > {len(seen)}")
    named, _error = tried(
        rpc.call, model, "name_search", "", [], "ilike", 9999, **everyone
    )
    if secret & {row[0] for row in named or ()}:
        say("name_search", named)
    groups, _error = tried(
        rpc.call, model, "formatted_read_group", [], [], ["__count"], **everyone
    )
    if sum(group["__count"] for group in groups or ()) > len(seen):
        say("formatted_read_group", groups)
    groups, _error = tried(
        rpc.call, model, "formatted_read_group", among, ["id"], ["__count"], **everyone
    )
    if groups:
        say("formatted_read_group by id", groups)
    rows, _error = tried(
        rpc.call, model, "web_search_read", among, {"display_name": {}}, **everyone
    )
    if rows and (rows["length"] or rows["records"]):
        say("web_search_read", rows)
    rows, _error = tried(rpc.call, model, "search_read", among, ["id"], **everyone)
    if rows:
        say("search_read", rows)
    for record in foreign[:3]:
        for door, arguments in (
            ("read", ([record], ["id", "display_name"])),
            ("web_read", ([record], {"display_name": {}})),
            ("export_data", ([record], ["id", "display_name"])),
            ("copy", ([record],)),
            ("get_metadata", ([record],)),
        ):
            result, error = tried(rpc.call, model, door, *arguments)
            if error is None and result and secret & seen_in(result, record):
                say(door, result)
    return found


def seen_in(result, record: int) -> set[int]:
    """The record, when an answer holds anything of it."""
    return (
        {record} if json.dumps(result) not in ("[]", "{}", '{"datas": []}') else set()
    )


@pytest.mark.parametrize("login", PEOPLE)
def test_no_model_shows_anything_of_b(world, login):
    rpc, found = world.rpc(login), []
    for model, rows in world.models.items():
        found += reads(rpc, model, rows["B"], world.company["A"])
    assert not found, "\n".join(found)


@pytest.mark.parametrize("login", PEOPLE)
def test_nothing_of_b_beside_our_models(world, login):
    """Files, messages, activities, followers and units."""
    rpc, found = world.rpc(login), []
    for model, foreign in world.stock.items():
        found += reads(rpc, model, foreign, world.company["A"])
    assert not found, "\n".join(found)


@pytest.mark.parametrize("login", PEOPLE)
def test_nothing_of_b_through_the_interface_for_programs(world, login):
    """``POST /json/2`` with an API key, also when other administrations are asked for."""
    found = []
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Authorization"] = f"bearer {world.keys[login]}"
        for model, rows in world.models.items():
            if not rows["B"]:
                continue
            for method, arguments in (
                ("search", {"domain": [("id", "in", rows["B"])]}),
                ("search_count", {"domain": [("id", "in", rows["B"])]}),
                ("read", {"ids": rows["B"][:1], "fields": ["display_name"]}),
                (
                    "search",
                    {
                        "domain": [("id", "in", rows["B"])],
                        "context": {"allowed_company_ids": [world.company["B"]]},
                    },
                ),
            ):
                answer = session.post(
                    f"{world.odoo.url}/json/2/{model}/{method}",
                    json=arguments,
                    timeout=60,
                )
                assert answer.status_code < 500, answer.text[:500]
                if answer.ok and answer.json():
                    found.append(f"{model}.{method}: {answer.json()}")
    assert not found, "\n".join(found)


def test_the_doors_do_open_for_b(world):
    """The same calls do show B to the people of B: the test can fail."""
    found = []
    for login in ("head2", "auditor2", "trust2", "trustauditor2"):
        rpc = world.rpc(login)
        for model, rows in world.models.items():
            found += reads(rpc, model, rows["B"], world.company["B"])
    shown = {line.split(": ")[0] for line in found}
    for model in (
        "registry.letter",
        "registry.entry",
        "gov.document.version",
        "gov.proof",
    ):
        assert f"{model}.search" in shown, model
        assert f"{model}.read" in shown, model


# ----------------------------------------------------------------------
# Other administrations and units themselves
# ----------------------------------------------------------------------
@pytest.mark.parametrize("login", AGENTS)
def test_other_administrations_are_not_listed(world, login):
    """Agents see their own administration; a visitor sees names of desks on the website."""
    rpc = world.rpc(login)
    companies = rpc.call("res.company", "search", [])
    assert world.company["B"] not in companies
    result, error = tried(
        rpc.call, "res.company", "read", [world.company["B"]], ["name"]
    )
    assert error == "odoo.exceptions.AccessError", result


# ----------------------------------------------------------------------
# Addresses
# ----------------------------------------------------------------------
def addresses(world: World) -> list[tuple[str, str]]:
    """Return (address of something of B, the same address of nothing at all)."""
    ids = {name: rows["B"] for name, rows in world.models.items()}
    shapes = [
        *(("/gov/document/{}", record) for record in ids["gov.document.version"]),
        *(("/registry/receipt/{}/pdf", record) for record in ids["registry.receipt"]),
        *(("/web/content/{}", record) for record in world.stock["ir.attachment"]),
        *(
            ("/web/content/{}?download=1", record)
            for record in world.stock["ir.attachment"]
        ),
        *(("/web/image/{}", record) for record in world.stock["ir.attachment"]),
        *(("/mail/message/{}", record) for record in world.stock["mail.message"][:2]),
        *(
            ("/web/content/ir.attachment/{}/datas", record)
            for record in world.stock["ir.attachment"]
        ),
        *(
            (f"/web/{door}/{model}/{{}}/{field}", record)
            for door in ("content", "image")
            for model, field in (
                ("registry.receipt", "pdf"),
                ("registry.letter", "scan_file"),
                ("registry.closing", "pdf"),
                ("gov.document.version", "content"),
                ("gov.document.vault", "content"),
                ("gov.key.secret", "secret"),
                ("gov.certificate", "der"),
            )
            for record in ids[model][:1]
        ),
        *(
            (f"/mail/view?model={model}&res_id={{}}", ids[model][0])
            for model in ("registry.letter", "registry.entry", "registry.receipt")
        ),
        *(
            (
                f"/report/{kind}/digital_registry.receipt/{{}}",
                ids["registry.receipt"][0],
            )
            for kind in ("html", "pdf")
        ),
        *(
            (f"/odoo/{model}/{{}}", ids[model][0])
            for model in ("registry.letter", "registry.receipt")
        ),
        ("/web/image/res.company/{}/logo", world.company["B"]),
    ]
    return [(shape.format(record), shape.format(UNKNOWN)) for shape, record in shapes]


def told(session: requests.Session, url: str, path: str) -> tuple:
    """What a door says, without what differs each time and without the id itself."""
    answer = session.get(url + path, timeout=60, allow_redirects=False)
    assert answer.status_code < 500, (path, answer.status_code, answer.text[-800:])
    number = re.findall(
        r"\d+", path.partition("?")[0] if "res_id" not in path else path
    )[-1]
    text = answer.content.decode("utf-8", "replace").replace(number, "#")
    text = re.sub(r"csrf_token[^,;>]*|[0-9a-f]{40}o\d+|nonce=\S+", "", text)
    place = answer.headers.get("Location", "").replace(number, "#")
    return answer.status_code, place, answer.headers.get("Content-Type"), text


@pytest.mark.parametrize("login", ["visitor", *PEOPLE])
def test_what_belongs_to_b_answers_as_what_is_not_there(world, login):
    different = []
    with requests.Session() as session:
        session.trust_env = False
        if login != "visitor":
            for cookie in world.rpc(login).jar:
                session.cookies.set(cookie.name, cookie.value)
        for of_b, of_nobody in addresses(world):
            given = told(session, world.odoo.url, of_b)
            expected = told(session, world.odoo.url, of_nobody)
            if given != expected:
                different.append((of_b, given[:3], expected[:3]))
            # A picture that is not there is a grey square; a page may ask to log in.
            if given[0] == 200 and not of_b.startswith(("/web/image", "/odoo")):
                different.append((of_b, given))
    assert not different, "\n".join(map(str, different))


def test_the_addresses_do_open_for_b(world):
    """Of the same table: a head of B is given the file and the receipt."""
    rpc = world.rpc("head2")
    opened = {
        path.rsplit("/", 2)[0] if path.endswith("pdf") else path.rsplit("/", 1)[0]
        for path, _unknown in addresses(world)
        if path.startswith(("/gov/", "/registry/")) and rpc.get(path)[0] == 200
    }
    assert opened == {"/gov/document", "/registry/receipt"}


# ----------------------------------------------------------------------
# Writing
# ----------------------------------------------------------------------
def prints(world: World, models) -> dict[str, str]:
    """Return a fingerprint of each table."""
    tables = [model.replace(".", "_") for model in models]
    union = " UNION ALL ".join(
        f"SELECT '{table}', coalesce(md5(string_agg(t::text, '' ORDER BY t.id)), '')"
        f" FROM {table} t"
        for table in tables
    )
    return dict(world.odoo.rows(union))


@pytest.mark.parametrize("login", [*PEOPLE, "admin"])
def test_evidence_is_written_by_nobody(world, login):
    rpc, through = world.rpc(login), []
    models = [model for model in EVIDENCE if model in world.models]
    assert set(models) == set(EVIDENCE)
    before = prints(world, models)
    for model in models:
        own = world.models[model]["A"][:1] or [1]
        for door, arguments in (
            ("create", [{}]),
            ("web_save", [[], {}, {}]),
            ("write", [own, {}]),
            ("write", [own, {"company_id": world.company["A"]}]),
            ("web_save", [own, {"company_id": world.company["A"]}, {}]),
            ("unlink", [own]),
            ("copy", [own]),
            ("load", [["company_id"], [["TSTA Commune A"]]]),
        ):
            result, error = tried(rpc.call, model, door, *arguments)
            if error is None and not (door == "load" and not result["ids"]):
                if not (door == "write" and arguments[1] == {}):
                    through.append(f"{model}.{door}{arguments}: {result}")
    assert not through, "\n".join(through)
    assert prints(world, models) == before


@pytest.mark.parametrize("login", PEOPLE)
def test_nothing_of_b_is_changed(world, login):
    rpc, through = world.rpc(login), []
    models = [name for name, rows in world.models.items() if rows["B"]]
    before = prints(world, models)
    for model in models:
        record = world.models[model]["B"][:1]
        for door, arguments in (
            ("write", [record, {"display_name": "x"}]),
            ("web_save", [record, {"company_id": world.company["A"]}, {}]),
            ("unlink", [record]),
        ):
            result, error = tried(rpc.call, model, door, *arguments)
            if error is None:
                through.append(f"{model}.{door}{arguments}: {result}")
    letter = world.models["registry.letter"]["B"]
    for door in ("action_register", "message_post", "action_receipt", "action_cancel"):
        result, error = tried(rpc.call, "registry.letter", door, letter[:1])
        if error is None:
            through.append(f"registry.letter.{door}: {result}")
    for model, doors in (
        (
            "registry.register",
            ("action_verify", "action_close_day", "action_open_year"),
        ),
        ("registry.receipt", ("action_download", "action_retry")),
        ("gov.journal", ("action_verify",)),
    ):
        for door in doors:
            result, error = tried(rpc.call, model, door, world.models[model]["B"][:1])
            if error is None:
                through.append(f"{model}.{door}: {result}")
    assert not through, "\n".join(through)
    assert prints(world, models) == before


@pytest.mark.parametrize("login", [*PEOPLE, "admin"])
def test_the_state_is_written_by_no_one(world, login):
    """Not by write, save, create, import, copy or a context that says it may."""
    rpc, through = world.rpc(login), []
    letters, state = world.models["registry.letter"]["A"], {"state": "cancelled"}
    before = prints(world, ["registry.letter", "registry.year", "gov.deposit"])
    register = world.models["registry.register"]["A"][0]
    fresh = {"subject": "x", "register_id": register, "state": "registered"}
    gate = {"context": {"registry_gate": True}}
    for letter in letters:
        for door, arguments, options in (
            ("write", [[letter], state], {}),
            ("write", [[letter], {"state": "registered"}], gate),
            ("write", [[letter], {"state": "draft", "entry_id": False}], gate),
            ("web_save", [[letter], state, {}], {}),
            ("create", [fresh], {}),
            ("create", [{**fresh, "state": "cancelled"}], gate),
            ("copy", [[letter], state], {}),
        ):
            result, error = tried(
                rpc.call, "registry.letter", door, *arguments, **options
            )
            if error is None and not unchanged(world, letter, arguments):
                through.append(f"registry.letter.{door}{arguments}: {result}")
    loaded, error = tried(
        rpc.call,
        "registry.letter",
        "load",
        [".id", "state"],
        [[str(letters[0]), "Cancelled"]],
    )
    if error is None and loaded["ids"]:
        through.append(f"load: {loaded}")
    for model in ("registry.year", "gov.deposit", "gov.document.version", "gov.key"):
        for value in ("closed", "submitted", "released", "retired"):
            own = world.models[model]["A"][:1]
            result, error = tried(rpc.call, model, "write", own, {"state": value})
            if error is None:
                through.append(f"{model}.write state: {result}")
    assert not through, "\n".join(through)
    assert prints(world, ["registry.letter", "registry.year", "gov.deposit"]) == before


def unchanged(world: World, letter: int, arguments: list) -> bool:
    """Writing the state a letter is already in is no change."""
    asked = arguments[-1].get("state") if isinstance(arguments[-1], dict) else None
    now = world.odoo.sql(f"SELECT state FROM registry_letter WHERE id = {letter}")
    return asked == now and arguments[0] == [letter]
