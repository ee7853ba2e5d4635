/** @odoo-module ignore */
// The signed data of a square code, read and checked without any server: lib/qr.py in
// JavaScript. base64url(JSON array) . base64url(64-byte P-256 signature).
globalThis.MaktabCheck = (() => {
    "use strict";

    const VERSION = 1;
    const MAX_CHARS = 1000;
    const SIGNATURE_BYTES = 64;
    const DAY = 86400000;
    const SHAPES = {
        instant: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
        digest: /^[0-9a-f]{32}$/,
        key: /^[0-9a-f]{16}$/,
    };
    const NAMES = ["issuer", "number", "instant", "digest", "key"];
    const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

    function bytesOf(binary) {
        return Uint8Array.from(binary, (character) => character.charCodeAt(0));
    }

    function decode(text) {
        if (!/^[A-Za-z0-9_-]+$/.test(text) || text.length % 4 === 1) {
            return null;
        }
        const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
        const again = btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
        return again === text ? bytesOf(binary) : null;
    }

    /** The address of a square code, or its signed data alone → {code, text}. */
    function split(typed) {
        const clean = typed.replace(/\s+/g, "");
        const mark = clean.indexOf("#");
        const found = /\/verify\/([A-Za-z0-9-]{1,40})(?:[#?]|$)/.exec(clean);
        const code = found && found[1] !== "offline" ? found[1] : "";
        const bare = clean.includes("/") ? "" : clean;
        const text = mark < 0 ? bare : clean.slice(mark + 1);
        try {
            return { code, text: decodeURIComponent(text) };
        } catch {
            // A broken percent sign: nothing of ours, and said so by read().
            return { code, text };
        }
    }

    /** Split signed data; nothing is verified yet. Null when it is not ours. */
    function read(text) {
        const parts = text.length <= MAX_CHARS ? text.split(".") : [];
        const [payload, signature] = parts.length === 2 ? parts.map(decode) : [];
        if (!payload || !signature || signature.length !== SIGNATURE_BYTES) {
            return null;
        }
        let values, spelled;
        try {
            spelled = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(payload);
            values = JSON.parse(spelled);
        } catch {
            return null;
        }
        // One spelling only, as the server writes it.
        if (!Array.isArray(values) || JSON.stringify(values) !== spelled) {
            return null;
        }
        const [version, ...rest] = values;
        if (
            version !== VERSION ||
            rest.length !== NAMES.length ||
            rest.some((value) => typeof value !== "string")
        ) {
            return null;
        }
        const data = Object.fromEntries(NAMES.map((name, place) => [name, rest[place]]));
        for (const [name, shape] of Object.entries(SHAPES)) {
            if (!shape.test(data[name])) {
                return null;
            }
        }
        return Number.isNaN(Date.parse(data.instant)) ? null : { data, payload, signature };
    }

    async function signedBy(key, found) {
        const spki = bytesOf(atob(key.spki));
        const loaded = await crypto.subtle.importKey("spki", spki, ECDSA, false, ["verify"]);
        return crypto.subtle.verify(ECDSA, loaded, found.signature, found.payload);
    }

    /** Say no more than the key and its certificates tell. */
    function judge(data, key, keys) {
        if (!key.codes.includes(data.issuer)) {
            const others = keys.filter((other) => other.owner !== key.owner);
            const taken = others.some((other) => other.codes.includes(data.issuer));
            return taken ? "other_issuer" : "unknown_issuer";
        }
        if (key.revoked_at) {
            return "revoked";
        }
        // Data are signed when the document is made, after the instant they tell: an
        // instant before the key is nothing odd, one after it, or to come, is.
        const at = Date.parse(data.instant);
        const odd = at > Date.parse(key.until) || at > Date.now() + DAY;
        return odd ? "outside" : "good";
    }

    /**
     * Check signed data against the known keys.
     * @returns {state, data, key}; state: none, unreadable, no_crypto, unknown_key, forged,
     *     other_issuer, unknown_issuer, revoked, outside, good
     */
    async function check(text, keys) {
        if (!text) {
            return { state: "none" };
        }
        const found = read(text);
        if (!found) {
            return { state: "unreadable" };
        }
        if (!(globalThis.crypto && crypto.subtle)) {
            return { state: "no_crypto" };
        }
        const named = keys.filter((key) => key.key === found.data.key);
        if (!named.length) {
            return { state: "unknown_key" };
        }
        for (const key of named) {
            if (await signedBy(key, found)) {
                return { state: judge(found.data, key, keys), data: found.data, key };
            }
        }
        return { state: "forged" };
    }

    return { check, read, split };
})();
