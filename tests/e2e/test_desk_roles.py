"""The people of the mail desk, each at his own screens, in a real browser.

A head at the dispatch board without a mouse, a secretary in the place of an absent head, an
agent, a director on a phone, a functional administrator and an auditor; the back office in
French, the board and a letter once more in Arabic. The sender looks at ``/track`` at each
step and answers there what the administration asks.
"""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest
import scene
import thread_scene
from backoffice import Person
from citizen import PHONE, Citizen
from deposit_client import small_pdf
from desk_calls import uid, unit

pytestmark = pytest.mark.e2e
SUBJECT = "Permis de réparer une façade"
MORE = """
for login, group in (("auditor", "mail_desk.group_mail_desk_auditor"),
                     ("deskadmin", "mail_desk.group_mail_desk_admin")):
    env["res.users"].search([("login", "=", login)]).write({
        "lang": "fr_FR", "group_ids": [Command.link(env.ref(group).id)]})
offices["A1"].desk_allow_internal = True
secretary = env["res.users"].with_context(no_reset_password=True).create({
    "name": "Secretary", "login": "secretary", "password": "secretary",
    "email": "secretary@example.org", "lang": "fr_FR", "tz": "Africa/Casablanca",
    "company_id": company.id, "company_ids": [Command.set(company.ids)],
    "group_ids": [Command.set([env.ref("base.group_user").id,
                               env.ref("mail_desk.group_mail_desk_agent").id])]})
env["hr.employee"].create({
    "name": "Secretary", "user_id": secretary.id, "company_id": company.id,
    "department_id": thread_units["DG"].id})
env["gov.rule"].create({
    "name": "Permis", "company_id": company.id, "event": "desk_registered",
    "conditions": [{"field": "subject", "operator": "any", "value": ["permis"]}],
    "actions": [{"action": "deadline", "params": {"days": 15}}]})
env.cr.commit()
"""


@pytest.fixture(scope="module")
def served(databases, template):
    """One server for every role of this file."""
    from odoo_process import OdooProcess

    process = OdooProcess(
        databases, template, label="roles", script=thread_scene.script() + MORE
    )
    try:
        process.start()
        yield process
    finally:
        process.destroy()


@pytest.fixture(scope="module")
def rpc(served):
    """Return a function: the session of a login."""
    sessions = {}

    def session(login: str) -> scene.Rpc:
        if login not in sessions:
            sessions[login] = scene.Rpc(served.url, login, served.name)
        return sessions[login]

    return session


@pytest.fixture(scope="module")
def letters(served, browser):
    """Four letters that wait at the mail office: {number: (sender, id)}, oldest first."""
    found = {}
    subjects = (SUBJECT, "Réclamation", "Facture", "Invitation")
    for subject in subjects:
        sender = Citizen(browser, served.url, "fr")
        number = sender.deposit_at_once(subject)
        found[subject] = (sender, int(letter_of(served, number)))
    yield found
    for sender, _letter in found.values():
        sender.context.close()


def letter_of(served, number: str) -> str:
    return served.sql(
        "SELECT l.id FROM registry_letter l JOIN registry_entry e ON e.id = l.entry_id"
        f" WHERE e.number = '{number}' AND l.direction = 'incoming'"
    )


def holder(served, letter: int) -> tuple[str, str, str]:
    """Return unit, person and state of a letter."""
    (row,) = served.rows(
        "SELECT coalesce(d.gov_code, ''), coalesce(u.login, ''), l.desk_state"
        " FROM registry_letter l LEFT JOIN hr_department d ON d.id = l.desk_unit_id"
        f" LEFT JOIN res_users u ON u.id = l.desk_user_id WHERE l.id = {letter}"
    )
    return row


