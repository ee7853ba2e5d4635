import { ReasonDialog } from "@gov_base/words/reason_dialog";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

import { DifferencesDialog } from "../differences/differences_dialog";
import { PlacementDialog } from "../placement/placement_dialog";
import { ApproveDialog } from "./approve_dialog";
import { SignDialog } from "./sign_dialog";

export const MODEL = "parapheur.folder";

/** What a person does with the folder that is open; `desk` shows what comes next. */
export function useDeskActs(desk) {
    const orm = useService("orm");
    const dialog = useService("dialog");
    const notification = useService("notification");
    const action = useService("action");

    function call(method, ...args) {
        return orm.call(MODEL, method, [[desk.state.folder.id], ...args]);
    }

    function sign() {
        const { folder } = desk.state;
        signItems([
            { ...folder, documents: folder.documents.filter(({ role }) => role === "main") },
        ]);
    }

    /** Signing in a program of one's own: files out, files in, in a window. */
    async function takeAlong() {
        const { folder } = desk.state;
        const window = await call("action_take_along", folder.base);
        await action.doAction(window, {
            onClose: () => desk.next(),
        });
    }

    /** What is ticked: signed with one PIN, or approved with one remark. */
    function decideChecked() {
        const { rows, checked } = desk.state;
        const items = rows.filter(({ id }) => checked.includes(id));
        if (!items.length) {
            return;
        }
        if (desk.together === "sign") {
            signItems(items);
        } else if (desk.together === "approve") {
            dialog.add(ApproveDialog, { items, done: () => desk.next() });
        }
    }

    function signItems(items) {
        dialog.add(SignDialog, {
            items,
            quality: (desk.state.folder && desk.state.folder.quality) || "",
            consent: desk.state.consent,
            done: (signed) => {
                if (signed.length) {
                    notification.add(
                        signed.length === 1
                            ? _t("Signed.")
                            : _t("%s folders signed.", signed.length),
                        { type: "success" }
                    );
                }
                return desk.next();
            },
        });
    }

    function approve() {
        const { folder } = desk.state;
        if (folder.can.opinion) {
            ask({
                title: _t("My opinion"),
                explanation: folder.step.question || "",
                placeholder: _t("Your opinion…"),
                button: _t("Give my opinion"),
                isNeeded: true,
                confirm: (words) => call("action_approve", words, folder.base),
            });
        } else if (folder.needs.approve) {
            openAct("approve");
        } else if (folder.needs.proof !== "none") {
            dialog.add(ApproveDialog, { items: [folder], done: () => desk.next() });
        } else {
            ask({
                title: folder.step.name,
                explanation: folder.step.question || "",
                placeholder: _t("A remark, if you like…"),
                button: _t("Approve"),
                confirm: (words) => call("action_approve", words, folder.base),
            });
        }
    }

    function refuse() {
        const { folder } = desk.state;
        if (folder.needs.refuse) {
            openAct("refuse");
            return;
        }
        ask({
            title: _t("Refuse"),
            explanation: _t("The folder ends here. Its sender and those who acted are told why."),
            placeholder: _t("Why do you refuse?"),
            button: _t("Refuse"),
            isDanger: true,
            isNeeded: true,
            confirm: (words) => call("action_refuse", words, folder.base),
        });
    }

    /** An act that asks for more than words: its own window, the same as from the form. */
    async function openAct(what) {
        const window = await call("action_open_act", what);
        await action.doAction(window, {
            onClose: (infos) => infos && infos.parapheur_act && desk.next(),
        });
    }

    /** Print, have it signed by hand, hand in the scan. */
    async function paper() {
        const window = await call("action_open_paper");
        await action.doAction(window, { onClose: () => desk.next() });
    }

    /** What the first button and Enter do. */
    function primary() {
        const { can } = desk.state.folder;
        if (can.sign) {
            sign();
        } else if (can.approve || can.opinion) {
            approve();
        } else if (can.paper) {
            paper();
        } else if (can.seal) {
            openAct("seal");
        } else if (can.dispatch) {
            openAct("dispatch");
        }
    }

    function ask({ confirm, ...props }) {
        dialog.add(ReasonDialog, {
            ...props,
            confirm: async (words) => {
                await confirm(words);
                await desk.next();
            },
        });
    }

    /** Where the blocks stand on the main documents; moved by whoever may. */
    function placeBlocks() {
        const { folder, documentId } = desk.state;
        let isPlaced = false;
        dialog.add(
            PlacementDialog,
            {
                folderId: folder.id,
                documents: mains(),
                documentId: main(documentId),
                onPlaced: () => (isPlaced = true),
            },
            // A block elsewhere is another version: it is read again.
            { onClose: () => isPlaced && desk.again() }
        );
    }

    function compare() {
        const { folder, documentId } = desk.state;
        dialog.add(DifferencesDialog, {
            folderId: folder.id,
            documents: mains(),
            documentId: main(documentId),
        });
    }

    function mains() {
        return desk.state.folder.documents
            .filter(({ role }) => role === "main")
            .map(({ id, name }) => ({ id, name }));
    }

    /** The document on the page, or the first one where an annex is. */
    function main(documentId) {
        const found = mains().find(({ id }) => id === documentId) || mains()[0];
        return found.id;
    }

    /** @param {number[] | false} readers for whom it is; false: for everybody who reads the folder */
    async function comment(words, readers) {
        if (readers) {
            await call("action_comment_privately", words, readers);
        } else {
            await call("action_comment", words);
        }
        await desk.open(desk.state.folder.id);
    }

    // ------------------------------------------------------------------
    // A secretary
    // ------------------------------------------------------------------
    /** Put a folder after another one (or first) on the desk that is prepared. */
    async function place(id, afterId) {
        const { rows } = desk.state;
        const row = rows.find((one) => one.id === id);
        const others = rows.filter((one) => one.id !== id);
        const at = afterId ? others.findIndex((one) => one.id === afterId) + 1 : 0;
        const around = [others[at - 1], others[at]].filter(Boolean);
        // Moved into another pile, it is of that pile.
        const stays = !around.length || around.some(({ priority }) => priority === row.priority);
        const priority = stays ? row.priority : around[0].priority;
        others.splice(at, 0, { ...row, priority });
        await order(others);
    }

    async function setPriority(id, priority) {
        await order(desk.state.rows.map((row) => (row.id === id ? { ...row, priority } : row)));
    }

    async function order(rows) {
        await orm.call(MODEL, "action_set_order", [
            desk.state.personId,
            rows.map(({ id, priority }) => ({ id, priority })),
        ]);
        await desk.load();
    }

    return {
        sign,
        takeAlong,
        decideChecked,
        primary,
        approve,
        refuse,
        openAct,
        paper,
        placeBlocks,
        compare,
        comment,
        place,
        setPriority,
    };
}
