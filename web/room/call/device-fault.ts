/** Why a device, or the screen, gives nothing: each has its own words and its own way on. */
export type DeviceFault = "denied" | "missing" | "busy" | "unplugged" | "insecure" | "unknown";

/** What an error of getUserMedia or getDisplayMedia means, by its name. Source: W3C Media Capture and Streams, 10.2. */
export function deviceFault(error: unknown): DeviceFault {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      return "denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return "missing";
    case "NotReadableError":
    case "AbortError":
      return "busy";
    default:
      return "unknown";
  }
}

/**
 * The same of a screen, by getDisplayMedia. Null where the person has closed the browser's own question: they have
 * changed their mind, and know it. Chromium and Firefox tell a machine's or a policy's refusal by the message alone.
 */
export function screenFault(error: unknown): DeviceFault | null {
  const fault = deviceFault(error);
  if (fault === "missing") return "unknown";
  if (fault !== "denied") return fault;
  return error instanceof Error && /by system|policy/i.test(error.message) ? "denied" : null;
}