class Board:
    """The dispatch board, by its keys."""

    def __init__(self, person: Person) -> None:
        self.page = person.page
        person.page.goto(f"{person.url}/odoo/dispatch")
        self.idle()

    def idle(self) -> None:
        self.page.locator(".o_desk_board[aria-busy=false]").wait_for()

    def keys(self, *names: str) -> None:
        for name in names:
            self.page.keyboard.press(name)

    def choose(self, key: str, field: str, words: str) -> None:
        """Go to a field by its key, type, take the first that is offered."""
        self.keys(key)
        self.page.locator(f"#o_desk_board_{field}:focus").wait_for()
        self.page.keyboard.type(words)
        self.page.locator(".o-autocomplete--dropdown-item", has_text=words).wait_for()
        self.keys("Enter")

    def wait_count(self, count: int) -> None:
        self.page.locator(".o_desk_board_count", has_text=str(count)).first.wait_for()
        self.idle()

    def until_open(self, letter: int) -> None:
        """Go down the list until a letter is open."""
        current = ".o_desk_board_row [data-letter][aria-current=true]"
        while True:
            opened = self.page.locator(current).first.get_attribute("data-letter")
            if opened == str(letter):
                return
            self.keys("j")
            self.page.locator(f"{current}:not([data-letter='{opened}'])").wait_for()

    def dispatch(self) -> None:
        """Close the list of choices, whose Enter would be its own; then dispatch."""
        # The list opens a moment after the field has the focus.
        self.page.wait_for_timeout(500)
        self.keys("Escape")
        self.page.locator("[role=combobox][aria-expanded=true]").wait_for(
            state="detached"
        )
        self.keys("Enter")


def test_one_letter_by_every_role(served, browser, rpc, letters):
    """From the board to the answer; what each does, and what its sender sees then."""
    sender, letter = letters[SUBJECT]
    before = sender.stages()
    head_dispatches(served, browser, letters)
    assert thread_scene.UNIT in sender.stages()[-1]
    chief_returns(served, browser, letters["Facture"])
    secretary_dispatches(served, browser, rpc, letter)
    assert len(sender.stages()) == len(before) + 1, "who works on it is not told"
    agent_asks(served, browser, rpc, letter)
    sender_answers(served, sender, letter)
    reply = agent_replies(served, browser, letter)
    secretary_decides(served, browser, reply)
    director_approves(served, browser, reply)
    assert "Secretary" not in sender.track()
    agent_sends(served, browser, reply)
    assert sender.read_reply().startswith(b"%PDF-")
    told = sender.track()
    assert number_of(served, reply) in told
    assert holder(served, letter)[2] == "closed"
    assert len(sender.stages()) == len(before) + 5


def head_dispatches(served, browser, letters) -> None:
    """One letter to urbanism, then two with one form, without touching the mouse."""
    (_s, permit), (_s, claim), (_s, bill), (_s, invitation) = letters.values()
    with Person(browser, served.url, "head") as head:
        board = Board(head)
        board.wait_count(4)
        board.until_open(permit)
        board.choose("u", "unit", thread_scene.UNIT)
        board.page.locator("#o_desk_board_agent:focus").wait_for()
        board.dispatch()
        board.wait_count(3)
        assert holder(served, permit) == ("URB", "", "to_dispatch")
        board.until_open(bill)
        board.keys("x")
        board.page.locator(".o_desk_board_ticked li").wait_for()
        board.keys("X")
        board.page.locator(".o_desk_board_ticked li").nth(2).wait_for()
        board.choose("u", "unit", thread_scene.UNIT)
        board.page.locator("#o_desk_board_agent:focus").wait_for()
        board.dispatch()
        board.page.locator(".o_desk_board_nothing").wait_for()
        for one in (claim, bill, invitation):
            assert holder(served, one) == ("URB", "", "to_dispatch")


