// Bundles the widget into one classic script. `node build.mjs [FILE]`; without a file, into the web package.
// `node build.mjs --module` makes the module `dist/tierzero.js` instead.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { minify } from "terser";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const outfile = process.argv[2] ?? here("../bot/web/static/widget.js");
const BUDGET = 15 * 1024;

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
  rate scores reasons more why transcript emailed statuses inquire rated refresh keep
  talk begin line ended drop coming visit identified`.split(/\s+/);

const minifiedCss = {
  name: "minified-css",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const { code } = await esbuild.transform(source, { loader: "css", minify: true, target: "chrome100" });
      // Our own custom properties get short names; those that pages may set begin with --tz and keep theirs.
      const own = [...new Set(code.match(/--(?!tz-)[\w-]+(?=:)/g))];
      const contents = own.reduce(
        (css, name, place) => css.replaceAll(new RegExp(`${name}(?=[:),])`, "g"), `--${(place + 10).toString(36)}`),
        code.trim().replace(/(--[\w-]+:) /g, "$1").replace(/ \/ /g, "/"),
      );
      return { contents, loader: "text" };
    });
  },
};

/** The texts of one language file, by name. */
async function texts(language) {
  const source = await readFile(here(`src/locales/${language}.ts`), "utf8");
  const { code } = await esbuild.transform(source, { loader: "ts", format: "esm" });
  return (await import(`data:text/javascript,${encodeURIComponent(code)}`))[language];
}

/** Languages whose file is below `languages/`, by name: the address of a file ends in the digest of its content. */
const languages = {};
const names = Object.keys(await texts("en"));
for (const file of (await readdir(here("src/locales"))).sort()) {
  const language = file.replace(/\.ts$/, "");
  const told = await texts(language);
  languages[language] = JSON.stringify(names.map((name) => told[name]));
}

/** The digest of a file as the service shows it, `bot/web/assets.py`. */
const digest = (content) => createHash("sha256").update(content).digest("hex").slice(0, 12);

/**
 * `import { versions } from "locales"`: the digests by language. And texts by their places: `t.send` becomes `t[7]`, the
 * place of that text in a language's file, so that the script carries no names of texts.
 */
const localeList = {
  name: "locale-list",
  setup(build) {
    build.onResolve({ filter: /^locales$/ }, ({ path }) => ({ path, namespace: "listed" }));
    build.onLoad({ filter: /.*/, namespace: "listed" }, () => {
      const versions = Object.fromEntries(Object.entries(languages).map(([name, content]) => [name, digest(content)]));
      return { contents: `export const versions = ${JSON.stringify(versions)};`, loader: "js" };
    });
    build.onLoad({ filter: /src\/.*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const contents = source.replace(/(?<![\w.])((?:this\.)?(?:p\.)?t)\.(\w+)/g, (all, owner, name) =>
        names.includes(name) ? `${owner}[${names.indexOf(name)}]` : all);
      return { contents, loader: "ts" };
    });
  },
};

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

/** Bundles one entry into one file; what esbuild has made short, terser makes shorter by a fortieth. */
async function bundle(entry, file, format) {
  const { outputFiles } = await esbuild.build({ ...how, entryPoints: [here(entry)], format });
  const { code } = await minify(outputFiles[0].text, {
    ecma: 2020, module: format === "esm", compress: { passes: 3 }, mangle: true,
  });
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `/* tierzero, Apache-2.0; built from widget/ */\n${code}\n`);
}

// The npm module is built for who packs it, `npm run build -- --module`; the service ships the script.
if (process.argv.includes("--module")) {
  await bundle("src/module.ts", here("dist/tierzero.js"), "esm");
  process.exit();
}
await bundle("src/index.ts", outfile, "iife");

const packed = (content) => gzipSync(content, { level: 9 }).length;
const folder = join(dirname(outfile), "languages");
await mkdir(folder, { recursive: true });
for (const [language, content] of Object.entries(languages)) await writeFile(join(folder, `${language}.json`), content);

// What one customer loads: the script and one language.
const script = packed(await readFile(outfile));
const most = Math.max(...Object.values(languages).map(packed));
console.log(`${script} + ${most} = ${script + most} bytes gzipped of ${BUDGET}`);
if (script + most > BUDGET) {
  console.error("The widget is over its budget.");
  process.exit(1);
}
