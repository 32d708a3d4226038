import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { ApexErrorListener, ApexParserFactory } from "@apexdevtools/apex-parser";
import { sources } from "./sources.mjs";

class Errors extends ApexErrorListener {
    found = [];

    apexSyntaxError(line, column, message) {
        this.found.push(`${line}:${column + 1} ${message}`);
    }
}

/** Parses a class, or a trigger, to its end; returns the syntax errors. */
function syntaxErrors(text, kind) {
    const errors = new Errors();
    const { parser } = ApexParserFactory.createLexerAndParser(text, errors);
    if (kind === ".trigger") {
        parser.triggerUnit();
    } else {
        parser.compilationUnit();
    }
    return errors.found;
}

for (const { path, kind } of sources(".cls", ".trigger")) {
    test(`${path} is Apex`, () => {
        assert.deepEqual(syntaxErrors(readFileSync(path, "utf8"), kind), []);
    });
}

test("the parser finds what is no Apex", () => {
    assert.notDeepEqual(syntaxErrors("public class A { void b() { return }", ".cls"), []);
});
