import { readdirSync } from "node:fs";
import { basename, join } from "node:path";

const ROOTS = ["force-app", "nudge"];

/** Returns path, name without its ending, and ending of each source file that ends so. */
export function sources(...endings) {
    return ROOTS.flatMap((root) => readdirSync(root, { recursive: true }).map((path) => join(root, path)))
        .map((path) => path.replaceAll("\\", "/"))
        .map((path) => ({ path, kind: endings.find((ending) => path.endsWith(ending)) }))
        .filter(({ kind }) => kind)
        .map(({ path, kind }) => ({ path, kind, name: basename(path, kind) }));
}
