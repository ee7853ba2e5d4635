/** @odoo-module ignore **/
/* Enhancements only: every page works without this file. */

(() => {
    "use strict";

    const summary = document.getElementById("error-summary");
    if (summary) {
        summary.focus();
    }

    // A second press while the first is on its way does nothing. The server gives one
    // letter in any case; this only spares a wait.
    for (const form of document.querySelectorAll(".gp form[method='post']")) {
        form.addEventListener("submit", (event) => {
            if (form.dataset.sent && Date.now() - Number(form.dataset.sent) < 4000) {
                event.preventDefault();
                return;
            }
            form.dataset.sent = String(Date.now());
        });
    }
    window.addEventListener("pageshow", () => {
        for (const form of document.querySelectorAll(".gp form[data-sent]")) {
            delete form.dataset.sent;
        }
    });

    // What is still being made (number, receipt, proof) comes in by itself, for a while.
    let tries = 0;
    async function complete() {
        const page = document.querySelector(".gp-done[data-pending]");
        if (!page || tries++ > 20) {
            return;
        }
        const answer = await fetch(location.pathname, { credentials: "same-origin" });
        if (answer.ok) {
            const text = await answer.text();
            const fresh = new DOMParser()
                .parseFromString(text, "text/html")
                .querySelector(".gp-done");
            if (fresh && !fresh.matches("[data-pending]")) {
                page.replaceWith(fresh);
                copyButtons();
                return;
            }
        }
        setTimeout(complete, 3000);
    }
    setTimeout(complete, 1500);

    function copyButtons() {
        for (const button of document.querySelectorAll(".gp [data-copy][hidden]")) {
            if (navigator.clipboard) {
                copyButton(button);
            }
        }
    }

    function copyButton(button) {
        button.hidden = false;
        button.addEventListener("click", async () => {
            const source = document.getElementById(button.dataset.copy);
            await navigator.clipboard.writeText(source.textContent.trim());
            button.textContent = button.dataset.done;
            button.setAttribute("aria-live", "polite");
        });
    }
    copyButtons();
})();
