// What we use of a package that brings no types.
declare module "oidc-provider" {
  import type { IncomingMessage, ServerResponse } from "node:http";

  interface ResourceServerInfo {
    readonly scope: string;
    readonly audience: string;
    readonly accessTokenFormat: "jwt";
    readonly accessTokenTTL: number;
    readonly jwt: { readonly sign: { readonly alg: string } };
  }

  interface Minted {
    accountId: string;
    resourceServer: unknown;
    save(): Promise<string>;
  }

  export class Provider {
    constructor(issuer: string, configuration: object);
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
    readonly Client: { find(id: string): Promise<unknown> };
    readonly AccessToken: new (
      of: object,
    ) => Minted;
    readonly ResourceServer: new (
      id: string,
      info: ResourceServerInfo,
    ) => unknown;
  }
}
