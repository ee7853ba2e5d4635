import { registry } from "@web/core/registry";

const IDLE = ".o_desk_board[aria-busy=false]";

/** The head dispatches three letters by the keyboard, two with one form, and takes one back. */
registry.category("web_tour.tours").add("mail_desk_board", {
    steps: () => [
        {
            content: "Six letters wait, the first one is open beside its form",
            trigger: ".o_desk_board_count:contains(6)",
        },
        { trigger: ".o_desk_board_row.o_desk_board_open" },
        { content: "u: the unit", trigger: IDLE, run: "press u" },
        { trigger: "#o_desk_board_unit:focus", run: "edit urba" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Urbanisme)" },
        { trigger: "#o_desk_board_unit", run: "press Enter" },
        { content: "Then its people", trigger: "#o_desk_board_agent:focus", run: "edit au2" },
        { trigger: ".o-autocomplete--dropdown-item:contains(AU2)" },
        { trigger: "#o_desk_board_agent", run: "press Enter" },
        { trigger: ".o_desk_board_dispatch:contains(AU2)" },
        { content: "Enter dispatches", trigger: "#o_desk_board_agent", run: "press Enter" },
        { content: "The next one opens", trigger: ".o_desk_board_count:contains(5)" },
        { trigger: ".o_desk_board_done:contains(1)" },
        { content: "Undo", trigger: IDLE, run: "press z" },
        { trigger: ".o_desk_board_count:contains(6)" },
        ...["urb", "jur"].flatMap((words, place) => [
            { trigger: IDLE, run: "press u" },
            { trigger: "#o_desk_board_unit:focus", run: `edit ${words}` },
            { trigger: ".o-autocomplete--dropdown-item .text-truncate" },
            { trigger: "#o_desk_board_unit", run: "press Enter" },
            { trigger: "#o_desk_board_agent:focus" },
            { trigger: "#o_desk_board_agent", run: "press Escape" },
            { trigger: "#o_desk_board_agent", run: "press Enter" },
            { trigger: `.o_desk_board_count:contains(${5 - place})` },
        ]),
        {
            content: "Two with one form",
            trigger: ".o_desk_board_row:nth-child(2) input",
            run: "click",
        },
        { trigger: ".o_desk_board_row:nth-child(3) input", run: "click" },
        { trigger: ".o_desk_board_ticked li:nth-child(2)" },
        { trigger: IDLE, run: "press u" },
        { trigger: "#o_desk_board_unit:focus", run: "edit urb" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Urbanisme)" },
        { trigger: "#o_desk_board_unit", run: "press Enter" },
        { trigger: ".o_desk_board_dispatch:contains(2)", run: "click" },
        { trigger: ".o_desk_board_count:contains(2)" },
        {
            content: "Redirect the one that is open",
            trigger: ".o_desk_board_redirect",
            run: "click",
        },
        { trigger: ".modal .btn-primary:disabled" },
        { trigger: ".modal #o_desk_redirect_unit", run: "edit juri" },
        { trigger: ".o-autocomplete--dropdown-item:contains(juridiques)", run: "click" },
        { trigger: ".modal textarea", run: "edit Contentieux" },
        { trigger: ".modal .btn-primary:enabled", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_desk_board_count:contains(1)" },
        { content: "The last one, with a keystroke's help", trigger: IDLE, run: "press ?" },
        { trigger: ".modal .o_desk_board_help kbd" },
        { trigger: ".modal .btn-close", run: "click" },
        { trigger: `body:not(:has(.modal)) ${IDLE}`, run: "press u" },
        { trigger: "#o_desk_board_unit:focus", run: "edit urb" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Urbanisme)" },
        { trigger: "#o_desk_board_unit", run: "press Enter" },
        { trigger: ".o_desk_board_dispatch:enabled", run: "click" },
        { content: "Nothing is left", trigger: ".o_desk_board_count:contains(0)" },
        { trigger: ".o_desk_board_nothing" },
    ],
});

/** The head of a unit returns what was dispatched to it. */
registry.category("web_tour.tours").add("mail_desk_board_return", {
    steps: () => [
        { trigger: ".o_desk_board_count:contains(1)" },
        { trigger: ".o_desk_board_panel .o_desk_board_refuse" },
        { content: "r: return", trigger: IDLE, run: "press r" },
        { content: "Not without a reason", trigger: ".modal .btn-primary:disabled" },
        { trigger: ".modal textarea", run: "edit Pas de ma compétence" },
        { trigger: ".modal .btn-primary:enabled", run: "click" },
        { trigger: ".o_desk_board_nothing" },
    ],
});
