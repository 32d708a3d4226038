import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import test from "node:test";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { sources } from "./sources.mjs";

const MAIN = "force-app/main/default";
const LISTS = ["classAccesses", "fieldPermissions", "objectPermissions", "targets"];
const parser = new XMLParser({ isArray: (name) => LISTS.includes(name) });

const files = sources("-meta.xml").map(({ path }) => {
    const [name, type] = path
        .split("/")
        .at(-1)
        .replace("-meta.xml", "")
        .split(/\.(?=[^.]+$)/);
    const text = readFileSync(path, "utf8");
    return { path, name, type, text, content: Object.values(parser.parse(text)).at(-1) };
});

const ofType = (type) => files.filter((file) => file.type === type);

for (const { path, text, content, name } of files) {
    test(`${path} is well-formed and in its place`, () => {
        assert.equal(XMLValidator.validate(text), true);
        assert.equal(content.fullName ?? name, name, "its fullName is not its file's name");
    });
}

for (const { path, content } of ofType("permissionset")) {
    test(`${path} names what there is`, () => {
        for (const { apexClass } of content.classAccesses ?? []) {
            assert.ok(existsSync(`${MAIN}/classes/${apexClass}.cls`), apexClass);
        }
        const fields = (content.fieldPermissions ?? []).map(({ field }) => field);
        for (const field of fields.filter((each) => each.endsWith("__c"))) {
            const [object, name] = field.replace(/^(Event|Task)\./, "Activity.").split(".");
            assert.ok(existsSync(`${MAIN}/objects/${object}/fields/${name}.field-meta.xml`), field);
        }
    });
}

test("every custom field can be seen by the administrator, required ones always", () => {
    const administrator = ofType("permissionset").find(({ name }) => name === "Call_Administrator");
    const seen = administrator.content.fieldPermissions.map(({ field }) => field.replace("Task.", "Activity."));
    for (const { path, name, content } of ofType("field")) {
        const object = path.split("/").at(-3);
        assert.ok(content.required || seen.includes(`${object}.${name}`), path);
    }
});

test("each of the six objects has the button, and no other", () => {
    assert.deepEqual(
        ofType("quickAction")
            .map(({ name }) => name)
            .sort(),
        ["Account", "Case", "Contact", "Lead", "Opportunity", "Task"].map((object) => `${object}.Call_Customer`)
    );
});

for (const { path, content } of ofType("quickAction")) {
    test(`${path} opens a component that can be opened`, () => {
        const name = content.lightningWebComponent;
        const component = files.find((file) => file.path === `${MAIN}/lwc/${name}/${name}.js-meta.xml`);
        assert.equal(component.content.targetConfigs.targetConfig.actionType, content.actionSubtype);
    });
}

test("every class and component has the project's API version", () => {
    const { sourceApiVersion } = JSON.parse(readFileSync("sfdx-project.json", "utf8"));
    for (const { path, content } of [...ofType("cls"), ...ofType("js")]) {
        assert.equal(content.apiVersion.toFixed(1), sourceApiVersion, path);
    }
    for (const { path } of sources(".cls", ".trigger")) {
        assert.ok(existsSync(`${path}-meta.xml`), path);
    }
});

test("no credential carries a secret", () => {
    for (const { content } of ofType("externalCredential")) {
        const values = content.externalCredentialParameters.map(({ parameterValue }) => parameterValue).filter(Boolean);
        assert.deepEqual(values, ["{!'Bearer ' & $Credential.Call_Connector.Token}"]);
    }
});