def chief_returns(served, browser, sent) -> None:
    """What is not for the unit goes back with a reason, which its sender does not read."""
    sender, letter = sent
    with Person(browser, served.url, "chief") as chief:
        board = Board(chief)
        board.wait_count(4)
        board.until_open(letter)
        board.keys("r")
        box = chief.page.locator(".modal textarea")
        box.fill("Affaire de la comptabilité")
        chief.page.locator(".modal .btn-primary").click()
        board.wait_count(3)
    assert holder(served, letter) == ("BO", "", "to_dispatch")
    assert "comptabilité" not in sender.track()


def secretary_dispatches(served, browser, rpc, letter: int) -> None:
    """The chief is away: who stands in dispatches in his place, and that is written."""
    today = date.today()
    rpc("chief").call(
        "gov.absence",
        "create",
        [
            {
                "user_id": uid(served, "chief"),
                "substitute_id": uid(served, "secretary"),
                "date_from": str(today),
                "date_to": str(today + timedelta(days=6)),
            }
        ],
    )
    with Person(browser, served.url, "secretary") as secretary:
        board = Board(secretary)
        board.wait_count(3)
        board.until_open(letter)
        board.choose("a", "agent", "Agent")
        board.page.locator(".o_desk_board_dispatch", has_text="Agent").wait_for()
        board.dispatch()
        board.wait_count(2)
    assert holder(served, letter) == ("URB", "agent", "assigned")
    with Person(browser, served.url, "agent") as agent:
        agent.go(f"/odoo/desk-letters/{letter}")
        agent.tab("history")
        line = agent.page.locator(".o_desk_timeline_line", has_text="Secretary").first
        line.wait_for()
        assert "Chief" in line.inner_text(), line.inner_text()


def agent_asks(served, browser, rpc, letter: int) -> None:
    """An opinion from a colleague, a piece from the sender."""
    with Person(browser, served.url, "agent") as agent:
        agent.go(f"/odoo/desk-letters/{letter}")
        assert agent.page.locator(
            ".o_statusbar_buttons button.btn-primary[name=action_reply]:visible"
        ).count(), "the next thing to do is the primary button"
        agent.tab("opinions")
        agent.press("action_ask_opinion")
        agent.pick("user_ids", "Expert", ".modal")
        agent.fill("question", "Faut-il une autorisation ?", ".modal")
        agent.confirm()
        expert = rpc("expert")
        expert.call(
            "registry.letter",
            "action_give_opinion",
            [letter],
            "Une déclaration suffit.",
        )
        agent.press("action_ask_completion")
        agent.fill("question", "Le titre foncier de la parcelle", ".modal")
        agent.confirm()


def sender_answers(served, sender: Citizen, letter: int) -> None:
    """The question is on ``/track``, the answer is given there, once."""
    told = sender.track()
    assert "Le titre foncier de la parcelle" in told
    assert "déclaration suffit" not in told
    told = sender.answer("Voici le titre.", "titre.pdf", small_pdf())
    assert "Le titre foncier" in told
    assert not sender.page.locator("form.gp-completion").count()
    assert served.rows(
        "SELECT state, answer FROM desk_completion"
        f" WHERE letter_id = {letter} ORDER BY number"
    ) == [("answered", "Voici le titre.")]


def agent_replies(served, browser, letter: int) -> int:
    """Write the reply and submit it to two ranks; return its id."""
    with Person(browser, served.url, "agent") as agent:
        agent.go(f"/odoo/desk-letters/{letter}")
        agent.press("action_reply")
        agent.page.locator(".o_desk_outgoing_form").wait_for()
        agent.fill("subject", "Réparation de façade : déclaration")
        body = agent.page.locator(".o_field_widget[name=body] .odoo-editor-editable")
        body.click()
        agent.page.keyboard.press("Control+A")
        agent.page.keyboard.type("Une simple déclaration suffit.")
        agent.page.locator(".o_form_button_save").first.click()
        agent.page.locator(".o_form_status_indicator_buttons.invisible").wait_for(
            state="attached"
        )
        agent.press("action_submit")
        agent.fill("levels", "2", ".modal")
        agent.confirm()
        agent.wait_state("validating")
    return int(served.sql(f"SELECT id FROM desk_outgoing WHERE answers_id = {letter}"))


