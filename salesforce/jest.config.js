const { jestConfig } = require("@salesforce/sfdx-lwc-jest/config");

module.exports = {
    ...jestConfig,
    moduleNameMapper: {
        // The one module of the platform that has no stub.
        "^lightning/actions$": "<rootDir>/stubs/actions.js"
    }
};
