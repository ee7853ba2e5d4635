import { _t } from "@web/core/l10n/translation";

/** What one can look at: own baskets, one for each delegation, one for each desk that one prepares. */
export function basketsOf({ counts, delegations, signatories }) {
    const own = [
        { id: "sign", name: _t("To sign") },
        { id: "visa", name: _t("To approve") },
        { id: "opinion", name: _t("Opinions") },
        { id: "late", name: _t("Late"), isAlert: counts.late > 0 },
    ].map((basket) => ({ ...basket, personId: 0, count: counts[basket.id] || 0 }));
    const delegated = delegations.map(({ id, name, count }) => ({
        id: "delegated",
        personId: id,
        name: _t("By delegation of %s", name),
        count,
    }));
    const prepared = signatories.map(({ id, name, count }) => ({
        id: "prepare",
        personId: id,
        name: _t("Desk of %s", name),
        count,
    }));
    const done = { id: "done", personId: 0, name: _t("Done"), count: false };
    return [...own, ...delegated, ...prepared, done];
}
