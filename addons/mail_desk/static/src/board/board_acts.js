import { Refusal, errorText } from "@gov_base/words/error_text";
import { ReasonDialog } from "@gov_base/words/reason_dialog";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

import { formValues } from "./board_form";
import { RedirectDialog } from "./redirect_dialog";

export const MODEL = "desk.board";

/** What a person does with the letter that is open, or with those that are ticked. */
export function useBoardActs(board) {
    const orm = useService("orm");
    const dialog = useService("dialog");
    const notification = useService("notification");
    const { state } = board;
    let last = [];
    let closeLast = () => {};

    function chosen() {
        return state.isBulk ? [...state.checked] : [state.letter.id];
    }

    /** {letter id: row that was on the screen}: what others did meanwhile is then told. */
    function seen(ids) {
        const rows = Object.fromEntries(
            state.rows.filter(({ id }) => ids.includes(id)).map((row) => [row.id, row.row_id])
        );
        if (!state.isBulk && state.letter) {
            rows[state.letter.id] = state.letter.row_id;
        }
        return rows;
    }

    async function act(method, ...args) {
        if (state.isBusy) {
            return;
        }
        const ids = chosen();
        Object.assign(state, { isBusy: true, error: "", hint: "", failed: [] });
        try {
            const results = await orm.call(MODEL, method, [ids, ...args, seen(ids)]);
            await show(results, method.startsWith("dispatch"));
        } catch (error) {
            state.error = errorText(error);
        } finally {
            state.isBusy = false;
        }
    }

    /** Those done are done; the others stay ticked and say why. */
    async function show(results, canUndo) {
        const done = results.filter(({ ok }) => ok);
        const failed = results.filter(({ ok }) => !ok);
        state.done += done.length;
        const isOne = results.length === 1;
        if (isOne && failed.length) {
            // Told where the person is; the list says what others did meanwhile.
            await board.load();
            state.error = failed[0].sentence;
            return;
        }
        state.checked = failed.map(({ id }) => id);
        if (done.length) {
            tell(done, canUndo);
        }
        await board.next(done.map(({ id }) => id));
        state.failed = failed;
    }

    function tell(done, canUndo) {
        closeLast();
        const [first] = done;
        const message =
            done.length === 1
                ? _t("%(number)s: %(where)s", { number: first.number, where: first.sentence })
                : _t("%s letters dispatched.", done.length);
        last = canUndo ? done.map(({ id }) => id) : [];
        closeLast = notification.add(message, {
            type: "success",
            buttons: canUndo ? [{ name: _t("Undo (z)"), onClick: undo }] : [],
        });
    }

    async function undo() {
        if (!last.length || state.isBusy) {
            return;
        }
        const ids = last;
        last = [];
        closeLast();
        state.isBusy = true;
        try {
            const results = await orm.call(MODEL, "move", [ids, "withdraw"]);
            const failed = results.filter(({ ok }) => !ok);
            await board.load();
            state.failed = failed;
            if (failed.length < ids.length) {
                state.done -= ids.length - failed.length;
                await board.open(results.find(({ ok }) => ok).id);
            }
        } catch (error) {
            state.error = errorText(error);
        } finally {
            state.isBusy = false;
        }
    }

    function dispatch() {
        if (!state.form.unitId) {
            state.error = _t("Choose the unit first: a letter is always with a unit.");
            board.focus("unit");
            return;
        }
        return act("dispatch", formValues(state.form));
    }

    function dispatchAsProposed() {
        const { instruction_id, due_date, note } = formValues(state.form);
        return act("dispatch_as_proposed", { instruction_id, due_date, note });
    }

    function ask(name, props) {
        const ids = chosen();
        const rows = seen(ids);
        dialog.add(ReasonDialog, {
            isNeeded: true,
            placeholder: _t("Why? The next person reads it."),
            ...props,
            confirm: (reason) => moved(ids, name, { reason }, rows),
        });
    }

    /** A refusal of one letter stays in the dialog; of several, in the list. */
    async function moved(ids, name, values, rows) {
        const results = await orm.call(MODEL, "move", [ids, name, values, rows]);
        if (ids.length === 1 && !results[0].ok) {
            throw new Refusal(results[0].sentence);
        }
        await show(results, false);
    }

    function sendBack() {
        ask("return", {
            title: _t("Return"),
            explanation: _t("It goes back to the unit that assigned it, which decides again."),
            button: _t("Return"),
        });
    }

    function refuse() {
        ask("refuse", {
            title: _t("Refuse"),
            explanation: _t("It is not for your unit: it goes back, and counts as misrouted."),
            button: _t("Refuse"),
            isDanger: true,
        });
    }

    function redirect() {
        const ids = chosen();
        const rows = seen(ids);
        dialog.add(RedirectDialog, {
            units: state.units,
            confirm: (values) => moved(ids, "redirect", values, rows),
        });
    }

    return { dispatch, dispatchAsProposed, sendBack, refuse, redirect, undo };
}
