declare module "*.css" {
  const text: string;
  export default text;
}
declare module "*.js" {
  const text: string;
  export default text;
}
/** Imported with { type: "file" }: where it lies. */
declare module "*.png" {
  const path: string;
  export default path;
}
declare module "*.svg" {
  const text: string;
  export default text;
}
