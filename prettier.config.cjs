// Odoo's own look of JavaScript; XML by what its white space means.
// The plugin lies below MAKTAB_STATE: NODE_PATH leads to it.
module.exports = {
    plugins: [require.resolve("@prettier/plugin-xml")],
    tabWidth: 4,
    printWidth: 100,
    singleQuote: false,
    trailingComma: "es5",
    arrowParens: "always",
    xmlQuoteAttributes: "double",
    xmlSelfClosingSpace: true,
    overrides: [
        {
            // Templates hold inline text: its white space is seen by the reader.
            files: "*.xml",
            options: { xmlWhitespaceSensitivity: "preserve" },
        },
        {
            // Records and views: free to be laid out.
            files: [
                "addons/*/security/*.xml",
                "addons/*/data/*.xml",
                "addons/*/demo/*.xml",
                "addons/*/views/*_views.xml",
                "addons/*/views/*_menus.xml",
                "addons/*/wizard/*_views.xml",
            ],
            options: { xmlWhitespaceSensitivity: "ignore" },
        },
    ],
};
