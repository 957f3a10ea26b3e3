// Unpacks the Chromium of the tests, and the libraries that a bare machine lacks, into TMPDIR; prints where it is.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import chromium, { inflate } from "@sparticuz/chromium";

const packed = join(dirname(createRequire(import.meta.url).resolve("@sparticuz/chromium")), "..", "bin");
await inflate(join(packed, "al2023.tar.br"));
console.log(await chromium.executablePath());
