import { ReasonDialog } from "@gov_base/words/reason_dialog";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

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
            onClose: (infos) => (infos && infos.signed ? desk.next() : desk.again()),
        });
    }

    function signChecked() {
        signItems(desk.state.rows.filter(({ id }) => desk.state.checked.includes(id)));
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

    function ask({ confirm, then, ...props }) {
        dialog.add(ReasonDialog, {
            ...props,
            confirm: async (words, stepId) => {
                await confirm(words, stepId);
                await (then ? then() : desk.next());
            },
        });
    }

    async function comment(words) {
        await call("action_comment", words);
        await desk.open(desk.state.folder.id);
    }

    return { sign, takeAlong, signChecked, approve, refuse, sendBack, recall, comment };
}
