import { formatDate, deserializeDate } from "@web/core/l10n/dates";
import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";
import { escapeRegExp } from "@web/core/utils/strings";
import { formatFloat, formatInteger } from "@web/views/fields/formatters";

/** What was typed cannot be the answer; the message says what is expected. */
export class WrongAnswer extends Error {}

const LIMIT = 1e12;
// Arabic-Indic, extended Arabic-Indic and full-width digits, as people's keyboards give them.
const DIGITS = /[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g;

function asciiDigits(text) {
    return text.replace(DIGITS, (digit) => String(digit.codePointAt(0) & 0xf));
}

/** A number as it was typed, with ASCII digits and a point, without signs between thousands. */
function plainNumber(text) {
    const between = escapeRegExp(localization.thousandsSep || "\u00a0");
    return asciiDigits(text)
        .replace(/[\s\u200e\u200f\u066c'’]/g, "")
        .replace(new RegExp(`${between}(?=\\d{3}(?:\\D|$))`, "g"), "")
        .replace(/\u2212/g, "-")
        .replace(/[,\u066b]/g, ".");
}

function bounded(number) {
    if (Math.abs(number) > LIMIT) {
        throw new WrongAnswer(
            _t("The number is too large: %s at most.", formatFloat(LIMIT, { digits: [16, 0] }))
        );
    }
}

function parseWhole(text) {
    const plain = plainNumber(text);
    if (!/^[+-]?\d+$/.test(plain)) {
        throw new WrongAnswer(_t("Write a whole number, such as 12."));
    }
    bounded(Number(plain));
    return Number(plain);
}

function parseAmount(text) {
    const plain = plainNumber(text);
    if (!/^[+-]?\d+(?:\.\d+)?$/.test(plain)) {
        throw new WrongAnswer(
            _t("Write an amount, such as %s.", formatFloat(1250.5, { digits: [16, 2] }))
        );
    }
    const [whole, decimals = ""] = plain.replace(/^\+/, "").split(".");
    if (decimals.replace(/0+$/, "").length > 2) {
        throw new WrongAnswer(_t("Two decimals at most."));
    }
    bounded(Number(plain));
    return `${whole}.${decimals.slice(0, 2).padEnd(2, "0")}`;
}

/**
 * The canonical answer for a text that was typed, or null for none.
 *
 * @param {string} type type of the question
 * @param {string} text
 * @throws {WrongAnswer}
 */
export function parseAnswer(type, text) {
    if (!text.trim()) {
        return null;
    }
    if (type === "integer") {
        return parseWhole(text);
    }
    return type === "amount" ? parseAmount(text) : text;
}

/** The text of an answer in its input. */
export function typedAnswer(type, value) {
    if (value === undefined || value === null || value === false) {
        return "";
    }
    if (type === "integer") {
        return formatInteger(value);
    }
    if (type === "amount") {
        return formatFloat(Number(value), { digits: [16, 2] });
    }
    return String(value);
}

/** The text of an answer as it is read. */
export function shownAnswer(question, value) {
    if (value === undefined || value === null) {
        return "";
    }
    const labels = Object.fromEntries(
        question.options.map((option) => [option.value, option.label])
    );
    switch (question.type) {
        case "date":
            return formatDate(deserializeDate(value));
        case "boolean":
            return value ? _t("Yes") : _t("No");
        case "choice":
            return labels[value] || value;
        case "choices":
            return value.map((item) => labels[item] || item).join(" · ");
    }
    return typedAnswer(question.type, value);
}

const KINDS = {
    integer: (value) => Number.isInteger(value),
    boolean: (value) => typeof value === "boolean",
    choices: (value) => Array.isArray(value),
};

/** The answers that are answers to this form: those of another form, chosen before, go. */
export function answersOf(definition, values) {
    const kept = {};
    for (const { key, type, options } of definition.fields) {
        const value = values[key];
        const fits = KINDS[type] || ((answer) => typeof answer === "string");
        if (value === undefined || value === null || !fits(value)) {
            continue;
        }
        const offered = options.map((option) => option.value);
        if (type === "choice" && !offered.includes(value)) {
            continue;
        }
        kept[key] = type === "choices" ? value.filter((item) => offered.includes(item)) : value;
    }
    return kept;
}
