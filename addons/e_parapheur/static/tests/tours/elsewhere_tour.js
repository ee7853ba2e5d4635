import { registry } from "@web/core/registry";

/** The tool of the signatory: the test signs the bytes that were downloaded. */
async function sign(bytes, box) {
    const binary = Array.from(bytes, (code) => String.fromCharCode(code)).join("");
    const response = await fetch("/web/dataset/call_kw", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({
            params: {
                model: "parapheur.elsewhere.wizard",
                method: "sign_as_the_test",
                args: [btoa(binary), box],
                kwargs: {},
            },
        }),
    });
    const { result } = await response.json();
    return Uint8Array.from(atob(result), (sign) => sign.charCodeAt(0));
}

function choose(row, file) {
    const input = row.querySelector("input[type=file]");
    const data = new DataTransfer();
    data.items.add(file);
    input.files = data.files;
    input.dispatchEvent(new Event("change"));
}

/** A signatory takes a document along, downloads it, signs it with a tool and hands it in. */
registry.category("web_tour.tours").add("e_parapheur_elsewhere", {
    steps: () => [
        { trigger: ".o_parapheur_more", run: "click" },
        { trigger: ".o_parapheur_elsewhere", run: "click" },
        {
            content: "A file that is too large is refused before it is sent",
            trigger: ".modal .o_parapheur_elsewhere_file .o_parapheur_choose.btn-primary",
            run({ anchor }) {
                const large = new File(["%PDF"], "large.pdf");
                Object.defineProperty(large, "size", { value: 64 * 1024 * 1024 + 1 });
                const row = anchor.closest(".o_parapheur_elsewhere_file");
                const input = row.querySelector("input[type=file]");
                Object.defineProperty(input, "files", { value: [large], configurable: true });
                input.dispatchEvent(new Event("change"));
                delete input.files;
            },
        },
        { trigger: ".modal .o_parapheur_refused:contains(large.pdf)" },
        {
            content: "Without its file nothing is handed in",
            trigger: ".modal [name=action_hand_in]",
            run: "click",
        },
        { trigger: ".modal .o_error_dialog button.btn-primary", run: "click" },
        {
            trigger: "body:not(:has(.o_error_dialog)) .modal .o_parapheur_elsewhere_file",
            async run({ anchor }) {
                const link = anchor.querySelector("a[download]");
                const bytes = await (await fetch(link.href)).bytes();
                const box = anchor.querySelector(".font-monospace").textContent;
                const signed = await sign(bytes, box);
                choose(anchor, new File([signed], "signé.pdf", { type: "application/pdf" }));
            },
        },
        { trigger: ".modal .o_parapheur_chosen:contains(signé.pdf)" },
        { trigger: ".modal .o_field_widget[name=is_accepted] input", run: "click" },
        { trigger: ".modal [name=action_hand_in]", run: "click" },
        {
            content: "It is signed, and the desk is at the next one",
            trigger: "body:not(:has(.modal)) .o_parapheur_nothing",
        },
    ],
});
