/** @odoo-module ignore */
// The verification page with JavaScript: digests are computed here, files stay here.
// A plain script, so that the page needs no module loader.
(() => {
    "use strict";

    const root = document.querySelector("[data-gov-verify]");
    if (!root) {
        return;
    }
    const result = root.querySelector("[data-gov-result]");
    const form = root.querySelector("[data-gov-file]");

    /** Say where we are, in words that came with the page. */
    function say(name) {
        const text = name && form.querySelector(`[data-gov-text="${name}"]`);
        form.querySelector("[data-gov-status]").textContent = text ? text.textContent.trim() : "";
    }

    /** SHA-256 of a file, hexadecimal. */
    async function digestOf(file) {
        const hash = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
        return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join(
            ""
        );
    }

    /** Ask about a digest and put the answer first on the page. */
    async function ask(sha256) {
        const body = new URLSearchParams(new FormData(form));
        body.set("sha256", sha256);
        body.set("fragment", "1");
        const response = await fetch(form.action, { method: "POST", body });
        if (response.status === 429) {
            say("busy");
            return;
        }
        if (!response.ok) {
            throw new Error(`status ${response.status}`);
        }
        // Our own server's rendering; every value in it is escaped there.
        result.innerHTML = await response.text();
        say(null);
        result.scrollIntoView({ block: "start" });
        result.focus({ preventScroll: true });
    }

    async function take(file) {
        if (!file) {
            return;
        }
        say("working");
        let sha256;
        try {
            sha256 = await digestOf(file);
        } catch {
            say("unreadable");
            return;
        }
        form.querySelector('[name="sha256"]').value = sha256;
        try {
            await ask(sha256);
        } catch {
            say("failed");
        }
    }

    function watchFile() {
        const drop = form.querySelector("[data-gov-drop]");
        const input = drop.querySelector('input[type="file"]');
        if (!(window.crypto && crypto.subtle)) {
            say("insecure");
            return;
        }
        drop.hidden = false;
        form.querySelector("[data-gov-typed]").open = false;
        input.addEventListener("change", () => {
            take(input.files[0]);
            input.value = "";
        });
        for (const name of ["dragenter", "dragover"]) {
            drop.addEventListener(name, (ev) => {
                ev.preventDefault();
                drop.classList.add("gov-drop-over");
            });
        }
        for (const name of ["dragleave", "drop"]) {
            drop.addEventListener(name, () => drop.classList.remove("gov-drop-over"));
        }
        drop.addEventListener("drop", (ev) => {
            ev.preventDefault();
            take(ev.dataTransfer.files[0]);
        });
        // A file that misses the zone must not replace the page.
        for (const name of ["dragover", "drop"]) {
            window.addEventListener(name, (ev) => ev.preventDefault());
        }
    }

    /** Compare the signed data after the # with what was issued. */
    async function checkQr() {
        const box = root.querySelector("[data-gov-qr]");
        const data = decodeURIComponent(location.hash.slice(1));
        if (!box || !data.includes(".")) {
            return;
        }
        const address = form.action.replace(/\/digest$/, "/qr");
        let match = null;
        try {
            const response = await fetch(address, {
                method: "POST",
                headers: { "Content-Type": "application/json" },
                body: JSON.stringify({ code: root.dataset.code, data }),
            });
            if (!response.ok) {
                return;
            }
            match = (await response.json()).match;
        } catch {
            return;
        }
        const note = box.querySelector(`[data-gov-qr-state="${match}"]`);
        if (note) {
            note.hidden = false;
            box.hidden = false;
        }
    }

    /** Keep the check without network at hand, once this page is there. */
    async function keepOffline() {
        try {
            const options = { scope: "/verify" };
            await navigator.serviceWorker.register("/verify/offline/worker.js", options);
        } catch {
            // A browser that keeps nothing: the page works as before.
            root.dataset.govKept = "false";
        }
    }

    if (form) {
        watchFile();
        checkQr();
    }
    if (navigator.serviceWorker) {
        window.addEventListener("load", keepOffline);
    }
    if (result && result.children.length) {
        result.focus({ preventScroll: true });
    }
})();
