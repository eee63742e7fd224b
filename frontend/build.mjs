// Bundles css/*.css into static/css/ and copies the fonts; run by script/build-static, never at run time.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { bundleAsync } from "lightningcss";

const here = dirname(fileURLToPath(import.meta.url));
const target = resolve(here, "../static");
const modules = join(here, "node_modules");
const version = (name) => JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8")).version;

const NOTICE = `/*! Hubportaal, EUPL-1.2. Contains parts of @utrecht/component-library-css ${version("@utrecht/component-library-css")} (EUPL-1.2),
    Copyright (c) 2020-2024 Frameless B.V., Copyright (c) 2021-2024 Gemeente Utrecht. Built by script/build-static. */\n`;

// Classes that imitate a state for documentation pages; a browser has the real state.
const IMITATED_STATE = /^utrecht-(?!status-badge).*--(hover|focus|focus-visible|active|pressed)$/;

// A required field that nobody has touched is :invalid already; only what the server refused may look refused.
const NATIVE_VALIDITY = new Set(["invalid", "user-invalid"]);

function isUnused(selector) {
  return selector.some(
    (part) =>
      (part.type === "class" && IMITATED_STATE.test(part.name)) ||
      (part.type === "pseudo-class" && NATIVE_VALIDITY.has(part.kind)),
  );
}

async function buildStyleSheet(name) {
  const { code, warnings } = await bundleAsync({
    filename: join(here, "css", name),
    minify: true,
    targets: { chrome: 105 << 16, firefox: 110 << 16, safari: 16 << 16 },
    resolver: {
      resolve: (specifier, from) =>
        specifier.startsWith("@") ? join(modules, specifier) : resolve(dirname(from), specifier),
    },
    visitor: { Selector: (selector) => (isUnused(selector) ? [] : selector) },
  });
  for (const warning of warnings) console.warn(`${name}: ${warning.message}`);
  writeFileSync(join(target, "css", name), NOTICE + code + "\n");
  console.log(`static/css/${name}  ${code.length} bytes`);
}

const FONTS = {
  "WOFF2/VF/SourceSans3VF-Upright.ttf.woff2": "source-sans-3-upright.woff2",
  "WOFF2/VF/SourceSans3VF-Italic.ttf.woff2": "source-sans-3-italic.woff2",
  "TTF/SourceSans3-Regular.ttf": "ttf/SourceSans3-Regular.ttf",
  "TTF/SourceSans3-It.ttf": "ttf/SourceSans3-It.ttf",
  "TTF/SourceSans3-Semibold.ttf": "ttf/SourceSans3-Semibold.ttf",
  "TTF/SourceSans3-Bold.ttf": "ttf/SourceSans3-Bold.ttf",
  "LICENSE.md": "OFL.txt",
};

function copyFonts() {
  for (const [from, to] of Object.entries(FONTS)) {
    copyFileSync(join(modules, "source-sans", from), join(target, "fonts", to));
  }
  console.log(`static/fonts/  ${Object.keys(FONTS).length} files`);
}

rmSync(join(target, "fonts"), { recursive: true, force: true });
mkdirSync(join(target, "css"), { recursive: true });
mkdirSync(join(target, "fonts/ttf"), { recursive: true });
copyFonts();
await buildStyleSheet("hubportaal.css");
await buildStyleSheet("admin.css");
