// Prints the HTML that the reference compiler makes of the MJML on standard input.
import { readFileSync } from "node:fs";
import mjml2html from "mjml";

const { html, errors } = await mjml2html(readFileSync(0, "utf8"), { validationLevel: "strict", keepComments: true });
for (const error of errors) console.error(error.formattedMessage);
if (errors.length) process.exit(1);
process.stdout.write(html);
