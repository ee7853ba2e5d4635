// Odoo's own rules (odoo/addons/test_lint/tests/eslintrc) as a flat configuration.
const globals = require("globals");

const ODOO_GLOBALS = {
    odoo: "readonly",
    luxon: "readonly",
    DOMPurify: "readonly",
    Chart: "readonly",
    FullCalendar: "readonly",
};

module.exports = [
    { ignores: ["**/static/lib/**", "**/*.min.js", ".local/**", "node_modules/**"] },
    {
        files: ["addons/*/static/**/*.js"],
        languageOptions: {
            ecmaVersion: 2022,
            sourceType: "module",
            globals: { ...globals.browser, ...ODOO_GLOBALS },
        },
        rules: {
            "no-undef": "error",
            "no-restricted-globals": ["error", "event", "self"],
            "no-const-assign": "error",
            "no-debugger": "error",
            "no-console": "error",
            "no-dupe-class-members": "error",
            "no-dupe-keys": "error",
            "no-dupe-args": "error",
            "no-dupe-else-if": "error",
            "no-unsafe-negation": "error",
            "no-duplicate-imports": "error",
            "no-eval": "error",
            "no-var": "error",
            "prefer-const": "error",
            eqeqeq: ["error", "always", { null: "ignore" }],
            "valid-typeof": "error",
            "no-restricted-syntax": [
                "error",
                "PrivateIdentifier",
                {
                    selector:
                        "ClassDeclaration[superClass.name='Component']:not(:has(ClassBody.body > PropertyDefinition[key.name='props'][static='true']))",
                    message: "Component should declare static props",
                },
                {
                    selector:
                        "ClassDeclaration[superClass.name='Component']:not(:has(ClassBody.body > PropertyDefinition[key.name='template'][static='true']))",
                    message: "Component should declare static template",
                },
                {
                    selector: "CallExpression[callee.name='_t'] > :first-child[value=/(.*%s){2,}/]",
                    message: "Usage of _t function with multiple unnamed placeholders",
                },
                {
                    selector:
                        "CallExpression[callee.object.name='notificationService'][callee.property.name='add'] > Literal:first-child",
                    message: "String passed to 'notificationService.add()' should be translated.",
                },
            ],
            "no-unused-vars": [
                "error",
                { vars: "all", args: "none", ignoreRestSiblings: false, caughtErrors: "all" },
            ],
        },
    },
    {
        // Service workers and web workers know themselves as "self".
        files: ["addons/*/static/**/*worker*.js"],
        languageOptions: { globals: globals.worker },
        rules: { "no-restricted-globals": "off" },
    },
    {
        files: ["addons/*/static/tests/**/*.js"],
        languageOptions: { globals: { console: "readonly" } },
        rules: { "no-console": "off" },
    },
];
