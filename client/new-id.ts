/** A new random name. randomUUID is there in secure contexts alone, and a school's server may be reached by plain HTTP. */
export const newId = (): string => crypto.randomUUID?.() ?? hex(crypto.getRandomValues(new Uint8Array(16)));

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
