// Version 4.0 under a name of its own; what we use of it has the same types since.
declare module "socket.io-client-4.0" {
  export { io } from "socket.io-client";
}
