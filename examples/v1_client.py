"""Follows a class until its session ends and marks students: v1_client.py URL EMAIL PASSWORD CLASS [STUDENT…]"""
import json, random, sys, time, urllib.request, uuid
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import connect

url, email, password, class_id, *students = sys.argv[1:]
after = {}  # for each session, the last event that is known
todo = [{"type": "mark", "id": str(uuid.uuid4()), "student": who, "status": "present"} for who in students]

def post(path, body, token=""):
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    request = urllib.request.Request(url + path, json.dumps(body).encode(), headers)
    return json.load(urllib.request.urlopen(request, timeout=20))["data"]

def take(frame, send):
    known = after.get(frame.get("session"), 0)
    todo[:] = [mark for mark in todo if mark["id"] != frame.get("id")]  # "ack" or "refused"
    if frame["type"] == "ready":
        for mark in todo: "session" in mark and send(mark)  # again: one id is done once
    if frame.get("class") != class_id or frame["type"] not in ("snapshot", "events"): return
    if frame.get("from", 0) > known + 1: return send({"type": "resume", "session": frame["session"], "after": known})
    after[frame["session"]] = frame.get("seq") or max(known, frame["to"])
    news = [event for event in frame.get("events", [frame]) if event is frame or event["seq"] > known]
    for each in news: print(json.dumps(each, separators=(",", ":"), ensure_ascii=False), flush=True)
    if frame.get("endedAt") or any(each["type"] == "ended" for each in news): sys.exit()
    for mark in todo: "session" in mark or send(mark.update(session=frame["session"]) or mark)

token = post("/auth/login", {"email": email, "password": password})["token"]
while True:  # the library sends pings, and so notices a dead server
    try:
        ticket = post("/auth/ticket", {}, token)["ticket"]
        with connect(url.replace("http", "ws") + "/ws", subprotocols=["rollcall.v1"], max_size=2**24) as socket:
            send = lambda frame: socket.send(json.dumps(frame))
            send({"type": "hello", "ticket": ticket, "after": after})
            for text in socket: take(json.loads(text), send)
    except (OSError, InvalidHandshake, ConnectionClosed) as lost:
        code = getattr(getattr(lost, "rcvd", None), "code", 1006)
        if 4400 <= code < 4500 and code != 4408: sys.exit(f"closed with {code}")
    time.sleep(random.random() * 2)
