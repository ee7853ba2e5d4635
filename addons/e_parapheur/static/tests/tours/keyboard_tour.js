import { registry } from "@web/core/registry";

const PIN = "135791";

/** Every step is a key: the anchor only says what has to be on the screen before it is pressed. */
const key = (keys, trigger = ".o_parapheur_desk", content = `Key ${keys}`) => ({
    content,
    trigger,
    run: `press ${keys}`,
});
const DESK = "body:not(:has(.modal)) .o_parapheur_desk";

/** Tab to something in the window that is open, as a person does who has no mouse. */
const tabTo = (selector) => ({
    content: `Tab to ${selector}`,
    trigger: `.modal ${selector}`,
    async run(helpers) {
        for (let count = 0; count < 40; count++) {
            if (document.activeElement.matches(selector)) {
                return;
            }
            await helpers.press("Tab");
        }
        throw new Error(`${selector} is not reached by Tab`);
    },
});
const write = (words, selector) => ({ trigger: `.modal ${selector}:focus`, run: `fill ${words}` });
const count = (basket, number) => ({
    trigger: `.o_parapheur_baskets [data-basket=${basket}] .badge:contains(/^${number}$/)`,
});

/** A director and ten folders on Monday morning: six to sign, two to approve, one opinion, one refusal. No click. */
registry.category("web_tour.tours").add("e_parapheur_ten_folders", {
    steps: () => [
        count("sign", 7),
        { trigger: ".o_parapheur_row:nth-child(1).o_parapheur_open" },
        { trigger: ".o_parapheur_reader .o_gov_pdf_viewer iframe" },

        // The keys are listed, and the window closes by a key.
        key("?", DESK),
        { trigger: ".modal .o_parapheur_keys kbd:contains(Enter), .modal .o_parapheur_keys kbd" },
        key("Escape", ".modal"),

        // Reading: the next folder and back, its pages smaller.
        key("j", DESK),
        { trigger: ".o_parapheur_row:nth-child(2).o_parapheur_open" },
        key("-", DESK),
        key("k", DESK),
        { trigger: ".o_parapheur_row:nth-child(1).o_parapheur_open" },

        // The first one is refused, with a reason.
        key("r", DESK),
        write("Montant inexact", "textarea"),
        tabTo(".btn-danger"),
        key("Enter", ".modal .btn-danger:enabled"),
        count("sign", 6),

        // The six that are left: one PIN.
        key("a", DESK),
        { trigger: ".o_parapheur_sign_checked:enabled:contains(6)" },
        key("g", DESK),
        tabTo("#o_parapheur_consent"),
        key("Space", ".modal #o_parapheur_consent:focus"),
        { trigger: ".modal #o_parapheur_consent:checked" },
        tabTo(".o_parapheur_pin"),
        write(PIN, ".o_parapheur_pin"),
        key("Enter", ".modal .o_parapheur_confirm_sign:enabled"),
        count("sign", 0),

        // Two to approve: one alone with a remark, one ticked.
        key("2", DESK),
        { trigger: ".o_parapheur_baskets [data-basket=visa].active" },
        { trigger: ".o_parapheur_panel .o_parapheur_approve" },
        key("Enter", DESK),
        write("Conforme", "textarea"),
        tabTo(".btn-primary"),
        key("Enter", ".modal .btn-primary:enabled"),
        count("visa", 1),
        { trigger: `${DESK} .o_parapheur_row:nth-child(1).o_parapheur_open` },
        key("x", DESK),
        { trigger: ".o_parapheur_sign_checked:enabled:contains(1)" },
        key("g", DESK),
        tabTo(".o_parapheur_confirm_approve"),
        key("Enter", ".modal .o_parapheur_confirm_approve:focus"),
        count("visa", 0),

        // One opinion.
        key("3", DESK),
        { trigger: ".o_parapheur_baskets [data-basket=opinion].active" },
        { trigger: ".o_parapheur_panel .o_parapheur_approve" },
        key("Enter", DESK),
        write("Favorable", "textarea"),
        tabTo(".btn-primary"),
        key("Enter", ".modal .btn-primary:enabled"),
        count("opinion", 0),

        // Done: ten folders.
        key("5", DESK),
        { trigger: ".o_parapheur_baskets [data-basket=done].active" },
        { trigger: ".o_parapheur_row:nth-child(10)" },
    ],
});

/** A secretary puts a desk in order: one folder is urgent, another one comes first among the others. */
registry.category("web_tour.tours").add("e_parapheur_secretary", {
    steps: () => [
        { trigger: ".o_parapheur_baskets [data-basket=prepare].active .badge:contains(3)" },
        { trigger: ".o_parapheur_row:nth-child(1).o_parapheur_open" },
        {
            trigger:
                ".o_parapheur_panel:not(:has(.o_parapheur_sign)):not(:has(.o_parapheur_refuse))",
        },
        {
            content: "The last one is urgent",
            trigger: ".o_parapheur_row:nth-child(3) .o_parapheur_priority",
            run: "select urgent",
        },
        { trigger: ".o_parapheur_row:nth-child(1):contains(Folder 3) .text-bg-danger" },
        {
            content: "The second one comes later",
            trigger: ".o_parapheur_row:nth-child(2):contains(Folder 1) .o_parapheur_down",
            run: "click",
        },
        { trigger: ".o_parapheur_row:nth-child(3):contains(Folder 1)" },
        {
            content: "A word for the signatory alone",
            trigger: ".o_parapheur_comment",
            run: "edit Le montant est juste",
        },
        { trigger: ".o_parapheur_is_private", run: "click" },
        {
            trigger: ".o_parapheur_people label:contains(Benallal) input",
            run: "click",
        },
        { trigger: ".o_parapheur_send_comment:enabled", run: "click" },
        { trigger: ".o_parapheur_private:contains(Le montant est juste)" },
    ],
});
