import { ReasonDialog } from "@gov_base/words/reason_dialog";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

import { ApproveDialog } from "./approve_dialog";
import { PersonDialog } from "./person_dialog";
import { SignDialog } from "./sign_dialog";

export const MODEL = "parapheur.folder";
const RUN = "gov.circuit.run";

/** What a person does with the folder that is open; `desk` shows what comes next. */
export function useDeskActs(desk) {
    const orm = useService("orm");
    const dialog = useService("dialog");
    const notification = useService("notification");
    const action = useService("action");

    function call(method, ...args) {
        return orm.call(MODEL, method, [[desk.state.folder.id], ...args]);
    }

    function callRun(method, args, kwargs) {
        return orm.call(RUN, method, [[desk.state.folder.run_id], ...args], kwargs);
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
            onClose: (infos) => (infos && infos.signed ? desk.next() : desk.again()),
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
        const isOpinion = folder.can.opinion;
        ask({
            title: isOpinion ? _t("My opinion") : folder.step.name,
            explanation: folder.step.question || "",
            placeholder: isOpinion ? _t("Your opinion…") : _t("A remark, if you like…"),
            button: isOpinion ? _t("Give my opinion") : _t("Approve"),
            isNeeded: isOpinion,
            confirm: (words) => call("action_approve", words, folder.base),
        });
    }

    function refuse() {
        const { folder } = desk.state;
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

    function sendBack() {
        const { folder } = desk.state;
        ask({
            title: _t("Return"),
            explanation: _t(
                "Everything from that step on is done again; signatures given since are withdrawn."
            ),
            placeholder: _t("What has to be done again, and why?"),
            button: _t("Return"),
            isNeeded: true,
            steps: folder.return_steps,
            confirm: (words, stepId) => call("action_return", stepId, words),
        });
    }

    function recall() {
        ask({
            title: _t("Take back"),
            explanation: _t("What you did last is undone. A signature taken back is withdrawn."),
            placeholder: _t("Why do you take it back?"),
            button: _t("Take back"),
            isNeeded: true,
            confirm: (words) => call("action_recall", words),
            then: () => desk.again(),
        });
    }

    function transfer() {
        askPerson({
            title: _t("Hand on"),
            explanation: _t("That person acts in your place, and everybody sees that you asked."),
            placeholder: _t("Why do you hand it on?"),
            button: _t("Hand on"),
            isNeeded: true,
            confirm: (userId, words) => callRun("action_transfer", [userId, words]),
        });
    }

    function askOpinion() {
        askPerson({
            title: _t("Ask for an opinion"),
            explanation: _t("An opinion decides nothing: you can act before it comes."),
            placeholder: _t("What do you ask?"),
            button: _t("Ask"),
            isNeeded: true,
            confirm: (userId, words) =>
                callRun("action_add_step", ["opinion", [userId]], { question: words }),
            then: () => desk.again(),
        });
    }

    function ask({ confirm, then, ...props }) {
        dialog.add(ReasonDialog, {
            ...props,
            confirm: async (words, stepId) => {
                await confirm(words, stepId);
                await (then ? then() : desk.next());
            },
        });
    }

    function askPerson({ confirm, then, ...props }) {
        dialog.add(PersonDialog, {
            ...props,
            confirm: async (userId, words) => {
                await confirm(userId, words);
                await (then ? then() : desk.next());
            },
        });
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
        approve,
        refuse,
        sendBack,
        recall,
        transfer,
        askOpinion,
        comment,
        place,
        setPriority,
    };
}
