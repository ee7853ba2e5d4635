/** @odoo-module ignore **/
/* Files leave as soon as they are chosen, with their progress. Without this file they
   leave with the form. */

(() => {
    "use strict";

    const box = document.querySelector(".gp-upload");
    const form = box && box.closest("form");
    if (!form || !window.FormData || !window.XMLHttpRequest) {
        return;
    }
    const input = box.querySelector("input[type=file]");
    const button = box.querySelector(".gp-upload-button");
    const list = box.querySelector(".gp-files");
    const status = box.querySelector(".gp-upload-status");
    const words = status.dataset;
    const limit = Number(box.dataset.maxMb) * 1024 * 1024;
    let bar = null;
    button.hidden = true;

    function say(text) {
        status.textContent = text;
    }

    function element(tag, className, text) {
        const node = document.createElement(tag);
        node.className = className;
        node.textContent = text || "";
        return node;
    }

    function line(file) {
        const item = document.createElement("li");
        const icon = element("span", "gp-file-icon");
        icon.setAttribute("aria-hidden", "true");
        const text = element("span", "gp-file-text");
        text.append(element("bdi", "gp-file-name", file.name));
        text.append(element("span", "gp-muted", file.size_text));
        const remove = element("button", "gp-link", list.dataset.remove);
        remove.append(element("span", "gp-hidden", ` ${file.name}`));
        Object.assign(remove, { type: "submit", name: "remove", value: file.key });
        item.append(icon, text, remove);
        return item;
    }

    function progress(done, total) {
        if (!bar) {
            bar = document.createElement("progress");
            bar.setAttribute("aria-label", words.sending);
            status.after(bar);
        }
        bar.max = total;
        bar.value = done;
    }

    function finished(answer, sent) {
        if (bar) {
            bar.remove();
            bar = null;
        }
        input.value = "";
        input.disabled = false;
        if (!answer) {
            say(words.failed);
            return;
        }
        list.replaceChildren(...answer.files.map(line));
        const refused = answer.errors.map((error) => error.sentence);
        status.classList.toggle("gp-error", refused.length > 0);
        say(refused.length ? refused.join(" ") : `${words.received}: ${sent}`);
    }

    function send(files) {
        const data = new FormData();
        data.append("csrf_token", form.elements.csrf_token.value);
        data.append("action", "upload");
        for (const name of ["subject", "body"]) {
            if (form.elements[name]) {
                data.append(name, form.elements[name].value);
            }
        }
        for (const file of files) {
            data.append("files", file);
        }
        const names = files.map((file) => file.name).join(", ");
        const request = new XMLHttpRequest();
        request.open("POST", form.getAttribute("action"));
        request.setRequestHeader("Accept", "application/json");
        request.responseType = "json";
        request.upload.addEventListener("progress", (event) => progress(event.loaded, event.total));
        request.addEventListener("load", () => finished(request.response, names));
        request.addEventListener("error", () => finished(null));
        input.disabled = true;
        status.classList.remove("gp-error");
        say(`${words.sending}: ${names}`);
        request.send(data);
    }

    input.addEventListener("change", () => {
        const files = [...input.files];
        const large = files.filter((file) => file.size > limit);
        const fit = files.filter((file) => file.size <= limit);
        if (fit.length) {
            send(fit);
        } else {
            input.value = "";
        }
        if (large.length) {
            status.classList.add("gp-error");
            say(`${large.map((file) => file.name).join(", ")}: ${words.tooLarge}`);
        }
    });
})();