def decide(person: Person, reply: int) -> None:
    person.go(f"/odoo/desk-outgoing/{reply}")
    person.press("action_decide")
    person.confirm()


def acted(served, reply: int) -> list[tuple[str, ...]]:
    """Return who was asked and who acted, of the validation of a reply."""
    return served.rows(
        "SELECT u.login, coalesce(b.login, '') FROM gov_circuit_run_actor a"
        " JOIN desk_outgoing o ON o.run_id = a.run_id JOIN res_users u ON u.id = a.user_id"
        f" LEFT JOIN res_users b ON b.id = a.acted_by_id WHERE o.id = {reply} ORDER BY a.id"
    )


def secretary_decides(served, browser, reply: int) -> None:
    with Person(browser, served.url, "secretary") as secretary:
        decide(secretary, reply)
        until(lambda: acted(served, reply)[0] == ("chief", "secretary"))


def director_approves(served, browser, reply: int) -> None:
    """On a phone: nothing scrolls sideways, the decision is one button away."""
    with Person(browser, served.url, "director", viewport=PHONE) as director:
        director.go(f"/odoo/desk-outgoing/{reply}")
        narrow(director.page)
        director.press("action_decide")
        director.page.locator(".modal button[name=action_confirm]").wait_for()
        narrow(director.page)
        director.confirm()
        until(lambda: state_of(served, reply) == "validated")


def agent_sends(served, browser, reply: int) -> None:
    """Number and seal after the internal validation, then to the sender's page."""
    with Person(browser, served.url, "agent") as agent:
        agent.go(f"/odoo/desk-outgoing/{reply}")
        agent.press("action_number")
        agent.yes()
        until(lambda: state_of(served, reply) == "sealed")
        agent.go(f"/odoo/desk-outgoing/{reply}")
        agent.press("action_send")
        agent.confirm()
        agent.wait_state("sent")


def state_of(served, reply: int) -> str:
    return served.sql(f"SELECT state FROM desk_outgoing WHERE id = {reply}")


def number_of(served, reply: int) -> str:
    return served.sql(
        "SELECT e.number FROM desk_outgoing o JOIN registry_letter l ON l.id = o.letter_id"
        f" JOIN registry_entry e ON e.id = l.entry_id WHERE o.id = {reply}"
    )


def until(holds, patience: float = 90) -> None:
    """Wait for what a request or a batch of the server does."""
    end = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.3)


def narrow(page) -> None:
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], "the page scrolls sideways"


def test_the_functional_administrator_puts_a_rule_in_use(served, browser, rpc, letters):
    """Rehearsed on the letters that came, then put in use; it works on the next one."""
    rule = int(served.sql("SELECT id FROM gov_rule WHERE name = 'Permis'"))
    with Person(browser, served.url, "deskadmin") as admin:
        admin.go(f"/odoo/mail-office-rules/{rule}")
        admin.press("action_simulate")
        dialog = admin.page.locator(".modal")
        dialog.locator(".o_field_widget[name=met_ids] tr.o_data_row").first.wait_for()
        assert dialog.locator(
            ".o_field_widget[name=met_ids] tr.o_data_row"
        ).count() == int(
            served.sql(
                "SELECT count(*) FROM registry_letter WHERE direction = 'incoming'"
                " AND subject ILIKE '%permis%' AND state = 'registered'"
            )
        )
        assert not served.sql("SELECT id FROM gov_rule_log"), "a rehearsal does nothing"
        dialog.locator("footer button.btn-primary").last.click()
        dialog.wait_for(state="detached")
        admin.press("action_use")
        admin.page.locator("button[name=action_stop_using]:visible").wait_for()
    register = int(
        served.sql(
            "SELECT r.id FROM registry_register r JOIN registry_office o"
            " ON o.id = r.office_id WHERE o.code = 'A1' AND r.direction = 'incoming'"
        )
    )
    values = {"register_id": register, "sender_name": "X", "subject": "Permis de lotir"}
    (letter,) = rpc("registrar").call("registry.letter", "create", [values])
    rpc("registrar").call("registry.letter", "action_register", [letter])
    until(
        lambda: (
            served.sql(
                "SELECT state FROM gov_rule_log WHERE res_model = 'registry.letter'"
                f" AND res_id = {letter}"
            )
            == "done"
        )
    )
    assert served.sql(f"SELECT desk_due_date FROM registry_letter WHERE id = {letter}")


