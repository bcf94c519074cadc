import type { Page } from "playwright-core";

/**
 * Runs before a page's own scripts: Chromium's fake devices can be pulled out and put back, be busy, and its question
 * for a screen be answered otherwise. What it takes away it takes as a browser does: by the list, the track's end and
 * the word that the list has changed.
 */
export const UNRULY = `{
  const own = navigator.mediaDevices;
  globalThis.opened = [];
  globalThis.gone = new Set();
  globalThis.busy = new Set();
  const list = own.enumerateDevices.bind(own);
  own.enumerateDevices = async () => (await list()).filter(({ deviceId }) => !gone.has(deviceId));
  const one = async (wanted, kind) => {
    if (!wanted) return wanted;
    const all = (await own.enumerateDevices()).filter((device) => device.kind === kind);
    if (all.length === 0) throw new DOMException("", "NotFoundError");
    const ideal = wanted.deviceId?.ideal;
    const id = all.some(({ deviceId }) => deviceId === ideal) ? ideal : all[0].deviceId;
    if (busy.has(id)) throw new DOMException("", "NotReadableError");
    return id ? { ...wanted, deviceId: { exact: id } } : wanted;
  };
  globalThis.devices = async ({ audio, video }, ask) => {
    const stream = await ask({ audio: await one(audio, "audioinput"), video: await one(video, "videoinput") });
    opened.push(...stream.getTracks());
    return stream;
  };
  const end = (track) => {
    track.stop();
    track.dispatchEvent(new Event("ended"));
  };
  globalThis.unplug = (id) => {
    gone.add(id);
    for (const track of opened) if (track.readyState === "live" && track.getSettings().deviceId === id) end(track);
    own.dispatchEvent(new Event("devicechange"));
  };
  globalThis.plug = (id) => {
    gone.delete(id);
    own.dispatchEvent(new Event("devicechange"));
  };
  globalThis.idOf = async (label) => (await list()).find((device) => device.label === label)?.deviceId;
  const display = own.getDisplayMedia.bind(own);
  globalThis.shared = [];
  own.getDisplayMedia = async (wanted) => {
    if (globalThis.refusal) throw new DOMException(refusal.message, refusal.name);
    const stream = await display(wanted);
    shared.push(...stream.getTracks());
    return stream;
  };
  globalThis.stopSharing = () => end(shared.at(-1));
}`;

/** Does it to the device of this label: `unplug`, `plug` or `busy.add`. */
export const doTo = (page: Page, what: string, label: string) =>
  page.evaluate(`idOf(${JSON.stringify(label)}).then((id) => void ${what}(id))`);
