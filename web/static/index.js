const $ = (selector, within = document) => within.querySelector(selector);
const fill = (id) => $(`#${id}-template`).content.firstElementChild.cloneNode(true);

/** Whoever has no token. */
const NOBODY = { id: "", name: "Nobody", role: "no token", token: "" };
const KEPT = "rollcall-people";
const KNOWN = "rollcall-ids";
const ANSWERS_MAX = 50;
const FRAMES_MAX = 200;

/** Everybody who logged in here; kept for this tab alone. */
const people = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
let sender = people.at(-1) ?? NOBODY;
/** What answers told of: ids with their names; kept as well. */
const known = { class: new Map(), student: new Map(), user: new Map() };
const NONE = { class: "(the latest session)", student: "(nobody)", user: "(nobody)" };
const panels = new Map();

// — Requests

/** Sends a request as a person, shows it with its answer, and gives the answer. */
async function request(method, path, body, person) {
  const headers = {};
  if (person.token) headers.Authorization = person.token;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const began = performance.now();
  const shown = { method, path, body, person };
  try {
    const response = await fetch(path, { method, headers, body, cache: "no-store" });
    const text = await response.text();
    showAnswer({ ...shown, status: response.status, text, ms: performance.now() - began });
    return learn(parsed(text));
  } catch (error) {
    const text = `No answer: ${error.message}. Is the server running?`;
    showAnswer({ ...shown, status: 0, text, ms: performance.now() - began });
    return null;
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function showAnswer({ method, path, body, person, status, text, ms }) {
  const item = fill("answer");
  const good = status >= 200 && status < 300;
  const verdict = status === 0 ? "✕ no answer" : `${good ? "✓" : "✕"} ${status}`;
  const about = `as ${person.name}, ${timeNow()}, ${Math.round(ms)} ms`;
  $("[data-status]", item).textContent = verdict;
  $("[data-status]", item).className = good ? "good" : "bad";
  $("[data-request]", item).textContent = `${method} ${path}`;
  $("[data-about]", item).textContent = about;
  const sent = $("[data-sent]", item);
  sent.textContent = body === undefined ? "" : withoutPassword(body);
  const value = parsed(text);
  $("[data-answer]", item).textContent = value === null ? text : JSON.stringify(value, null, 2);
  $("#answers").prepend(item);
  while ($("#answers").childElementCount > ANSWERS_MAX) $("#answers").lastElementChild.remove();
  $("#latest").textContent = `${verdict} ${method} ${path} ${about}${value?.error ? `: ${value.error}` : ""}`;
  $("#latest").className = good ? "good" : "bad";
}

const withoutPassword = (body) => body.replace(/("password":")(?:[^"\\]|\\.)*/, "$1…");
const timeNow = () => new Date().toTimeString().slice(0, 8);

/** Fields whose names are in the path go there, the others into the body. */
function requestOf(form) {
  const { method, path } = form.dataset;
  const body = {};
  let target = path;
  for (const { name, value, dataset } of form.elements) {
    if (!name || (value === "" && "optional" in dataset)) continue;
    if (path.includes(`:${name}`)) target = target.replace(`:${name}`, encodeURIComponent(value.trim()));
    else body[name] = value;
  }
  if (method !== "GET") return { method, path: target, body: JSON.stringify(body) };
  const query = new URLSearchParams(body).toString();
  return { method, path: query ? `${target}?${query}` : target, body: undefined };
}

async function submit(form) {
  if ("free" in form.dataset) {
    const { method, path, body } = Object.fromEntries(new FormData(form));
    return request(method, path, method === "GET" || body === "" ? undefined : body, sender);
  }
  const { method, path, body } = requestOf(form);
  const answer = await request(method, path, body, form.dataset.as === "nobody" ? NOBODY : sender);
  if (!answer?.success) return answer;
  if (path === "/auth/login") await welcome(answer.data.token);
  if (path === "/auth/signup") await logIn(JSON.parse(body));
  return answer;
}

async function logIn({ email, password }) {
  const answer = await request("POST", "/auth/login", JSON.stringify({ email, password }), NOBODY);
  return answer?.success ? welcome(answer.data.token) : null;
}

/** Asks who a new token is, and goes on as that person. */
async function welcome(token) {
  const me = await request("GET", "/auth/me", undefined, { ...NOBODY, name: "a new token", token });
  if (!me?.success) return null;
  const { _id: id, name, email, role } = me.data;
  const person = { id, name, email, role, token };
  const at = people.findIndex((other) => other.id === id);
  if (at < 0) people.push(person);
  else Object.assign(people[at], person);
  goOnAs(people.find((other) => other.id === id));
  return person;
}

// — People

function goOnAs(person) {
  sender = person;
  sessionStorage.setItem(KEPT, JSON.stringify(people));
  showPeople();
  showPanels();
}

function showPeople() {
  const items = [...people, NOBODY].map((person) => {
    const item = fill("person");
    const radio = $("input", item);
    radio.checked = person === sender;
    radio.addEventListener("change", () => {
      sender = person;
    });
    $("[data-name]", item).textContent = person.name;
    $("[data-about]", item).textContent = [person.role, person.email].filter(Boolean).join(", ");
    const forget = $("[data-forget]", item);
    forget.hidden = person === NOBODY;
    forget.setAttribute("aria-label", `Forget ${person.name}`);
    forget.addEventListener("click", () => {
      people.splice(people.indexOf(person), 1);
      goOnAs(sender === person ? (people.at(-1) ?? NOBODY) : sender);
      $("#people input:checked").focus();
    });
    return item;
  });
  $("#people").replaceChildren(...items);
}

/** A teacher, two students and a class with both, each by the same requests as by hand. */
async function makeExample() {
  const tag = Math.random().toString(36).slice(2, 7);
  const join = async (name, role) => {
    const email = `${name.split(" ")[0].toLowerCase()}.${tag}@school.test`;
    const body = { name, email, password: "secret1", role };
    const answer = await request("POST", "/auth/signup", JSON.stringify(body), NOBODY);
    return answer?.success ? logIn(body) : null;
  };
  const students = [await join("Ben Maier", "student"), await join("Chi Okafor", "student")];
  const teacher = await join("Ada Byron", "teacher");
  if (!teacher || students.includes(null)) return;
  const made = await request("POST", "/class", JSON.stringify({ className: `Physics ${tag}` }), teacher);
  if (!made?.success) return;
  for (const { id } of students) {
    const body = JSON.stringify({ studentId: id });
    await request("POST", `/class/${made.data._id}/add-student`, body, teacher);
  }
  // So that the first click on a mark has somebody to mark.
  for (const list of document.querySelectorAll('[data-list="student"]')) list.value = students[0].id;
}

// — Ids from answers

/** Remembers every class and person that an answer speaks of, and offers their ids. Gives the answer. */
function learn(answer) {
  const rows = [answer?.data].flat().flatMap((row) => [row, ...(row?.students ?? [])]);
  for (const row of rows) {
    if (typeof row?._id !== "string") continue;
    if (row.className) meet("class", row._id, row.className);
    if (!row.email) continue;
    meet("user", row._id, row.name);
    if ((row.role ?? "student") === "student") meet("student", row._id, row.name);
  }
  return answer;
}

function meet(kind, id, name) {
  if (known[kind].has(id)) return;
  known[kind].set(id, name);
  $(`#known-${kind}`)?.append(new Option(name, id));
  for (const select of document.querySelectorAll(`[data-list=${kind}]`)) select.append(new Option(name, id));
  for (const input of document.querySelectorAll(`[data-fill=${kind}]`)) offer(input, id);
  sessionStorage.setItem(KNOWN, JSON.stringify(Object.entries(known).map(([of, names]) => [of, [...names]])));
}

/** Puts an id into a field, unless somebody typed there. */
function offer(input, id) {
  if (input.value === "" || input.value === input.dataset.offered) input.value = id;
  input.dataset.offered = id;
}

// — Sockets

function showPanels() {
  const wanted = [...people, NOBODY];
  for (const [person, panel] of panels) {
    if (wanted.includes(person)) continue;
    panel.socket?.close();
    panel.element.remove();
    panels.delete(person);
  }
  for (const person of wanted) if (!panels.has(person)) panels.set(person, newPanel(person));
  $("#sockets").append(panels.get(NOBODY).element);
}

function newPanel(person) {
  const element = fill("socket");
  const panel = { person, element, socket: null, frames: $(".frames", element) };
  $("h3", element).textContent = `${person.name}, ${person.role}`;
  element.setAttribute("aria-label", `Socket of ${person.name}`);
  panel.frames.setAttribute("aria-label", `Frames of ${person.name}, newest first`);
  panel.frames.tabIndex = 0;
  for (const select of element.querySelectorAll("[data-list]")) {
    const { list } = select.dataset;
    select.append(new Option(NONE[list], ""), ...[...known[list]].map(([id, name]) => new Option(name, id)));
  }
  $("[data-connect]", element).addEventListener("click", () => connect(panel));
  $("[data-disconnect]", element).addEventListener("click", () => panel.socket?.close(1000));
  for (const button of element.querySelectorAll("[data-event]")) {
    button.addEventListener("click", () => send(panel, JSON.stringify(frameOf(panel, button.dataset))));
  }
  $("form", element).addEventListener("submit", (event) => {
    event.preventDefault();
    send(panel, $("textarea", element).value);
  });
  $("#sockets").append(element);
  return panel;
}

function connect(panel) {
  panel.socket?.close();
  const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/ws?token=${panel.person.token}`);
  panel.socket = socket;
  const show = (state) => {
    if (panel.socket !== socket) return;
    const open = state === "connected";
    $("[data-state]", panel.element).textContent = state;
    $("[data-state]", panel.element).classList.toggle("open", open);
    $("[data-connect]", panel.element).textContent = open ? "Reconnect" : "Connect";
    $("[data-disconnect]", panel.element).disabled = !open;
  };
  show("connecting…");
  socket.addEventListener("open", () => {
    show("connected");
    logFrame(panel, "·", "connected");
  });
  socket.addEventListener("message", ({ data }) => logFrame(panel, "←", data));
  socket.addEventListener("close", ({ code, reason }) => {
    show("not connected");
    logFrame(panel, "·", `closed with ${code}${reason ? ` ${reason}` : ""}`);
  });
}

function send(panel, frame) {
  if (panel.socket?.readyState !== WebSocket.OPEN) return logFrame(panel, "·", "not sent: connect first");
  panel.socket.send(frame);
  logFrame(panel, "→", frame);
}

/** The frame of a button, with what the panel's fields hold. */
function frameOf({ element }, { event, status }) {
  const value = (name) => $(`[name=${name}]`, element).value || undefined;
  const data = { classId: value("classId") };
  if (event === "ATTENDANCE_MARKED") Object.assign(data, { studentId: value("studentId"), status });
  if (event === "JOIN_ROOM") data.classId ??= [...known.class.keys()].at(-1);
  if (event.startsWith("WEBRTC_")) Object.assign(data, { targetId: value("targetId"), sdp: "by hand" });
  return Object.values(data).some((part) => part !== undefined) ? { event, data } : { event };
}

function logFrame({ frames }, direction, text) {
  const words = { "→": "sent", "←": "received", "·": "" };
  const time = Object.assign(document.createElement("time"), {
    textContent: `${timeNow()}.${String(Date.now() % 1000).padStart(3, "0")}`,
  });
  const way = Object.assign(document.createElement("span"), {
    textContent: `${direction} ${words[direction]}`,
  });
  const code = Object.assign(document.createElement("code"), { textContent: text });
  const item = document.createElement("p");
  if (direction === "←" && parsed(text)?.event === "ERROR") item.className = "bad";
  item.append(time, " ", way, " ", code);
  frames.prepend(item);
  while (frames.childElementCount > FRAMES_MAX) frames.lastElementChild.remove();
}

// — Begin

for (const form of document.querySelectorAll("main form[data-path], main form[data-free]")) {
  form.noValidate = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit(form);
  });
}
$("#example").addEventListener("click", async ({ currentTarget: button }) => {
  button.disabled = true;
  await makeExample();
  button.disabled = false;
  button.focus();
});
for (const [kind, names] of JSON.parse(sessionStorage.getItem(KNOWN) ?? "[]")) {
  for (const [id, name] of names) meet(kind, id, name);
}
// What scrolls must be reached by the keyboard.
$("#answers").tabIndex = 0;
goOnAs(sender);
