import { registry } from "@web/core/registry";

const PIN = "135791";

/** A signatory signs one folder, then the two that are left with one PIN; nothing depends on the language. */
registry.category("web_tour.tours").add("e_parapheur_desk", {
    steps: () => [
        {
            content: "Three folders wait, the first one is open beside its document",
            trigger: ".o_parapheur_baskets [data-basket=sign].active .badge:contains(3)",
        },
        { trigger: ".o_parapheur_row.o_parapheur_open" },
        { trigger: ".o_parapheur_reader .o_gov_pdf_viewer iframe" },
        { trigger: ".o_parapheur_panel .o_gov_circuit_current" },
        { content: "Sign the one that is open", trigger: ".o_parapheur_sign", run: "click" },
        {
            content: "Nothing is ticked beforehand",
            trigger: ".modal #o_parapheur_consent:not(:checked)",
        },
        { trigger: ".modal .o_parapheur_confirm_sign:disabled" },
        { trigger: ".modal .o_parapheur_signed code" },
        { trigger: ".modal #o_parapheur_consent", run: "click" },
        { content: "A wrong PIN is told", trigger: ".modal .o_parapheur_pin", run: "edit 246802" },
        { trigger: ".modal .o_parapheur_confirm_sign:enabled", run: "click" },
        { trigger: ".modal [role=alert]:contains(4)" },
        { trigger: ".modal .o_parapheur_pin", run: `edit ${PIN}` },
        { trigger: ".modal .o_parapheur_confirm_sign:enabled", run: "click" },
        {
            content: "The next one opens by itself",
            trigger: ".o_parapheur_baskets [data-basket=sign] .badge:contains(2)",
        },
        { trigger: "body:not(:has(.modal)) .o_parapheur_row.o_parapheur_open" },
        {
            content: "Tick all that is left",
            trigger: ".o_parapheur_list > div input[type=checkbox]",
            run: "click",
        },
        { trigger: ".o_parapheur_sign_checked:enabled:contains(2)", run: "click" },
        { trigger: ".modal #o_parapheur_consent", run: "click" },
        { trigger: ".modal .o_parapheur_pin", run: `edit ${PIN}` },
        { trigger: ".modal .o_parapheur_confirm_sign:enabled", run: "click" },
        {
            content: "Nothing is left, and the page says so",
            trigger: ".o_parapheur_baskets [data-basket=sign] .badge:contains(0)",
        },
        { trigger: "body:not(:has(.modal)) .o_parapheur_nothing" },
        {
            content: "What was done is found again",
            trigger: ".o_parapheur_baskets [data-basket=done]",
            run: "click",
        },
        { trigger: ".o_parapheur_row:nth-child(3)" },
    ],
});

/** The head of a unit gives a visa by the keyboard, and refuses another folder with a reason. */
registry.category("web_tour.tours").add("e_parapheur_desk_visa", {
    steps: () => [
        { trigger: ".o_parapheur_baskets [data-basket=visa].active .badge:contains(2)" },
        { trigger: ".o_parapheur_row.o_parapheur_open" },
        { trigger: ".o_parapheur_panel .o_parapheur_approve" },
        { content: "Enter decides", trigger: ".o_parapheur_desk", run: "press Enter" },
        { trigger: ".modal textarea", run: "edit Conforme" },
        { trigger: ".modal .btn-primary:enabled", run: "click" },
        { trigger: ".o_parapheur_baskets [data-basket=visa] .badge:contains(1)" },
        { trigger: "body:not(:has(.modal)) .o_parapheur_refuse", run: "click" },
        { content: "No refusal without a reason", trigger: ".modal .btn-danger:disabled" },
        { trigger: ".modal textarea", run: "edit Montant inexact" },
        { trigger: ".modal .btn-danger:enabled", run: "click" },
        { trigger: ".o_parapheur_baskets [data-basket=visa] .badge:contains(0)" },
        { trigger: ".o_parapheur_nothing" },
    ],
});

/** A clerk fills in a folder, adds its document and submits it. */
registry.category("web_tour.tours").add("e_parapheur_submit", {
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        {
            trigger: ".o_field_widget[name=title] textarea, .o_field_widget[name=title] input",
            run: "edit Décision 7",
        },
        { trigger: ".o_field_widget[name=nature_id] input", run: "edit Decision" },
        { trigger: ".ui-autocomplete a:contains(Decision)", run: "click" },
        {
            trigger: ".o_field_widget[name=main_ids] button",
            async run() {
                const content = Uint8Array.from(atob(window.e_parapheur_pdf), (sign) =>
                    sign.charCodeAt(0)
                );
                const data = new DataTransfer();
                data.items.add(new File([content], "decision.pdf", { type: "application/pdf" }));
                const input = document.querySelector(
                    ".o_field_widget[name=main_ids] input[type=file]"
                );
                input.files = data.files;
                input.dispatchEvent(new Event("change"));
            },
        },
        { trigger: ".o_field_widget[name=main_ids] li:contains(decision.pdf)" },
        {
            content: "What was found in it is shown at once",
            trigger: ".o_parapheur_gate .o_parapheur_hygiene",
        },
        { trigger: "button[name=action_submit]", run: "click" },
        { trigger: ".o_statusbar_status button.o_arrow_button_current[data-value=running]" },
        { trigger: ".o_gov_circuit_current" },
    ],
});
