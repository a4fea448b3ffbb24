declare module "*.css" {
  const text: string;
  export default text;
}

/** What `build.mjs` makes of the files in `locales/`: the names of the texts, and the digest of each language's file. */
declare module "locales" {
  export const names: Record<string, 0>;
  export const versions: Record<string, string>;
}
