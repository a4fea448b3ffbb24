// Bundles the widget into one classic script. `node build.mjs [FILE]`; without a file, into the web package.
// `node build.mjs --module [FILE]` makes the module instead, `dist/tierzero.js`.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { minify } from "terser";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const [named] = process.argv.slice(2).filter((one) => !one.startsWith("--"));
const asModule = process.argv.includes("--module");
const outfile = named ?? here(asModule ? "dist/tierzero.js" : "../bot/web/static/widget.js");
/** Bytes, gzipped: what every chat loads, and what is loaded beside it once it is used; decision 0026. */
const BUDGET = 15 * 1024;
const EXTRAS = 6 * 1024;

/**
 * Names of ours alone, shortened in the built file. None is a field of the service's JSON or of what is kept in the
 * browser, or a property of a browser's object or an attribute, unless it is quoted there.
 */
const OWN = `actions alive alone anew announce answered api arrived away base bubbles busy choose citation
  composer config connect customer deliver dialog dots draft emailDone emailForm emailInvalid emailLabel
  emailMessage exchange explain fading failure fit flush follow footer forgetFailure greet greeting handOff
  handedOver handlers heard held hideSource historyFailed ink input isNew isOpen judge judgement keepInside
  known launcher listener live loaded look mark marks memory newChat offline onKey openArticle orWrite
  panel personMessage phone pulse refused replied restore retryAfter root row rowOf rows saw seen
  sendButton sendContact sending settle showFailure showHistory showPerson showReply showSource showTeam
  showUnsent socket sorry stands started starters subtitle takes tell thanks timer together toggled tooLong
  tries wake wasOpen watchKeyboard watched withAgent withTeam writes writing wrote wroteAt
  rate scores reasons more why transcript emailed statuses inquire rated refresh
  talk begin line ended drop coming visit identified withExtras says given standing last until load stop`.split(/\s+/);

// Our own custom properties get short names, the same in every sheet; those that pages may set begin with --tz and keep theirs.
const own = [...new Set((await readFile(here("src/style.css"), "utf8")).match(/--(?!tz-)[\w-]+(?=:)/g))];

const minifiedCss = {
  name: "minified-css",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const { code } = await esbuild.transform(source, { loader: "css", minify: true, target: "chrome100" });
      const contents = own.reduce(
        (css, name, place) => css.replaceAll(new RegExp(`${name}(?=[:),])`, "g"), `--${(place + 10).toString(36)}`),
        code.trim().replace(/(--[\w-]+:) /g, "$1").replace(/ \/ /g, "/"),
      );
      return { contents, loader: "text" };
    });
  },
};

/** The texts of one language file, by name: those of every chat, and those of what is loaded when it is used. */
async function texts(language) {
  const source = await readFile(here(`src/locales/${language}.ts`), "utf8");
  const { code } = await esbuild.transform(source, { loader: "ts", format: "esm" });
  const told = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  return { "": told[language], "-extras": told.extras };
}

/** Files below `languages/`, by name: the address of a file ends in the digest of its content. */
const languages = {};
const names = Object.fromEntries(Object.entries(await texts("en")).map(([kind, told]) => [kind, Object.keys(told)]));
for (const file of (await readdir(here("src/locales"))).sort()) {
  const language = file.replace(/\.ts$/, "");
  for (const [kind, told] of Object.entries(await texts(language))) {
    languages[language + kind] = JSON.stringify(names[kind].map((name) => told[name]));
  }
}

/** The digest of a file as the service shows it, `bot/web/assets.py`. */
const digest = (content) => createHash("sha256").update(content).digest("hex").slice(0, 12);

/** The digest of the module that is built before the script, so that the script can ask for it. */
const built = {};

/**
 * `import { versions } from "locales"`: the digests by language, those of the module's texts for the module. And texts by their places: `t.send` becomes `t[7]`, the
 * place of that text in a language's file, so that the script carries no names of texts.
 */
const localeList = {
  name: "locale-list",
  setup(build) {
    build.onResolve({ filter: /^locales$/ }, ({ path }) => ({ path, namespace: "listed" }));
    build.onLoad({ filter: /.*/, namespace: "listed" }, () => {
      const ofModule = build.initialOptions.entryPoints[0].includes("extras");
      const mine = Object.entries(languages).filter(([name]) => name.endsWith("-extras") === ofModule);
      const versions = Object.fromEntries(mine.map(([name, content]) => [name.split("-")[0], digest(content)]));
      return { contents: `export const versions = ${JSON.stringify({ ...versions, ...built })};`, loader: "js" };
    });
    build.onLoad({ filter: /src\/.*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const known = names[path.includes("/extras/") ? "-extras" : ""];
      const contents = source.replace(/(?<![\w.])((?:this\.)?(?:p\.)?t)\.(\w+)/g, (all, owner, name) =>
        known.includes(name) ? `${owner}[${known.indexOf(name)}]` : all);
      return { contents, loader: "ts" };
    });
  },
};

// The chat and its extras name what they have in common alike, whatever versions of them meet.
const common = (await readFile(here("src/kit.ts"), "utf8")).match(/(?<=^  )\w+(?=[(:?])/gm);
const shortened = ["start", ...common].filter((name) => OWN.includes(name));
if (shortened.length) throw new Error(`Names of src/kit.ts that OWN would shorten: ${shortened.join(", ")}`);

const how = {
  absWorkingDir: here("."),
  bundle: true,
  minify: true,
  target: "es2021",
  charset: "utf8",
  mangleProps: new RegExp(`^(${OWN.join("|")})$`),
  legalComments: "none",
  write: false,
  plugins: [minifiedCss, localeList],
};

/** Bundles one entry into one file, or into none; what esbuild has made short, terser makes shorter by a fortieth. */
async function bundle(entry, file, format) {
  const { outputFiles } = await esbuild.build({ ...how, entryPoints: [here(entry)], format });
  const { code } = await minify(outputFiles[0].text, {
    ecma: 2020, module: format === "esm", compress: { passes: 3 }, mangle: true,
  });
  const content = `/* tierzero, Apache-2.0; built from widget/ */\n${code}\n`;
  if (file) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return content;
}

const folder = join(dirname(outfile), "languages");
const extras = await bundle("src/extras/index.ts", !asModule && join(dirname(outfile), "extras.js"), "esm");
built.extras = digest(extras);

// The npm module is built for who packs it, `npm run build -- --module`; the service ships the script.
if (asModule) {
  await bundle("src/module.ts", outfile, "esm");
  process.exit();
}
const script = await bundle("src/index.ts", outfile, "iife");

const packed = (content) => gzipSync(content, { level: 9 }).length;
await mkdir(folder, { recursive: true });
for (const [language, content] of Object.entries(languages)) await writeFile(join(folder, `${language}.json`), content);

/** What one customer loads: a script and one language, the largest; first of every chat, then of what is loaded when used. */
for (const [what, content, kind, most] of [["chat", script, "", BUDGET], ["extras", extras, "-extras", EXTRAS]]) {
  const told = Object.keys(languages).filter((name) => name.endsWith("-extras") === (kind !== ""));
  const [code, words] = [packed(content), Math.max(...told.map((name) => packed(languages[name])))];
  console.log(`${what}: ${code} + ${words} = ${code + words} bytes gzipped of ${most}`);
  if (code + words <= most) continue;
  console.error("The widget is over its budget.");
  process.exitCode = 1;
}
