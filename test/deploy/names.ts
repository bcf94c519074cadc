const HEADER_BYTES = 12;
const A_IN = [0x00, 0x01, 0x00, 0x01];
const ANSWER = [0x84, 0x00];
/** Names the question's name again. */
const SAME_NAME = [0xc0, HEADER_BYTES];

/** A name server that answers every question with these addresses, in turning order; for tests. */
export async function startNames(addresses: readonly string[]): Promise<{ port: number; stop: () => void }> {
  let turn = 0;
  const socket = await Bun.udpSocket({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      data(own, question, port, address) {
        turn++;
        const turned = addresses.map((_, index) => addresses[(index + turn) % addresses.length] ?? "");
        own.send(answerTo(question, turned), port, address);
      },
    },
  });
  return { port: socket.port, stop: () => socket.close() };
}

/** RFC 1035, 4: the question as it came, and an A record for each address that lives for a second. */
function answerTo(question: Buffer, addresses: readonly string[]): Uint8Array {
  const id = question.subarray(0, 2);
  const end = question.indexOf(0, HEADER_BYTES) + 1 + A_IN.length;
  const counts = [0, 1, 0, addresses.length, 0, 0, 0, 0];
  const records = addresses.flatMap((address) => {
    const bytes = address.split(".").map(Number);
    return [...SAME_NAME, ...A_IN, 0, 0, 0, 1, 0, bytes.length, ...bytes];
  });
  return Uint8Array.from([...id, ...ANSWER, ...counts, ...question.subarray(HEADER_BYTES, end), ...records]);
}
