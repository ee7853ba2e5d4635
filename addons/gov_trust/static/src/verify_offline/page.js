/** @odoo-module ignore */
// The page of the offline check: words, result, languages. Everything a square code says
// is put in as text.
/* global MaktabCheck, MaktabWords */
(() => {
    "use strict";

    const { WORDS, LANGUAGES } = MaktabWords;
    const WORKER = "/verify/offline/worker.js";
    const KEYS = "/verify/offline/keys.json";
    const OLD_DAYS = 30;
    const TONES = { good: "good", forged: "bad", other_issuer: "bad", revoked: "bad" };
    const ICONS = {
        good: "m14 25 7 7 13-15",
        bad: "m16 16 16 16m0-16L16 32",
        unsure: "M18 19a6 6 0 1 1 8.5 5.5C25 25.2 24 26.3 24 28m0 7v.01",
    };
    const embedded = document.getElementById("keys");
    let lang = "en";
    let known = null;
    let last = null;

    const one = (selector) => document.querySelector(selector);
    const word = (name) => WORDS[lang][name] || WORDS.en[name];

    function make(tag, className, ...children) {
        const node = document.createElement(tag);
        node.className = className;
        node.append(...children);
        return node;
    }

    function moment(text, zone) {
        const { locale, date } = LANGUAGES[lang];
        const timeZone = zone || "UTC";
        const options = { dateStyle: date || "long", timeStyle: "medium", timeZone };
        const format = new Intl.DateTimeFormat(locale, options);
        return `${format.format(new Date(text))} (${timeZone})`;
    }

    /** A sentence with {names} replaced, each kept apart whatever its direction. */
    function say(name, values = {}) {
        return word(name).replace(/\{(\w+)\}/g, (_all, key) => `\u2068${values[key] ?? ""}\u2069`);
    }

    function icon(tone) {
        const space = "http://www.w3.org/2000/svg";
        const svg = document.createElementNS(space, "svg");
        const parts = [
            ["circle", { cx: 24, cy: 24, r: 22, fill: "currentColor" }],
            [
                "path",
                {
                    d: ICONS[tone],
                    fill: "none",
                    stroke: "#fff",
                    "stroke-width": 4,
                    "stroke-linecap": "round",
                    "stroke-linejoin": "round",
                },
            ],
        ];
        const attributes = { viewBox: "0 0 48 48", width: 48, height: 48, "aria-hidden": "true" };
        for (const [name, value] of Object.entries(attributes)) {
            svg.setAttribute(name, value);
        }
        svg.setAttribute("class", "gov-verdict-icon");
        for (const [tag, values] of parts) {
            const part = document.createElementNS(space, tag);
            for (const [name, value] of Object.entries(values)) {
                part.setAttribute(name, value);
            }
            svg.append(part);
        }
        return svg;
    }

    function fact(label, value, { main = false, ltr = false } = {}) {
        const bdi = make("bdi", "", value);
        if (ltr) {
            bdi.dir = "ltr";
        }
        return make(
            "div",
            main ? "gov-fact-main" : "",
            make("dt", "", word(label)),
            make("dd", "", bdi)
        );
    }

    function facts({ data, key }) {
        const list = make("dl", "gov-facts");
        const issuer = data.issuer ? `${key.name} (${data.issuer})` : key.name;
        list.append(
            fact("number", data.number, { main: true, ltr: true }),
            fact("issuer", issuer),
            fact("date", moment(data.instant, key.tz)),
            fact("digest", `${data.digest}…`, { ltr: true })
        );
        return list;
    }

    function show() {
        const box = one("[data-result]");
        box.replaceChildren();
        if (!last) {
            return;
        }
        const { told, code } = last;
        const tone = TONES[told.state] || "unsure";
        const at = known ? moment(known.at) : "";
        const values = {
            at,
            name: told.key?.name,
            revoked: told.key?.revoked_at ? moment(told.key.revoked_at, told.key.tz) : "",
        };
        const text = make(
            "div",
            "",
            make("h2", "gov-verdict-title", word(`title_${told.state}`)),
            make("p", "", say(`text_${told.state}`, values))
        );
        const section = make(
            "section",
            `gov-verdict gov-verdict-${tone}`,
            make("div", "gov-verdict-head", icon(tone), text)
        );
        if (told.data && told.state !== "other_issuer") {
            section.append(facts(told), make("p", "gov-after", word("compare")));
            section.append(make("p", "gov-note", word("state_unknown")));
        }
        if (code) {
            section.append(make("p", "gov-hint", say("code_unknown", { code })));
        }
        box.append(section);
    }

    function keysLine() {
        const line = one("[data-keys]");
        if (!known) {
            line.textContent = word("keys_missing");
            return;
        }
        const days = Math.floor((Date.now() - Date.parse(known.at)) / 86400000);
        const values = { at: moment(known.at), count: known.keys.length, site: known.site, days };
        line.textContent = say(days > OLD_DAYS ? "keys_old" : "keys", values);
        line.classList.toggle("gov-note-warn", days > OLD_DAYS);
        line.classList.toggle("gov-note", days > OLD_DAYS);
    }

    function translate(wanted) {
        lang = wanted;
        const root = document.documentElement;
        root.lang = wanted;
        root.dir = LANGUAGES[wanted].dir;
        document.title = word("title");
        for (const node of document.querySelectorAll("[data-word]")) {
            node.textContent = word(node.dataset.word);
        }
        for (const node of document.querySelectorAll("[data-label]")) {
            node.setAttribute("aria-label", word(node.dataset.label));
        }
        for (const button of document.querySelectorAll("[data-languages] button")) {
            button.setAttribute("aria-pressed", String(button.lang === wanted));
        }
        keysLine();
        show();
    }

    function languages() {
        const list = one("[data-languages]");
        for (const [name, { label, dir }] of Object.entries(LANGUAGES)) {
            const button = make("button", "", label);
            Object.assign(button, { type: "button", lang: name, dir });
            button.addEventListener("click", () => translate(name));
            list.append(make("li", "", button));
        }
        const asked = new URLSearchParams(location.search).get("lang");
        const wanted = [asked, ...navigator.languages].map((text) => (text || "").split(/[-_]/)[0]);
        return wanted.find((name) => LANGUAGES[name]) || "en";
    }

    async function loadKeys() {
        if (embedded) {
            known = JSON.parse(embedded.textContent);
            return;
        }
        try {
            known = await (await fetch(KEYS)).json();
        } catch {
            // Neither network nor kept keys: keysLine() and the result say so.
            known = null;
        }
    }

    async function look(typed, focus) {
        const { code, text } = MaktabCheck.split(typed);
        const told =
            text && !known
                ? { state: "no_keys" }
                : await MaktabCheck.check(text, known?.keys || []);
        last = { told, code };
        show();
        if (focus) {
            one("[data-result]").focus({ preventScroll: true });
            one("[data-result]").scrollIntoView({ block: "start" });
        }
    }

    async function start() {
        const wanted = languages();
        await loadKeys();
        one("[data-save]").hidden = Boolean(embedded);
        one("[data-online]").hidden = Boolean(embedded);
        translate(wanted);
        one("[data-ask]").addEventListener("submit", (event) => {
            event.preventDefault();
            look(one("#data").value, true);
        });
        const here = () => look(location.href, true);
        const skips = () => location.hash === "#main";
        const plain = /^\/verify(\/offline)?$/.test(location.pathname);
        if (!embedded && !skips() && (location.hash.length > 1 || !plain)) {
            await here();
        }
        window.addEventListener("hashchange", () => skips() || here());
        document.documentElement.dataset.ready = "true";
        if (!embedded && navigator.serviceWorker) {
            const ready = navigator.serviceWorker.register(WORKER, { scope: "/verify" });
            // A browser that keeps nothing still checks what is on the page.
            ready.catch(() => (document.documentElement.dataset.kept = "false"));
        }
    }

    document.addEventListener("DOMContentLoaded", start);
})();
