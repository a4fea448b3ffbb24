declare module "*.css" {
  const text: string;
  export default text;
}

/** What `build.mjs` makes of the files in `locales/`: the names of the texts, and each language's, a line each. */
declare module "locales" {
  const packed: Record<string, string>;
  export default packed;
}
