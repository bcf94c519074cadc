declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** A local user's 24 hex digits, or the `sub` of an outside issuer (1–128 printable characters). */
export type UserId = Branded<"UserId">;
/** 24 lower-case hex digits. */
export type ClassId = Branded<"ClassId">;
/** 24 lower-case hex digits. */
export type SessionId = Branded<"SessionId">;
/** The name of a session's video room: 24 lower-case hex digits. */
export type RoomId = Branded<"RoomId">;
/** A browser's session, as its owner sees it in a list: 24 lower-case hex digits. It opens nothing. */
export type BrowserId = Branded<"BrowserId">;

const HEX_24 = /^[0-9a-f]{24}$/;
const PRINTABLE_128 = /^[^\p{C}\p{Zl}\p{Zp}]{1,128}$/u;

// The first is a part of the second, and a fifth of its cost.
export const isUserId = (text: string): text is UserId => HEX_24.test(text) || PRINTABLE_128.test(text);
/** Whether it is the id of an account of our own, and not an issuer's subject. */
export const isLocalId = (text: string): boolean => HEX_24.test(text);
export const isClassId = (text: string): text is ClassId => HEX_24.test(text);
export const isSessionId = (text: string): text is SessionId => HEX_24.test(text);
export const isBrowserId = (text: string): text is BrowserId => HEX_24.test(text);
export const isRoomId = (text: string): text is RoomId => HEX_24.test(text);
