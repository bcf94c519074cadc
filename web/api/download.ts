import { fetched } from "./request.ts";

/** Saves a file of the API under the name that the server gives it. Throws ApiError. */
export async function download(path: string): Promise<void> {
  const answer = await fetched(path);
  const [, name = "rollcall"] =
    /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "") ?? [];
  const url = URL.createObjectURL(await answer.blob());
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  // The browser has begun to save it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
