// Prints what html-validate finds wrong with the letter on standard input, as [rule, line, what it says].
import { readFileSync } from "node:fs";
import { FileSystemConfigLoader, HtmlValidate } from "html-validate";

const validate = new HtmlValidate(new FileSystemConfigLoader({ root: true, extends: ["html-validate:recommended"] }));
const report = await validate.validateString(readFileSync(0, "utf8"));
const found = report.results.flatMap((result) => result.messages);
process.stdout.write(JSON.stringify(found.map(({ ruleId, line, message }) => [ruleId, line, message])));
