// Follows a class until its session ends and marks a student: bun v1-client.ts URL EMAIL PASSWORD CLASS [STUDENT]
const [url = "", email, password, classId, student] = process.argv.slice(2);
const post = async (path: string, body: object, token = "") => {
  const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
  const answer = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
  return JSON.parse(await answer.text()).data;
};
const { token } = await post("/auth/login", { email, password });
const after: Record<string, number> = {}; // for each session, the last event that is known
const mark = { type: "mark", id: crypto.randomUUID(), session: "", student, status: "present" };
let waiting = student !== undefined; // for the answer to the mark
const again = () => setTimeout(() => follow().catch(again), Math.random() * 2000);

export async function follow() {
  const { ticket } = await post("/auth/ticket", {}, token);
  const socket = new WebSocket(`${url.replace("http", "ws")}/ws`, ["rollcall.v1"]);
  const send = (frame: object) => socket.send(JSON.stringify(frame));
  let heard = Date.now();
  const look = () => (Date.now() - heard > 40_000 ? socket.close() : send({ type: "ping" }));
  const timer = setInterval(look, 15_000);
  socket.onopen = () => send({ type: "hello", ticket, after });
  socket.onmessage = ({ data }) => {
    heard = Date.now();
    const frame = JSON.parse(data);
    const known = after[frame.session] ?? 0;
    if (frame.id === mark.id) waiting = false; // "ack" or "refused"
    if (frame.type === "ready" && waiting && mark.session) send(mark); // again: one id is done once
    if (frame.class !== classId || !["snapshot", "events"].includes(frame.type)) return;
    if (frame.from > known + 1) return send({ type: "resume", session: frame.session, after: known });
    after[frame.session] = frame.seq ?? Math.max(known, frame.to);
    const news = frame.events?.filter((event: { seq: number }) => event.seq > known) ?? [frame];
    for (const each of news) console.log(JSON.stringify(each));
    if (frame.endedAt || news.some((event: { type: string }) => event.type === "ended")) process.exit();
    if (waiting && !mark.session) send(Object.assign(mark, { session: frame.session }));
  };
  socket.addEventListener("close", () => clearInterval(timer));
  socket.onclose = ({ code }) => (code >= 4400 && code !== 4408 ? process.exit(1) : again());
}
again();
