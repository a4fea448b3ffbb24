// Bundles the widget into one classic script. `node build.mjs [FILE]`; without a file, into the web package.
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const outfile = process.argv[2] ?? here("../bot/web/static/widget.js");
const BUDGET = 15 * 1024;

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

await esbuild.build({
  entryPoints: [here("src/index.ts")],
  absWorkingDir: here("."),
  outfile,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2021",
  charset: "utf8",
  legalComments: "none",
  banner: { js: "/* tierzero chat widget, Apache-2.0; built from widget/, do not edit */" },
  plugins: [minifiedCss],
});

const size = gzipSync(await readFile(outfile), { level: 9 }).length;
console.log(`${size} bytes gzipped of ${BUDGET}`);
if (size > BUDGET) {
  console.error("The widget is over its budget.");
  process.exit(1);
}
