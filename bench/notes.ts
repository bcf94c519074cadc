/** What there is to say of a measure beside its figures: why a reach was missed and what would close it. One line each. */
export const NOTES: Readonly<Record<string, readonly string[]>> = {
  fanout: [
    "“Bare Bun publish one by one” has two readings. Publish called for each mark as it comes: four marks that are on their way arrive together and share a write to each socket. One publish in a turn of the event loop: each is a write of its own, and costs three times as much. The reaches are held against the first, the harder one.",
    "Most of a delivery is its write: 3 µs alone, 0.1 µs for each further frame in it. `perRead` says how many a read found. The plain dialect's window gathers some fifteen where four are on their way; where the disk is slow (an fsync of milliseconds) fewer come in meanwhile, and a delivery costs as much as by bare publish.",
    "v1 has no window, so at four on their way it makes as many writes as bare publish, and beside them a commit and four acknowledgements a turn: some 5%. Only sharing writes between turns would close that, and cost its students a window's delay.",
    "What stands beside ours keeps nothing on disk; the global topic and the one session tell every class everything.",
  ],
  latency: [
    "The plain dialect's students hear a mark one to two windows of 2 ms after their teacher: that is the contract's, and shares writes. A mark that no other follows leaves after one.",
    "What else lies between ours and bare publish is the commit: 0.3 ms at a stretch, more on a core that has slept, of which the fsync is the most.",
    "The p95 is the fsync's own: in a calm run it was 3.3 ms over bare publish for plain and 1.7 for v1, with other work on the machine's disk what stands here. A disk with a write cache that outlives a power cut would close it; a commit that does not wait for the disk would too, and break the promise.",
  ],
  storm: [
    "By rollcall.v1 a mark counts as acknowledged by its ack. The plain dialect has none: all ten of the teacher's sockets must have seen all thousand marks.",
  ],
  marks: [
    "Of the systems beside ours none writes anything to disk. With one session or one topic for all, each of the 50 sockets hears every mark: that is their design, and its price.",
    "By v1 a third: each command's id is looked up and written into an index, a page of it for each author, and each is acknowledged. An index written at a session's end instead would close most of that.",
  ],
  idle: [
    "RSS after 10,000 sockets less RSS before, 500 having come and gone first, 2.5 s for the dust to settle; what the kernel keeps for a socket is in none of the figures.",
    "Beside Bun's own a plain socket is five small objects: what the upgrade carries, the queue, the dialect's end, the connection, its set of classes. One object for all five would save some 200 bytes, and mix runtime and dialects.",
    "Every socket here has a user of its own whose token was checked and is remembered by its hash (TOKENS_CACHED_MAX), some 500 bytes that a second socket of the same user does not cost again; before that cache it was 4.2 KB.",
  ],
  logins: [
    "One core for the server, hashing and marks both: on a machine with more, hashing has cores of its own.",
    "Each sign-in is written into the trail, durably, before its token is answered: it was 0.94 × before. One commit for the sign-ins of one moment would close most of that.",
  ],
  tokens: [
    "The route refuses students by their role, and whoever has no token before that: the difference is what the token costs, the hash by which it is found and the user read from the database at every use, so that what was revoked ends at once. What jose costs that checks each anew stands beside it.",
  ],
  restart: [
    "The data folder is copied anew for each round, in the state in which kill -9 left it.",
    "Most of a start is loading code: Socket.IO, the metrics of the process and readable logs are loaded after it. One bundled file in place of some 400 would save perhaps half of what is left.",
  ],
  cluster: [
    "The nodes share one core, the load has the other, and the three members of MongoDB and Redis, which nobody pins, take from both: on machines of their own every row but the kill gets better.",
    "The median of the bare write and of the round trip stand in the limit, not their p95: the harder reading.",
    "A conflict is a batch that another node was first with. It is decided anew on the log as it then is, and written again: conflicts are the retries.",
  ],
  signals: [
    "The limits of what one socket may send are set out of the way: a school's rooms send so much together, one page does not.",
  ],
  entering: [
    "The class is marked all the while. The server does what it does for a call on LiveKit, which is not there: no page dials it.",
  ],
  join: [
    "No process is held to a core here: three pages code and decode pictures on the same cores as both servers, which at a school have machines of their own.",
    "The first comer by LiveKit, for whom the others move over, is not among those counted.",
    "LiveKit is built as the tests build it, without optimising.",
  ],
  growth: [
    "One class: what a mark costs by itself, its commit above all, is shared by as many deliveries as there are sockets, so small classes pay more for each.",
    "Many classes: in a single one marks of one moment share a batch, a hash and writes. From ten classes on each of the ten marks on their way is of a class of its own: a batch, a row and a hash each, though one commit, and no write is shared. That is the step from 1 to 10; from there the curve is to be flat.",
    "15,000 sockets in one class: bare publish itself costs twice as much there as with 1,000, for the kernel's buffers no longer fit the processor's cache. Ours had gained by sharing writes at 1,000, where a window gathers thirteen marks; one mark to 15,000 sockets takes 25 ms, ten windows, so that only the four on their way share. Beside bare publish at the same size it is 1.6 ×. A class of that size spread over several servers would close it.",
  ],
  profile: [
    "Validating and deciding have no bare call beside them: their floor is 0, and what they cost counts against the sum. So does what lies between the steps: two promises and two closures a mark that keep the order of answers.",
    "The whole way, durable, is within 1.5 × where the disk is quiet: nearly all of it is the commit, and its floor is one INSERT with its fsync.",
  ],
};
