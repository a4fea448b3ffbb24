// Bundles the widget into one classic script. `node build.mjs [FILE]`; without a file, into the web package.
import { readFile, readdir } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

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
  tries wake wasOpen watchKeyboard watched withAgent withTeam writes writing wrote wroteAt`.split(/\s+/);

const minifiedCss = {
  name: "minified-css",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const { code } = await esbuild.transform(source, { loader: "css", minify: true, target: "chrome100" });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

/** The texts of one language file, by name. */
async function texts(language) {
  const source = await readFile(here(`src/locales/${language}.ts`), "utf8");
  const { code } = await esbuild.transform(source, { loader: "ts", format: "esm" });
  return (await import(`data:text/javascript,${encodeURIComponent(code)}`))[language];
}

/** `import { names, texts } from "locales"`: the names once; then each language's texts in that order, a line each. */
const packedLocales = {
  name: "packed-locales",
  setup(build) {
    build.onResolve({ filter: /^locales$/ }, ({ path }) => ({ path, namespace: "packed" }));
    build.onLoad({ filter: /.*/, namespace: "packed" }, async () => {
      const languages = (await readdir(here("src/locales"))).map((name) => name.replace(/\.ts$/, "")).sort();
      const names = Object.keys(await texts("en"));
      const packed = {};
      for (const language of languages) {
        const told = await texts(language);
        packed[language] = names.map((name) => told[name]).join("\n");
      }
      // As code and not as JSON, so that the names are shortened as they are where they are used.
      const contents = `export const names = {${names.map((name) => `${name}: 0`)}}, texts = ${JSON.stringify(packed)};`;
      return { contents, loader: "js" };
    });
  },
};

await esbuild.build({
  entryPoints: [here("src/index.ts")],
  absWorkingDir: here("."),
  outfile,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2021",
  charset: "utf8",
  mangleProps: new RegExp(`^(${OWN.join("|")})$`),
  legalComments: "none",
  banner: { js: "/* tierzero chat widget, Apache-2.0; built from widget/, do not edit */" },
  plugins: [minifiedCss, packedLocales],
});

const size = gzipSync(await readFile(outfile), { level: 9 }).length;
console.log(`${size} bytes gzipped of ${BUDGET}`);
if (size > BUDGET) {
  console.error("The widget is over its budget.");
  process.exit(1);
}
