/** @odoo-module ignore */
// Sending a signed PDF for a full report: progress, cancel, and the report in other formats
// of the same file. Without this script the form does it alone.
(() => {
    "use strict";

    const root = document.querySelector("[data-gov-verify]");
    const form = root && root.querySelector("[data-gov-upload]");
    if (!form) {
        return;
    }
    const result = root.querySelector("[data-gov-result]");
    const input = form.querySelector('input[type="file"]');
    const error = form.querySelector("[data-gov-upload-error]");
    const box = form.querySelector("[data-gov-progress]");
    const bar = box.querySelector("progress");
    const status = box.querySelector("[data-gov-progress-text]");
    const cancel = box.querySelector("[data-gov-cancel]");
    const home = box.previousElementSibling;
    let running = null;
    // The file of the report that is shown: it is sent again for another format.
    let shown = null;

    function words(name) {
        return form.querySelector(`[data-gov-say="${name}"]`).textContent.trim();
    }

    function refuse(text) {
        error.textContent = text;
        error.hidden = !text;
    }

    function busy(name) {
        box.hidden = false;
        cancel.hidden = false;
        bar.hidden = false;
        status.textContent = words(name);
        for (const button of root.querySelectorAll('[type="submit"], [data-gov-report]')) {
            button.disabled = true;
        }
    }

    function idle(name) {
        running = null;
        cancel.hidden = true;
        bar.hidden = true;
        box.hidden = !name;
        status.textContent = name ? words(name) : "";
        for (const button of root.querySelectorAll('[type="submit"], [data-gov-report]')) {
            button.disabled = false;
        }
    }

    async function sentence(request) {
        try {
            return JSON.parse(await request.response.text()).reasons[0];
        } catch {
            // A proxy's own page: our words are better than none.
            return words("failed");
        }
    }

    function save(blob, name) {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(blob);
        link.download = name;
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    }

    async function finished(request, file, format) {
        if (request.status !== 200) {
            idle(null);
            refuse(await sentence(request));
            error.scrollIntoView({ block: "nearest" });
            return;
        }
        if (format !== "fragment") {
            save(request.response, `report.${format}`);
            idle("saved");
            return;
        }
        home.after(box);
        // Our own server's rendering; every value in it is escaped there.
        result.innerHTML = await request.response.text();
        idle(null);
        shown = file;
        result.scrollIntoView({ block: "start" });
        result.focus({ preventScroll: true });
    }

    function send(file, format) {
        if (running || !file) {
            return;
        }
        const data = new FormData();
        data.append("format", format);
        data.append("file", file, "document.pdf");
        const request = new XMLHttpRequest();
        running = request;
        request.open("POST", form.action);
        request.setRequestHeader("Accept", "application/json");
        request.responseType = "blob";
        request.upload.addEventListener("progress", (event) => {
            bar.max = event.total;
            bar.value = event.loaded;
        });
        request.upload.addEventListener("load", () => {
            status.textContent = words("checking");
            bar.removeAttribute("value");
        });
        request.addEventListener("load", () => finished(request, file, format));
        request.addEventListener("error", () => {
            idle(null);
            refuse(words("failed"));
        });
        request.addEventListener("abort", () => idle("cancelled"));
        refuse("");
        bar.value = 0;
        busy("sending");
        request.send(data);
    }

    form.addEventListener("submit", (event) => {
        event.preventDefault();
        const asked = event.submitter?.value || "page";
        home.after(box);
        send(input.files[0], asked === "page" ? "fragment" : asked);
    });
    cancel.addEventListener("click", () => running?.abort());
    result?.addEventListener("click", (event) => {
        const button = event.target.closest("[data-gov-report]");
        if (button) {
            button.parentElement.after(box);
            send(shown, button.dataset.govReport);
        }
    });
})();
