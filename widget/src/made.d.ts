declare module "*.css" {
  const text: string;
  export default text;
}

/** What `build.mjs` makes of the files in `locales/`: the digest of each language's file. */
declare module "locales" {
  export const versions: Record<string, string>;
}
