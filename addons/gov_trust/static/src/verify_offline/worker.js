/** @odoo-module ignore */
// Keeps the offline check at hand: the page, its style, its script and the keys. Nothing
// else is kept: no answer about a document, no code, no file.
"use strict";
/* global clients, skipWaiting */

const PREFIX = "maktab-verify-";
const CACHE = `${PREFIX}__VERSION__`;
const PAGE = "/verify/offline";
const KEYS = "/verify/offline/keys.json";
const FILES = [PAGE, "/verify/offline/page.css", "/verify/offline/page.js"];
const PATIENCE = 12000;
const KEYS_AGE = 3600000;
const UNREACHABLE = [502, 503, 504];
let keysAt = 0;

async function keep(path) {
    const response = await fetch(path, { cache: "no-cache", credentials: "omit" });
    if (!response.ok) {
        throw new Error(`${path}: ${response.status}`);
    }
    const cache = await caches.open(CACHE);
    await cache.put(path, response.clone());
    return response;
}

async function kept(path) {
    const cache = await caches.open(CACHE);
    return (await cache.match(path)) || Response.error();
}

/** Newest first; without network, what was kept. */
async function freshest(path) {
    try {
        return await keep(path);
    } catch {
        return kept(path);
    }
}

async function refreshKeys() {
    if (Date.now() - keysAt < KEYS_AGE) {
        return;
    }
    try {
        await keep(KEYS);
        keysAt = Date.now();
    } catch {
        // No network: the keys that are kept say their own date.
        keysAt = 0;
    }
}

async function navigate(request) {
    // The request as it came: a changed one is no navigation any more.
    const late = new Promise((_answer, fail) => setTimeout(fail, PATIENCE));
    try {
        const response = await Promise.race([fetch(request), late]);
        return UNREACHABLE.includes(response.status) ? await kept(PAGE) : response;
    } catch {
        return kept(PAGE);
    }
}

addEventListener("install", (event) => {
    event.waitUntil(Promise.all([...FILES, KEYS].map(keep)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
    const old = (name) => name.startsWith(PREFIX) && name !== CACHE;
    event.waitUntil(
        caches
            .keys()
            .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
            .then(() => clients.claim())
    );
});

addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (url.origin !== location.origin || request.method !== "GET") {
        return;
    }
    if (url.pathname === KEYS || FILES.includes(url.pathname)) {
        event.respondWith(freshest(url.pathname));
    } else if (request.mode === "navigate" && /^\/verify(\/[^/]+)?$/.test(url.pathname)) {
        event.respondWith(navigate(request));
        event.waitUntil(refreshKeys());
    }
});
