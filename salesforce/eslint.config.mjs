import lwc from "@salesforce/eslint-config-lwc";
import globals from "globals";

export default [
    { ignores: ["node_modules/", ".sf/", ".sfdx/"] },
    ...lwc.configs.recommended,
    { linterOptions: { reportUnusedDisableDirectives: "error" } },
    { files: ["*.js", "checks/**"], languageOptions: { globals: globals.node } }
];
