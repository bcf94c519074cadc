// Bun puts its own shim in place of the bare specifier `ws`; the path reaches npm's client itself.
declare module "*/ws/wrapper.mjs" {
  export { type RawData, WebSocket } from "ws";
}