TOUCHED = (
    *("registry_letter", "desk_assignment", "desk_event", "desk_outgoing"),
    *("desk_completion", "gov_absence", "gov_rule", "gov_circuit_run", "desk_sending"),
)


def test_the_auditor_reads_and_changes_nothing(served, browser, rpc, letters):
    _sender, letter = letters[SUBJECT]
    me = uid(served, "auditor")
    with Person(browser, served.url, "auditor") as auditor:
        auditor.go("/odoo/desk-letters")
        auditor.page.locator("tr.o_data_row").first.wait_for()
        auditor.go(f"/odoo/desk-letters/{letter}")
        buttons = auditor.page.locator(".o_statusbar_buttons button:visible")
        assert not buttons.count(), buttons.all_inner_texts()
        auditor.tab("history")
        auditor.page.locator(".o_desk_timeline_line").first.wait_for()
        reply = served.sql("SELECT max(id) FROM desk_outgoing")
        auditor.go(f"/odoo/desk-outgoing/{reply}")
        auditor.page.locator(".o_desk_outgoing_form").wait_for()
        assert not auditor.page.locator(".modal").count()
        auditor.go("/odoo/steering")
        auditor.page.locator(".o_desk_steering").wait_for()
    calls = [
        ("registry.letter", "action_close", [[letter], "Vu"]),
        ("registry.letter", "action_ask_completion", [[letter], "Pourquoi ?"]),
        ("registry.letter", "action_add_note", [[letter], "Vu"]),
        ("registry.letter", "write", [[letter], {"subject": "x"}]),
        ("desk.outgoing", "create", [[{"kind": "reply", "answers_id": letter}]]),
        ("desk.board", "dispatch", [[letter], {"unit_id": unit(served, "JUR")}]),
    ]
    for model, method, arguments in calls:
        with pytest.raises(scene.RpcError) as caught:
            rpc("auditor").call(model, method, *arguments)
        assert "Error" in caught.value.name and caught.value.message, method
    for table in TOUCHED:
        assert not served.sql(
            f"SELECT id FROM {table} WHERE create_uid = {me} OR write_uid = {me}"
        ), table


def test_the_board_and_a_letter_in_arabic(served, browser, rpc, letters):
    """Right to left: the list is on the right, the form on the left."""
    _sender, letter = letters["Facture"]
    rpc("head").call("res.users", "write", [uid(served, "head")], {"lang": "ar_MA"})
    with Person(browser, served.url, "head") as head:
        board = Board(head)
        board.page.locator(".o_desk_board_panel").wait_for()
        right_to_left(head.page, ".o_desk_board")
        places = [
            head.page.locator(name).bounding_box()["x"]
            for name in (".o_desk_board_list", ".o_desk_board_panel")
        ]
        assert places[0] > places[1]
        head.go(f"/odoo/desk-letters/{letter}")
        right_to_left(head.page, ".o_desk_letter_form")
        head.page.locator("button[name=action_dispatch]:visible").first.wait_for()
        narrow(head.page)


def right_to_left(page, root: str) -> None:
    page.locator(root).first.wait_for()
    direction = page.locator(root).first.evaluate("e => getComputedStyle(e).direction")
    assert direction == "rtl"
    assert "o_rtl" in page.locator("body").get_attribute("class").split()
